/**
 * What a scraped record is called. The ids within a scrape are new in each run, so identity comes from facts that stay:
 * of a bill its place, session and number, of a body its place, name, class and parent, and so on.
 */
import { createHash, hash } from 'node:crypto';
import type { Identifier } from '../../engine/rows.ts';

/** Scheme of the names made of facts. */
export const SCHEME = 'ocd-scrape';

/** The longest name that an identifier can be, in characters. */
const LONGEST = 500;
/** Hexadecimal digits that stand for the end of a longer one. */
const DIGEST = 64;

/** Makes names of facts; `place` is the id of the jurisdiction whose they are, empty for what belongs to none. */
export function named(place: string, what: string, ...facts: readonly string[]): Identifier {
  return identifierOf([place, what, ...facts].map(escaped).join('|'));
}

/** The same of a part, whose name begins with that of what it is a part of. */
export function partOf(owner: Identifier, what: string, ...facts: readonly string[]): Identifier {
  return identifierOf([owner.identifier, ...[what, ...facts].map(escaped)].join('|'));
}

function identifierOf(whole: string): Identifier {
  if (whole.length <= LONGEST) return { scheme: SCHEME, identifier: whole };
  const digest = createHash('sha256').update(whole).digest('hex');
  // Cut between code points, as half of one cannot be kept.
  const start = whole
    .slice(0, LONGEST - DIGEST - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  return { scheme: SCHEME, identifier: `${start}#${digest}` };
}

/** A fact as it stands in a name: spaces are one, and the mark between facts is told from one within. */
function escaped(fact: string): string {
  return fact.trim().replace(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('|', '\\|');
}

/** A bill's number without what scrapers write in several ways: `H.B. 0012`, `HB12` and `hb 12` are one. */
export function billNumber(printed: string): string {
  return printed
    .toUpperCase()
    .replace(/[.\s]+/g, '')
    .replace(/^(\p{L}+)0+(?=\d)/u, '$1');
}

/** The scheme of somebody's own identifiers: theirs, and the place where they hold (`legistar-us-il-chicago`). */
export function schemeIn(place: string, scheme: string): string {
  const parts = place.split('/').slice(1, -1);
  const where = parts.map((part) => part.slice(part.indexOf(':') + 1));
  return plain([scheme || 'id', ...where].join('-')).slice(0, 100);
}

/** A text as the name of a scheme has it: lower case, other characters as dashes. */
export function plain(text: string): string {
  const folded = text
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return /^[a-z]/.test(folded) ? folded : `x-${folded}`;
}

/** Schemes whose identifiers mean the same everywhere. */
const EVERYWHERE = new Set([
  'wikidata',
  'bioguide',
  'openstates',
  'legacy_openstates',
  'votesmart',
  'viaf',
  'isni',
]);

/** Somebody's identifiers in other systems, as they are kept here. */
export function ownIdentifiers(
  place: string,
  given: readonly { readonly identifier: string; readonly scheme?: string | null }[] | null | undefined,
): Identifier[] {
  return (given ?? []).map(({ identifier, scheme }) => {
    const system = (scheme ?? '').trim().toLowerCase();
    return { scheme: EVERYWHERE.has(system) ? system : schemeIn(place, system), identifier };
  });
}

/** The same once each, as no record may have one twice. */
export function distinct(identifiers: readonly Identifier[]): Identifier[] {
  const met = new Set<string>();
  return identifiers.filter(({ scheme, identifier }) => {
    const name = `${scheme}:${identifier}`;
    return met.has(name) ? false : met.add(name);
  });
}

/** The reference to a record that has an id of Open Civic Data (`ocd-person/…`), which stays. */
export function ocdReference(id: string | null | undefined): Identifier | undefined {
  const scheme = id?.split('/', 1)[0];
  return scheme && /^ocd-[a-z]+$/.test(scheme) ? { scheme, identifier: id as string } : undefined;
}

/** Tells how often something was met before: what cannot be told from its neighbours is told by its number among them. */
export function counting(): (name: string) => string {
  const met = new Map<string, number>();
  return (name) => {
    const count = (met.get(name) ?? 0) + 1;
    met.set(name, count);
    return count === 1 ? '' : String(count);
  };
}

/** Numbers that the table begins with room for; it doubles when half of it is full. */
const ROOM = 1024;

/**
 * Holds names that were met, as 64 bits of their hash each: an input can have millions. Of ten million names two have
 * the same bits once in 300,000 inputs.
 */
export class Met {
  #slots = new BigUint64Array(ROOM);
  #count = 0;

  /** Whether it is met for the first time. */
  add({ scheme, identifier }: Identifier): boolean {
    const digest = hash('sha1', `${scheme}:${identifier}`, 'buffer');
    // Zero stands for an empty slot.
    const bits = digest.readBigUInt64LE() || 1n;
    if (!place(this.#slots, bits)) return false;
    this.#count += 1;
    if (this.#count * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2);
    for (const bits of this.#slots) if (bits !== 0n) place(larger, bits);
    this.#slots = larger;
  }
}

/** Puts a number into the first free slot from where it belongs; false where it is there already. */
function place(slots: BigUint64Array, bits: bigint): boolean {
  let at = Number(BigInt.asUintN(32, bits)) % slots.length;
  for (; slots[at] !== 0n; at = (at + 1) % slots.length) if (slots[at] === bits) return false;
  slots[at] = bits;
  return true;
}
