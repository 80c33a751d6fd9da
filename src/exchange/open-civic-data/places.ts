/** The place of a scrape as a jurisdiction, and its bodies as organizations. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place, Read } from '../import/record.ts';
import { addressOf, dayOf, linksOf, said } from './facts.ts';
import { distinct } from './keys.ts';
import type { Body } from './organizations.ts';
import type { Jurisdiction } from './schemas.ts';
import { record, type Scrape, unplaced } from './scrape.ts';
import { organizationWord } from './words.ts';

/** What the last part of a division's id makes of a place (https://github.com/opencivicdata/ocd-division-ids). */
const DIVISIONS: Readonly<Record<string, string>> = {
  country: 'country',
  state: 'state',
  province: 'state',
  district: 'territory',
  territory: 'territory',
  county: 'county',
  parish: 'county',
  borough: 'county',
  place: 'municipality',
  school_district: 'school_district',
};

/** Ends of the ids of governments that govern their division as a whole, and not for one purpose. */
const GENERAL = new Set([
  'government',
  'legislature',
  'council',
  'city_council',
  'county_government',
  'municipality',
  'state',
  'country',
  'executive',
]);

const DIVISION = /^ocd-division\/country:[a-z]{2}(\/|$)/;

/** The division that a place is: its own, or the one its id is made of. */
function divisionOf({ _id, division_id }: Jurisdiction): string | undefined {
  const division =
    said(division_id) ?? _id.replace(/^ocd-jurisdiction/, 'ocd-division').replace(/\/[^/:]*$/, '');
  return DIVISION.test(division) ? division : undefined;
}

/** Whether a jurisdiction governs its division as a whole: a transit authority has the division of its city, and is not the city. */
function isGeneral({ _id }: Jurisdiction): boolean {
  return GENERAL.has(_id.slice(_id.lastIndexOf('/') + 1));
}

/** What a jurisdiction is called: its division where it governs that as a whole, and its own id. */
export function jurisdictionIdentifiers(data: Jurisdiction): Identifier[] {
  const division = isGeneral(data) ? divisionOf(data) : undefined;
  return distinct([
    ...(division ? [{ scheme: 'ocd-division', identifier: division }] : []),
    { scheme: 'ocd-jurisdiction', identifier: data._id },
  ]);
}

function classificationOf(data: Jurisdiction): string {
  const last = divisionOf(data)?.split('/').at(-1)?.split(':')[0] ?? '';
  const own = data._id.slice(data._id.lastIndexOf('/') + 1);
  if (/school/.test(own)) return 'school_district';
  return isGeneral(data) ? (DIVISIONS[last] ?? 'special_district') : 'special_district';
}

/** The place of a scrape, of which others may know more. */
export function jurisdictionRecord(place: Place, data: Jurisdiction): Read {
  const general = isGeneral(data);
  const division = divisionOf(data);
  const parent =
    general || division === undefined ? undefined : { scheme: 'ocd-division', identifier: division };
  const made = record('jurisdiction', place, {
    name: data.name,
    classification: classificationOf(data),
    division_id: general ? division : undefined,
    parent_id: parent,
    website: addressOf(data.url),
    identifiers: jurisdictionIdentifiers(data),
  });
  return { ...made, onlyIfNew: true };
}

/** A body. */
export function* organizationRecords(
  { place: id, data, identifiers }: Body,
  { jurisdiction, organizations }: Scrape,
): Generator<Read> {
  const party = identifiers[0]?.identifier.startsWith('|party|') === true;
  const { links, others } = linksOf([...(data.links ?? []), ...(data.sources ?? [])], () => 'other');
  yield record('organization', id, {
    name: data.name,
    classification: organizationWord(data.classification),
    jurisdiction_id: party ? undefined : jurisdiction,
    parent_id: organizations.reference(data.parent_id),
    other_names: otherNames(data.other_names),
    founded_on: dayOf(data.founding_date),
    dissolved_on: dayOf(data.dissolution_date),
    identifiers,
    // A party is the same in every place, whoever scraped it.
    links: party ? [] : links,
  });
  yield* unplaced('organization', id, { addresses: others });
}

/** Other names with the time and the reason they were used. */
export function otherNames(
  given:
    | readonly { name: string; note?: string | null; start_date?: string | null; end_date?: string | null }[]
    | null
    | undefined,
): object[] {
  return (given ?? []).map(({ name, note, start_date, end_date }) => ({
    name,
    note: said(note) ?? null,
    start_date: dayOf(start_date) ?? null,
    end_date: dayOf(end_date) ?? null,
  }));
}
