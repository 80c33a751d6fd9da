/** A small document in the manner of EveryPolitician’s, of an invented country. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Read } from '../../../src/exchange/import/record.ts';
import { openPopolo } from '../../../src/exchange/popolo/read.ts';

export const ANN = '11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa';

/** The document; what is given takes the place of its lists. */
export const document = (lists: object = {}) => ({
  areas: [
    {
      id: 'ruritania',
      name: 'Ruritania',
      classification: 'country',
      identifiers: [{ scheme: 'ocd-division', identifier: 'ocd-division/country:rr' }],
    },
    { id: 'area/zenda', name: 'Zenda', type: 'constituency' },
  ],
  events: [
    {
      id: 'term/5',
      name: '5th Diet',
      classification: 'legislative period',
      start_date: '2019-05-01',
      end_date: '2023-04-30',
    },
    {
      id: 'sitting/1',
      name: 'First sitting',
      classification: 'sitting',
      organization_id: 'diet',
      start_date: '2019-05-02T10:00:00+02:00',
      status: 'confirmed',
      description: 'Oaths',
    },
  ],
  memberships: [
    {
      person_id: ANN,
      organization_id: 'diet',
      on_behalf_of_id: 'party/blue',
      area_id: 'area/zenda',
      legislative_period_id: 'term/5',
      role: 'member',
    },
    {
      id: 'm2',
      person_id: 'bo',
      organization_id: 'diet',
      post_id: 'speaker',
      start_date: '2020',
      end_date: '2021-06',
    },
  ],
  meta: { sources: ['https://diet.example'] },
  organizations: [
    { id: 'diet', name: 'Diet', classification: 'legislature', area_id: 'ruritania' },
    { id: 'party/blue', name: 'The Blues', classification: 'party' },
  ],
  persons: [
    {
      id: ANN,
      name: 'Ann Ames',
      email: 'ann@diet.example',
      birth_date: '1970-02',
      identifiers: [
        { scheme: 'wikidata', identifier: 'Q1' },
        { scheme: 'Diet No.', identifier: '7' },
      ],
      contact_details: [
        { type: 'voice', value: '555-0100' },
        { type: 'address', label: 'Home', value: '1 Elm St' },
      ],
      links: [{ url: 'https://diet.example/ann', note: 'homepage' }, { url: 'ftp://diet.example/ann' }],
    },
    { id: 'bo', name: 'Bo Berg', identifiers: [{ scheme: 'wikidata', identifier: 'Q1' }] },
  ],
  posts: [{ id: 'speaker', label: 'Speaker of the Diet', role: 'Speaker', organization_id: 'diet' }],
  motions: [
    {
      id: 'motion/1',
      organization_id: 'diet',
      text: 'To build a bridge',
      classification: 'resolution',
      date: '2020-01-02',
      result: 'pass',
    },
  ],
  vote_events: [
    {
      id: 'vote/1',
      motion_id: 'motion/1',
      organization_id: 'diet',
      start_date: '2020-01-03T12:00:00+01:00',
      result: 'pass',
      counts: [
        { option: 'yes', value: 1, group: { name: 'Blues' } },
        { option: 'yes', value: 1 },
        { option: 'not voting', value: 0 },
      ],
      votes: [
        { voter_id: ANN, option: 'yes' },
        { voter: { name: 'Cy Cole' }, option: 'not voting' },
      ],
    },
  ],
  speeches: [{ id: 's', text: 'Well met.' }],
  ...lists,
});

/** Writes a document into a file that is removed when the test ends. */
export function written(t: Test, contents: object | string, name = 'ruritania.json'): string {
  const folder = mkdtempSync(join(tmpdir(), 'civic-popolo-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return path;
}

/** All that is read of a document. */
export async function readAll(t: Test, contents: object | string): Promise<Read[]> {
  const reads: Read[] = [];
  for await (const read of (await openPopolo(written(t, contents))).read(() => undefined)) reads.push(read);
  return reads;
}
