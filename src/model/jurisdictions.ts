import {
  byNumber,
  byText,
  code,
  date,
  type Finding,
  inOrder,
  integer,
  kind,
  pattern,
  patterns,
  reference,
  text,
  url,
} from './declare.ts';
import { DIVISION } from './names.ts';
import { jurisdictionClassification, linkKind } from './vocabularies.ts';

/** A place that governs itself: cities and school districts as equals of states and nations. */
export const jurisdictions = kind({
  name: 'jurisdiction',
  path: 'jurisdictions',
  table: 'jurisdictions',
  title: 'Jurisdiction',
  description: 'A place that governs itself: a nation, state, county, city, school district …',
  slugFrom: ['name'],
  fields: {
    name: text('Name as commonly written.', { required: true, max: 500 }),
    classification: code(jurisdictionClassification, 'What kind of place it is.', { required: true }),
    division_id: pattern('Open Civic Data division id.', DIVISION, { filter: true }),
    same_as: patterns(
      'Other division ids for the same place (San Francisco is a city and a county).',
      DIVISION,
    ),
    parent_id: reference('jurisdiction', 'The place this one lies in.'),
    valid_from: date('First day on which there was this place, where that is told.'),
    valid_through: date('Last day on which there was, where it is no more.'),
    website: url('Its own site.'),
    timezone: pattern('IANA time zone.', {
      pattern: '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$',
      expected: 'an IANA time zone such as America/Los_Angeles',
      example: 'America/Los_Angeles',
      max: 64,
    }),
    population: integer('Number of people living there.'),
  },
  links: linkKind,
  sorts: { name: byText('name'), population: byNumber('population') },
  defaultSort: 'name',
  searched: { names: ['name'], texts: [] },
  includes: {
    parent: { one: 'parent_id', kind: 'jurisdiction' },
    children: { many: 'jurisdiction', by: ['parent_id'] },
    organizations: { many: 'organization', by: ['jurisdiction_id'] },
    policies: { many: 'policy', by: ['jurisdiction_id'] },
  },
  check: (record) => [...inOrder(record, 'valid_from', 'valid_through'), ...inZone(record)],
  exampleKey: 'los-angeles',
  example: {
    name: 'Long Beach',
    classification: 'municipality',
    division_id: 'ocd-division/country:us/state:ca/place:long_beach',
    parent_id: 'california',
    timezone: 'America/Los_Angeles',
  },
});

function inZone({ timezone }: Readonly<Record<string, unknown>>): readonly Finding[] {
  if (typeof timezone !== 'string' || knownZone(timezone)) return [];
  const expected = 'an IANA time zone such as America/Los_Angeles';
  return [{ pointer: '/timezone', message: 'is not a time zone', expected }];
}

function knownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
