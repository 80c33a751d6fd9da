/** What filters say of a record’s content alone is what the lists’ own SQL says of its table. */
import t from 'tap';
import { filtersOf } from '../../../src/engine/filters.ts';
import { testsOf } from '../../../src/features/webhooks/matching.ts';
import type { PublicRecord } from '../../../src/model/declare.ts';
import { kinds } from '../../../src/model/kinds.ts';
import { usesOf } from '../../engine/matching.ts';
import { testApp } from '../../helper.ts';

const TODAY = '2026-01-31';

t.test('every filter of every kind lets through the records of its list', async (t) => {
  const { call } = await testApp(t, 'seeded');
  const all = new Map<string, PublicRecord[]>();
  const content = new Map<string, PublicRecord>();
  for (let url: string | null = '/v1/changes?limit=1000'; url !== null; ) {
    const { data, links }: { data: { content: PublicRecord }[]; links: { next: string | null } } = (
      await call('GET', url)
    ).body;
    for (const change of data) content.set(change.content.id, change.content);
    url = links.next;
  }
  for (const { name, path } of kinds) {
    const records: PublicRecord[] = [];
    for (let url: string | null = `/v1/${path}?limit=200`; url !== null; ) {
      const { body }: { body: { data: PublicRecord[]; links: { next: string | null } } } = await call(
        'GET',
        url,
      );
      records.push(...body.data);
      url = body.links.next;
    }
    all.set(name, records);
  }
  let asked = 0;
  for (const kind of kinds.filter(({ kept }) => !kept)) {
    const tests = testsOf(kind);
    const through = Object.entries(kind.filters ?? {}).filter(([, declared]) => 'through' in declared);
    t.same(
      [...filtersOf(kind).keys()].filter((name) => !tests.has(name)).sort(),
      through.map(([name]) => name).sort(),
      `${kind.name}: only what leads to other records cannot be told from the record`,
    );
    const wrong: string[] = [];
    for (const { parameter, value, lets } of usesOf(kind, all, TODAY)) {
      const test = tests.get(parameter) ?? tests.get(parameter.replace(/_id$/, ''));
      if (test === undefined) continue;
      for (const record of all.get(kind.name) ?? []) {
        asked += 1;
        const found = test(content.get(record.id) as PublicRecord, [value], TODAY);
        if (found !== lets(record)) wrong.push(`${parameter}=${value} of ${record.id}: ${found}`);
      }
    }
    t.same(wrong, [], kind.name);
  }
  t.ok(asked > 10_000, `${asked} questions`);
});
