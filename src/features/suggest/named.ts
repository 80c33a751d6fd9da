/** Whom and what a text names, as suggestions: evidence for a known record, or a body for a new one. */
import { fromSource, newOfficial, newOrganization, type Origin, type Ready, roleOf } from './bodies.ts';
import type { Extract } from './extract.ts';
import type { Mention } from './mentioned.ts';
import type { Match } from './names.ts';
import { type Anchor, anchorOf } from './passage.ts';

export interface SuggestedName extends Ready {
  readonly kind: 'citation' | 'official' | 'organization';
  readonly confidence: number;
  readonly why: string;
  readonly as_printed: string;
  /** What the text says the person is, beside the name. */
  readonly role: string | null;
  readonly selector: Anchor;
  readonly selectors: readonly Anchor[];
  readonly matches: readonly Match[];
}

/** Most places of one name that are listed. */
const PLACES = 100;

interface Group {
  readonly first: Mention;
  readonly all: Mention[];
}

/** The people and bodies of a text, each form of a name once; family names alone are listed with the whole name. */
export function namesOf(found: Extract, sort: 'person' | 'body', origin: Origin): SuggestedName[] {
  const speaking = new Set(found.utterances.flatMap(({ speaker }) => speaker?.mention?.printed ?? []));
  const groups = new Map<string, Group>();
  for (const mention of found.mentions) {
    const speaks = mention.sort === 'open' && sort === 'person' && speaking.has(mention.printed);
    if (mention.sort !== sort && !speaks) continue;
    const key = (mention.full ?? mention).printed;
    const group = groups.get(key);
    if (group) group.all.push(mention);
    else groups.set(key, { first: mention.full ?? mention, all: [mention] });
  }
  return [...groups.values()].map((group) => suggested(found, sort, group, origin));
}

/** How sure a name is one’s, by what told so. */
const CERTAIN = { known: 0.95, told: 0.8, form: 0.6 } as const;

function suggested(
  found: Extract,
  sort: 'person' | 'body',
  { first, all }: Group,
  origin: Origin,
): SuggestedName {
  const { passage } = found.scene;
  const anchors = all.slice(0, PLACES).map(({ start, end }) => anchorOf(passage, start, end));
  const anchor = anchorOf(passage, first.start, first.end);
  const { sure, matches, printed, why, run } = first;
  const roles = [first, ...all].map((one) => roleOf(one.run.title, one.run.role));
  const role = roles.find((one) => one !== null) ?? null;
  const shared = { as_printed: printed, role, selector: anchor, selectors: anchors, matches, why };
  if (sure && sure.kind !== 'jurisdiction') {
    const confidence = Math.round(CERTAIN.known * sure.score * 100) / 100;
    return { ...shared, kind: 'citation', confidence, ...evidenceFor(sure, printed, anchor, origin) };
  }
  const confidence = run.title || run.role ? CERTAIN.told : CERTAIN.form;
  if (sort === 'person') return { ...shared, kind: 'official', confidence, ...newOfficial(printed) };
  return { ...shared, kind: 'organization', confidence, ...newOrganization(printed) };
}

/** A citation that the source names a known record: its name as printed, or, of a part of the name, only that it is meant. */
function evidenceFor(match: Match, printed: string, selector: Anchor, origin: Origin): Ready {
  const { kind, id, name, score, why } = match;
  const whole = printed.includes(' ');
  const value = whole ? { field: '/name', value: printed } : { field: '' };
  const differs = whole && score < 1;
  const rank = differs
    ? { rank: 'deprecated', note: `Printed “${printed}”; taken for ${name}: ${why}.`.slice(0, 5000) }
    : {};
  return fromSource(origin, 'citations', { record_type: kind, record_id: id, ...value, selector, ...rank });
}
