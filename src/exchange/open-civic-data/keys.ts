/**
 * What a scraped record is called. The ids within a scrape are new in each run, so identity comes from facts that stay:
 * of a bill its place, session and number, of a body its place, name, class and parent, and so on.
 */
import { createHash } from 'node:crypto';
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

/** Holds names that were met, as 16 characters each: a scrape can have hundreds of thousands. */
export class Met {
  readonly #names = new Set<string>();

  /** Whether it is met for the first time. */
  add({ identifier }: Identifier): boolean {
    const name = createHash('sha256').update(identifier).digest('base64url').slice(0, 16);
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    return true;
  }
}
