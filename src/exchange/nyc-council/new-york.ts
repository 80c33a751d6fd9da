/** What is known of New York City's council beside what its records say. */
import type { Client, KnownBody } from '../legistar/client.ts';

/** First and last years of the council's sessions, which are its members' terms; terms around a census are shorter. */
const SESSIONS: readonly (readonly [number, number])[] = [
  [1990, 1991],
  [1992, 1993],
  [1994, 1997],
  [1998, 2001],
  [2002, 2003],
  [2004, 2005],
  [2006, 2009],
  [2010, 2013],
  [2014, 2017],
  [2018, 2021],
  [2022, 2023],
  [2024, 2025],
  [2026, 2029],
];

/** Bodies whose names do not tell what they are: offices, occasions, groupings, and committees without the word. */
const BODIES: Readonly<Record<number, KnownBody>> = {
  1: { name: 'New York City Council', classification: 'council' },
  18: { classification: 'committee' },
  26: { name: 'New York City Public Advocate', classification: 'office' },
  31: { name: 'Mayor of New York City', classification: 'executive' },
  41: { classification: 'office' },
  5016: { classification: 'committee' },
  5018: { classification: 'other' },
  5032: { classification: 'committee' },
  5047: { classification: 'committee' },
  5051: { classification: 'committee' },
  5052: { classification: 'committee' },
  5053: { classification: 'commission' },
  5054: { classification: 'committee' },
  5056: { classification: 'committee' },
  5057: { classification: 'committee' },
  5059: { classification: 'committee' },
  5060: { classification: 'committee' },
  5064: { classification: 'committee' },
  5068: { classification: 'committee' },
  // A standing of matters, listed as the body that has them.
  5267: { classification: null },
};

/** New York City's council, `nyc` in Legistar. */
export const newYork: Client = {
  name: 'nyc',
  place: {
    name: 'New York City',
    classification: 'municipality',
    division_id: 'ocd-division/country:us/state:ny/place:new_york',
    timezone: 'America/New_York',
    identifiers: [{ scheme: 'ocd-division', identifier: 'ocd-division/country:us/state:ny/place:new_york' }],
  },
  council: 1,
  site: 'https://legistar.council.nyc.gov',
  bodies: BODIES,
  session: (year) => {
    const found = SESSIONS.find(([first, last]) => year >= first && year <= last);
    return found ? `${found[0]}-${found[1]}` : null;
  },
};
