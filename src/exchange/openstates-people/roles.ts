/** Offices over time as memberships. */
import type { Content } from '../../engine/content.ts';
import { bodyKindOf, bodyName, placeOf, titleOf } from './bodies.ts';
import { PERSON_SCHEME } from './names.ts';
import type { Person, Role } from './shapes.ts';

/** Scheme of memberships that are known by whose they are, what they are and when they began. */
const ROLE_SCHEME = 'openstates-role';

/** The memberships of a person; `retired` says that the file stands among those of former officials. */
export function membershipsOf(person: Person, retired: boolean): Content[] {
  const counts = new Map<string, number>();
  return (person.roles ?? []).map((role) => {
    const { type, jurisdiction, district, start_date, end_date, end_reason } = role;
    const kind = bodyKindOf(type);
    const key = [person.id, type, jurisdiction, district ?? '', start_date ?? ''].join('|');
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return {
      official_id: { scheme: PERSON_SCHEME, identifier: person.id },
      organization_id: bodyName(jurisdiction, kind),
      // An office of a government is its place’s as well: who is mayor is asked of a city.
      ...(kind === 'executive' ? { jurisdiction_id: placeOf(jurisdiction) } : {}),
      role: titleOf(type, jurisdiction),
      role_raw: type,
      // What a newer copy says no more is emptied.
      seat: district || null,
      party: partyOf(person, role) ?? null,
      start_date: start_date || null,
      end_date: end_date || null,
      // Whether an office is held today follows from its dates; without an end, from where the file stands.
      standing: retired && !end_date ? 'former' : null,
      end_reason: end_reason ? endReasonOf(end_reason) : null,
      identifiers: [{ scheme: ROLE_SCHEME, identifier: count === 1 ? key : `${key}|${count}` }],
    };
  });
}

/** The party of the time in which a role began; of several the latest. */
function partyOf({ party }: Person, { start_date, end_date }: Role): string | undefined {
  const held = (party ?? []).filter(
    (one) =>
      (!one.start_date || !end_date || one.start_date <= `${end_date}~`) &&
      (!one.end_date || !start_date || start_date <= `${one.end_date}~`),
  );
  const among = held.length > 0 ? held : (party ?? []);
  return among.toSorted((a, b) => ((a.start_date ?? '') < (b.start_date ?? '') ? -1 : 1)).at(-1)?.name;
}

/** Words of a reason, and what they come to; the first that fits counts. */
const REASONS: readonly (readonly [words: RegExp, reason: string])[] = [
  [/\b(died|death|deceased)\b/i, 'died'],
  [/\brecall/i, 'recalled'],
  [/\b(expelled|removed|impeached|convicted)\b/i, 'removed'],
  [/\b(appointed|elected to|nominated|taking job|took job|to become|sworn in)\b/i, 'appointed_elsewhere'],
  [/\bresign/i, 'resigned'],
  [/\bterm\b/i, 'term_end'],
];

/** Why an office ended, by the words for it. */
export function endReasonOf(words: string): string {
  return REASONS.find(([form]) => form.test(words))?.[1] ?? 'other';
}
