/** What the mappings of a scrape share: whose it is, who is in it, and the records they give. */
import type { Identifier } from '../../engine/rows.ts';
import { kindNamed } from '../../model/kinds.ts';
import type { BundleRecord, LeftOut, Place } from '../import/record.ts';
import { billNumber, named } from './keys.ts';
import type { Organizations } from './organizations.ts';
import type { People } from './people.ts';
import type { Bill } from './schemas.ts';
import type { Session } from './sessions.ts';

export interface Scrape {
  /** The id of the jurisdiction, `ocd-jurisdiction/…`: what the names of its records begin with. */
  readonly place: string;
  readonly jurisdiction: Identifier;
  readonly organizations: Organizations;
  readonly people: People;
  readonly sessions: readonly Session[];
  /** A bill by its id in this scrape. */
  readonly bill: (id: string) => Bill | undefined;
}

/** What a bill is called: its place, session and number. */
export function billKey({ place }: Pick<Scrape, 'place'>, session: string, number: string): Identifier {
  return named(place, 'bill', session, billNumber(number));
}

/**
 * Kinds of which a source tells all there is: what it says nothing of is emptied. Of others somebody else may know more,
 * so that it stays as it is.
 */
const TOLD_WHOLE = new Set([
  'membership',
  'action',
  'sponsorship',
  'policy_version',
  'document',
  'vote_event',
  'meeting',
]);

/** A record whose body has no undefined fields. */
export function record(
  kind: string,
  place: Place,
  fields: Readonly<Record<string, unknown>>,
  collection?: string,
): BundleRecord {
  const { fields: declared } = kindNamed(kind);
  const isEmptied = (name: string) => TOLD_WHOLE.has(kind) && declared[name]?.filled === false;
  const body = Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value !== undefined ? [[name, value]] : isEmptied(name) ? [[name, null]] : [],
    ),
  );
  return { kind, body, place, ...(collection === undefined ? {} : { collection }) };
}

/** Tells what of a file has no place in the tracker: one note for all of it, or none. */
export function* unplaced(
  kind: string,
  place: Place,
  what: Readonly<Record<string, readonly string[]>>,
): Generator<LeftOut> {
  const told = Object.entries(what).flatMap(([name, values]) =>
    values.length > 0 ? [`${name}: ${values.join('; ')}`] : [],
  );
  if (told.length > 0) yield { kind, place, note: shortened(`has no place here: ${told.join(' · ')}`) };
}

const LONGEST = 500;

const shortened = (text: string) =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text;
