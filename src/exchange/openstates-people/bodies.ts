/** The bodies that offices are held in: chambers, legislatures and governments, of which the files have only kinds. */

import type { Content } from '../../engine/content.ts';
import type { Identifier } from '../../engine/rows.ts';
import { nameFrom } from '../ocd-divisions/map.ts';
import { chambersOf } from './chambers.ts';

/** Scheme of bodies that are known by a jurisdiction and a kind of body. */
const BODY_SCHEME = 'openstates-body';

/** Kinds of body; whoever is no legislator is part of the government. */
const CHAMBERS = ['upper', 'lower', 'legislature'] as const;
export type BodyKind = (typeof CHAMBERS)[number] | 'executive';

/** The kind of body that a role is held in. */
export function bodyKindOf(role: string): BodyKind {
  return CHAMBERS.find((one) => one === role) ?? 'executive';
}

/** What a body is called: the reference to it. */
export function bodyName(jurisdiction: string, kind: BodyKind): Identifier {
  return { scheme: BODY_SCHEME, identifier: `${jurisdiction}#${kind}` };
}

/** The division that a jurisdiction governs: `ocd-jurisdiction/…/government` without its last segment. */
export function divisionOf(jurisdiction: string): string {
  return jurisdiction.slice(0, jurisdiction.lastIndexOf('/')).replace('ocd-jurisdiction', 'ocd-division');
}

/** The reference to the place that a jurisdiction governs, which an import of divisions brings. */
export function placeOf(jurisdiction: string): Identifier {
  return { scheme: 'ocd-division', identifier: divisionOf(jurisdiction) };
}

/** The body itself; `listed` is the place's name where a list of municipalities has one. */
export function bodyOf(jurisdiction: string, kind: BodyKind, listed: string | undefined): Content {
  const division = divisionOf(jurisdiction);
  const chambers = chambersOf(division);
  const place = listed ?? chambers?.place ?? nameFrom(division);
  const name = kind === 'executive' ? `Government of ${place}` : (chambers?.[kind] ?? `${kind} of ${place}`);
  return {
    name,
    classification: kind,
    jurisdiction_id: placeOf(jurisdiction),
    ...(kind === 'upper' || kind === 'lower' ? { parent_id: bodyName(jurisdiction, 'legislature') } : {}),
    identifiers: [bodyName(jurisdiction, kind)],
  };
}

/** Titles of those who are members of a chamber called so. */
const TITLES: readonly (readonly [chamber: RegExp, title: string])[] = [
  [/Assembly$/, 'Assembly member'],
  [/House of Delegates$/, 'Delegate'],
  [/House of Representatives$/, 'Representative'],
];

/** What somebody is who has a role there: Senator, Assembly member, Lieutenant governor. */
export function titleOf(role: string, jurisdiction: string): string {
  if (role === 'upper') return 'Senator';
  if (role === 'legislature') return 'Member';
  if (role === 'lower') {
    const chamber = chambersOf(divisionOf(jurisdiction))?.lower ?? '';
    return TITLES.find(([called]) => called.test(chamber))?.[1] ?? 'Member';
  }
  const words = role === 'lt_governor' ? 'lieutenant governor' : role.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
