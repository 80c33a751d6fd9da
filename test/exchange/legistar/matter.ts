/** Things as Legistar has them, with what a test does not care about filled in; facts are invented. */
import type { Client } from '../../../src/exchange/legistar/client.ts';
import type { Draft } from '../../../src/exchange/legistar/draft.ts';
import type { Item, Matter, Person, Sitting, Step } from '../../../src/exchange/legistar/forms.ts';

/** A council of a place that is nowhere. */
export const client: Client = {
  name: 'nowhere',
  place: {
    name: 'Nowhere',
    classification: 'municipality',
    identifiers: [{ scheme: 'ocd-division', identifier: 'ocd-division/country:us/place:nowhere' }],
  },
  council: 1,
  site: 'https://legistar.example.org',
  bodies: { 1: { name: 'Nowhere City Council', classification: 'council' }, 9: { classification: null } },
  session: (year) => (year > 2000 ? `${year}` : null),
};

export const step = (more: Partial<Step> = {}): Step => ({
  id: 70,
  date: '2022-01-20',
  action: 'Introduced by Council',
  sentence: null,
  bodyId: 1,
  passed: null,
  version: '*',
  agendaNote: null,
  minutesNote: null,
  votes: [],
  ...more,
});

export const matter = (more: Partial<Matter> = {}): Matter => ({
  id: 500,
  file: 'Int 0001-2022',
  type: 'Introduction',
  name: 'Benches in parks',
  title: 'A Local Law in relation to benches in parks',
  status: 'Committee',
  introduced: '2022-01-20',
  finalAction: null,
  enacted: null,
  lawNumber: null,
  version: '*',
  summary: null,
  sponsors: [],
  steps: [],
  attachments: [],
  text: null,
  ...more,
});

export const item = (more: Partial<Item> = {}): Item => ({
  id: 900,
  agendaSequence: 1,
  minutesSequence: 1,
  number: null,
  title: null,
  action: null,
  sentence: null,
  passed: null,
  agendaNote: null,
  minutesNote: null,
  matterId: null,
  matterFile: null,
  rollCall: [],
  ...more,
});

export const sitting = (more: Partial<Sitting> = {}): Sitting => ({
  id: 40,
  bodyId: 3,
  bodyName: 'Committee on Benches',
  at: '2022-02-01T10:00:00-05:00',
  location: null,
  comment: null,
  agendaStatus: 'Final',
  minutesStatus: 'Final',
  page: null,
  agendaFile: null,
  minutesFile: null,
  recordings: [],
  items: [],
  ...more,
});

export const person = (more: Partial<Person> = {}): Person => ({
  id: 7,
  fullName: 'Ada B. Doe',
  firstName: 'Ada B.',
  lastName: 'Doe',
  email: null,
  website: null,
  contacts: [],
  offices: [],
  ...more,
});

/** How things of the council are called. */
export const called = (identifier: string) => ({ scheme: 'legistar-nowhere', identifier });

// biome-ignore lint/suspicious/noExplicitAny: bodies have many shapes, and the tests look into them
export const bodies = (drafts: Iterable<Draft>, kind: string): any[] =>
  [...drafts].flatMap((draft) => ('body' in draft && draft.kind === kind ? [draft.body] : []));

/** What was left out, and why. */
export const notes = (drafts: Iterable<Draft>): string[] =>
  [...drafts].flatMap((draft) => ('note' in draft ? [`${draft.at}: ${draft.note}`] : []));
