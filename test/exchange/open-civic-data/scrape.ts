/** A small scrape of an invented state, as pupa and Open States write one: every run gives its files new ids. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { v5 } from 'uuid';
import type { Read } from '../../../src/exchange/import/record.ts';
import { openOpenCivicData } from '../../../src/exchange/open-civic-data/read.ts';

export const PLACE = 'ocd-jurisdiction/country:us/state:jf/government';

/** The files of a scrape by their names. */
export type Files = Record<string, object | string>;

/** An id such as scrapers make, that follows from the run and what it is of. */
export const idIn = (run: string) => (name: string) => v5(`${run} ${name}`, v5.URL);

const like = (spec: object) => `~${JSON.stringify(spec)}`;
const sources = [{ url: 'https://leg.example/bills', note: '' }];

/** The scrape in one of its runs. */
export function scrape(run: string): Files {
  const id = idIn(run);
  const file = (kind: string, name: string, fields: object): [string, object] => [
    `${kind}_${id(name)}.json`,
    { _id: id(name), extras: {}, ...fields },
  ];
  return Object.fromEntries([
    [
      'jurisdiction_ocd-jurisdiction-country:us-state:jf-government.json',
      {
        _id: PLACE,
        id: PLACE,
        name: 'Jefferson',
        url: 'https://jf.example',
        division_id: 'ocd-division/country:us/state:jf',
        classification: 'state',
        legislative_sessions: [
          { identifier: '2023', classification: 'primary', start_date: '2023-01-03', end_date: '2024-06-30' },
          {
            identifier: '2023s1',
            classification: 'special',
            start_date: '2023-08-01',
            end_date: '2023-08-04',
          },
        ],
        extras: {},
      },
    ],
    file('organization', 'legislature', {
      name: 'Jefferson Legislature',
      classification: 'legislature',
      parent_id: null,
    }),
    file('organization', 'senate', { name: 'Senate', classification: 'upper', parent_id: id('legislature') }),
    file('organization', 'house', { name: 'House', classification: 'lower', parent_id: id('legislature') }),
    file('organization', 'finance', {
      name: 'Finance',
      classification: 'committee',
      parent_id: like({ classification: 'upper' }),
      founding_date: '2019',
      sources,
    }),
    file('person', 'ann', {
      name: 'Ann Ames',
      family_name: 'Ames',
      birth_date: '',
      image: '',
      other_names: [{ name: 'A. Ames', note: 'as printed in roll calls' }],
      identifiers: [{ scheme: 'Legislator ID', identifier: '17' }],
      contact_details: [
        { type: 'voice', value: '555-0100', note: 'Capitol office' },
        { type: 'address', value: '1 Elm St', note: 'Home address' },
      ],
      links: [{ url: 'https://www.facebook.com/ames', note: '' }],
      sources,
    }),
    file('person', 'bo', { name: 'Bo Berg', family_name: 'Berg', sources }),
    file('post', 'district 4', { label: '4', role: 'Senator', organization_id: id('senate') }),
    file('membership', 'ann senate', {
      person_id: id('ann'),
      organization_id: id('senate'),
      post_id: id('district 4'),
      role: 'member',
      start_date: '2023-01-03',
      end_date: '',
    }),
    file('membership', 'ann party', {
      person_id: id('ann'),
      organization_id: like({ classification: 'party', name: 'Whig' }),
      post_id: null,
      role: 'member',
      start_date: '',
      end_date: '',
    }),
    file('membership', 'bo house', {
      person_id: id('bo'),
      organization_id: like({ classification: 'lower' }),
      post_id: like({ label: '12', role: 'member', organization__classification: 'lower' }),
      role: 'member',
      start_date: '',
      end_date: '',
    }),
    file('bill', 'sb 1', {
      identifier: 'SB 1',
      legislative_session: '2023',
      title: 'An act on water meters',
      classification: ['bill', 'appropriation'],
      from_organization: like({ classification: 'upper' }),
      subject: ['Water', 'Water ', 'Metering'],
      abstracts: [{ abstract: 'Meters for every well.', note: '' }],
      other_titles: [
        { title: 'Well Meters Act', note: 'short title' },
        { title: 'A bill on wells', note: 'as filed' },
      ],
      other_identifiers: [{ identifier: 'LD 77', note: '', scheme: '' }],
      actions: [
        {
          description: 'Introduced',
          date: '2023-01-10T09:30:00-05:00',
          organization_id: like({ classification: 'upper' }),
          classification: ['introduction'],
          related_entities: [],
        },
        {
          description: 'Referred to Finance',
          date: '2023-01-11',
          organization_id: like({ classification: 'upper' }),
          classification: ['referral-committee'],
          related_entities: [
            { name: 'Finance', entity_type: 'organization', organization_id: like({ name: 'Finance' }) },
          ],
        },
        {
          description: 'Passed the Senate',
          date: '2023-02-01',
          organization_id: like({ classification: 'upper' }),
          classification: ['passage', 'novelty'],
          related_entities: [],
        },
      ],
      sponsorships: [
        {
          name: 'Ann Ames',
          classification: 'primary',
          entity_type: 'person',
          primary: true,
          person_id: like({ name: 'Ann Ames' }),
        },
        {
          name: 'Berg',
          classification: 'cosponsor',
          entity_type: 'person',
          primary: false,
          person_id: like({ name: 'Berg' }),
        },
        {
          name: 'Nobody Known',
          classification: 'cosponsor',
          entity_type: 'person',
          primary: false,
          person_id: like({ name: 'Nobody Known' }),
        },
      ],
      related_bills: [
        { identifier: 'HB 0002', legislative_session: '2023', relation_type: 'companion' },
        { identifier: 'SB 1', legislative_session: '2023', relation_type: 'related' },
      ],
      versions: [
        {
          note: 'Introduced',
          date: '2023-01-10',
          classification: 'introduced',
          links: [
            { url: 'https://leg.example/sb1 in.pdf', media_type: 'application/pdf' },
            { url: 'https://leg.example/sb1.html', media_type: 'text/html' },
          ],
        },
      ],
      documents: [
        {
          note: 'Fiscal note',
          date: '',
          classification: 'fiscal-note',
          links: [{ url: 'https://leg.example/f.pdf', media_type: '' }],
        },
      ],
      sources,
    }),
    file('bill', 'hb 2', {
      identifier: 'HB2',
      legislative_session: '2023',
      title: 'The same in the House',
      classification: ['bill'],
      from_organization: like({ classification: 'lower' }),
      related_bills: [{ identifier: 'SB1', legislative_session: '2023', relation_type: 'companion' }],
      sources,
    }),
    file('vote_event', 'sb 1 passage', {
      identifier: '',
      motion_text: 'Passage',
      motion_classification: ['passage'],
      start_date: '2023-02-01T15:00:00-05:00',
      result: 'pass',
      organization: like({ classification: 'upper' }),
      legislative_session: '2023',
      bill: id('sb 1'),
      bill_action: 'Passed the Senate',
      votes: [
        { option: 'yes', voter_name: 'A. Ames', voter_id: like({ name: 'A. Ames' }), note: '' },
        { option: 'not voting', voter_name: 'Cole', voter_id: like({ name: 'Cole' }), note: 'ill' },
      ],
      counts: [
        { option: 'yes', value: 1 },
        { option: 'not voting', value: 1 },
      ],
      sources,
    }),
    file('event', 'finance hearing', {
      name: 'Finance hearing',
      start_date: '2023-01-20T10:00:00-05',
      all_day: false,
      status: 'passed',
      description: 'Water bills',
      location: { name: 'Room 2', note: '', coordinates: null },
      participants: [
        {
          name: 'Finance',
          entity_type: 'organization',
          organization_id: like({ name: 'Finance' }),
          note: 'host',
        },
        { name: 'Ann Ames', entity_type: 'person', person_id: like({ name: 'Ann Ames' }), note: 'chair' },
      ],
      agenda: [
        { description: 'Public comment', order: '1', related_entities: [], notes: [] },
        {
          description: 'Bills',
          order: '0',
          notes: ['heard'],
          related_entities: [
            {
              name: 'SB 1',
              entity_type: 'bill',
              bill_id: like({ identifier: 'SB 1' }),
              note: 'consideration',
            },
            {
              name: 'HB 2',
              entity_type: 'bill',
              bill_id: like({ identifier: 'HB 2' }),
              note: 'consideration',
            },
          ],
        },
      ],
      documents: [
        {
          note: 'Agenda',
          date: '',
          classification: 'agenda',
          links: [{ url: 'https://leg.example/a.pdf', media_type: 'application/pdf' }],
        },
      ],
      media: [
        {
          note: 'Recording',
          date: '',
          links: [{ url: 'https://leg.example/v.mp4', media_type: 'video/mp4' }],
        },
      ],
      sources,
    }),
  ]);
}

/** Writes files into a folder that is removed when the test ends. */
export function written(t: Test, files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-scrape-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), typeof contents === 'string' ? contents : JSON.stringify(contents));
  }
  return folder;
}

/** All that is read of some files. */
export function readAll(t: Test, files: Files): Read[] {
  return [...(openOpenCivicData(written(t, files)).read(() => undefined) as Iterable<Read>)];
}

/** The bodies of the records of a kind. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
export function bodiesOf(reads: readonly Read[], kind: string): any[] {
  return reads.flatMap((read) => ('body' in read && read.kind === kind ? [read.body] : []));
}
