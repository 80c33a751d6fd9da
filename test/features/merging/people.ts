/** Officials and offices for tests of merging. */
import { randomUUID } from 'node:crypto';
import type { Office } from '../../../src/features/merging/facts.ts';
import { type Person, spokenWords } from '../../../src/features/merging/people.ts';

/** An official of that name. */
export const called = (name: string, more: Partial<Person> = {}): Person => ({
  kind: 'official',
  id: randomUUID(),
  slug: name,
  name,
  family_name: null,
  other_names: [],
  birth_date: null,
  death_date: null,
  created_at: '2026-01-31T12:00:00.000Z',
  words: spokenWords(name),
  ...more,
});

const US = 'ocd-division/country:us';

/** An office in a place, by its path within the United States; `2001-2005` are its years. */
export function office(role: string, path: string, years = '', more: Partial<Office> = {}): Office {
  const [start_date = null, end_date = null] = years.split('-').map((year) => year || null);
  return {
    role,
    seat: null,
    party: null,
    standing: null,
    start_date,
    end_date,
    place: path || 'the nation',
    places: [`${US}${path}`],
    ...more,
  };
}
