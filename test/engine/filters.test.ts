import t from 'tap';
import { filtersOf } from '../../src/engine/filters.ts';
import type { Kind, PublicRecord } from '../../src/model/declare.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { type Answer, readingApp, type TestApp, testApp } from '../helper.ts';
import { createAll } from './crawler.ts';
import { type Everything, type Use, usesOf } from './matching.ts';

/** Every record of a list, asked for in pages of 200. */
async function everyOne({ app }: TestApp, address: string): Promise<PublicRecord[]> {
  const found: PublicRecord[] = [];
  let url: string | null = `${address}${address.includes('?') ? '&' : '?'}limit=200`;
  for (let turn = 0; turn < 50 && url !== null; turn += 1) {
    const { statusCode, body } = await app.inject({ url });
    if (statusCode !== 200) throw new Error(`${url}: ${body}`);
    const page: Answer['body'] = JSON.parse(body);
    found.push(...page.data);
    url = page.links.next;
  }
  return found;
}

const idsOf = (records: readonly PublicRecord[]) => records.map(({ id }) => id).sort();

/** Lists with a filter hold what plain JavaScript lets through; returns those that do not. */
async function misfits(app: TestApp, kind: Kind, all: Everything, uses: readonly Use[]): Promise<string[]> {
  const records = all.get(kind.name) ?? [];
  const wrong: string[] = [];
  for (const { parameter, value, lets } of uses) {
    const query = `${parameter}=${encodeURIComponent(value)}`;
    const got = idsOf(await everyOne(app, `/v1/${kind.path}?${query}&fields=id`));
    const right = idsOf(records.filter(lets));
    if (got.join() !== right.join()) wrong.push(`${query}: ${got.length} in place of ${right.length}`);
  }
  return wrong;
}

t.test('every filter of every kind lets through what it says, and nothing else', async (t) => {
  const app = await readingApp(t);
  const all = new Map<string, readonly PublicRecord[]>();
  for (const { name, path } of kinds) all.set(name, await everyOne(app, `/v1/${path}`));
  for (const kind of kinds) {
    const uses = usesOf(kind, all, app.clock.now.toISOString().slice(0, 10));
    t.same(await misfits(app, kind, all, uses), [], `${uses.length} filters of ${kind.path}`);
    const used = new Set(uses.map(({ parameter }) => parameter.replace(/_id$/, '')));
    const left = [...filtersOf(kind).keys()].filter((name) => !used.has(name.replace(/_id$/, '')));
    const seen = new Set(
      all.get(kind.name)?.flatMap((record) => Object.keys(record).filter((of) => record[of] !== null)),
    );
    t.same(
      left.filter((name) => seen.has(name)),
      [],
      `no filter of ${kind.path} with values is left out`,
    );

    const slugs: string[] = [];
    for (const { parameter, value } of uses) {
      const to = filtersOf(kind).get(parameter.replace(/_id$/, ''))?.refersTo;
      const slug = to && all.get(to)?.find(({ id }) => id === value)?.slug;
      if (!slug) continue;
      const [byId, bySlug] = await Promise.all(
        [value, slug].map((one) => everyOne(app, `/v1/${kind.path}?${parameter}=${one}&fields=id`)),
      );
      if (idsOf(byId ?? []).join() !== idsOf(bySlug ?? []).join()) slugs.push(`${parameter}=${slug}`);
    }
    t.same(slugs, [], `references of ${kind.path} go by slug as well as by id`);
  }
});

t.test('values are OR, repeated or after commas; parameters are AND', async (t) => {
  const app = await readingApp(t);
  const all = new Map<string, readonly PublicRecord[]>();
  for (const { name, path } of kinds) all.set(name, await everyOne(app, `/v1/${path}`));
  for (const kind of kinds) {
    const records = all.get(kind.name) ?? [];
    const uses = usesOf(kind, all, '2026-01-31').filter(
      ({ parameter }) =>
        filtersOf(kind).get(parameter)?.schema && !/_(since|until)$|^(on|current)$/.test(parameter),
    );
    const wrong: string[] = [];
    for (const [at, one] of uses.entries()) {
      const other = uses[(at + 1) % uses.length] as Use;
      const same = one.parameter === other.parameter;
      const lets = (record: PublicRecord) =>
        same ? one.lets(record) || other.lets(record) : one.lets(record) && other.lets(record);
      const [a, b] = [encodeURIComponent(one.value), encodeURIComponent(other.value)];
      const queries = [`${one.parameter}=${a}&${other.parameter}=${b}`];
      if (same) queries.push(`${one.parameter}=${a},${b}`);
      for (const query of queries) {
        const got = idsOf(await everyOne(app, `/v1/${kind.path}?${query}&fields=id`));
        if (got.join() !== idsOf(records.filter(lets)).join()) wrong.push(query);
      }
    }
    t.same(wrong, [], kind.path);
  }
});

t.test('a filter by a record that does not exist is a 400 that names the nearest', async (t) => {
  const { call } = await readingApp(t);
  for (const kind of kinds) {
    for (const [name, { refersTo }] of filtersOf(kind)) {
      if (!refersTo || name === 'id') continue;
      const { status, body } = await call('GET', `/v1/${kind.path}?${name}=not-there-at-all`);
      t.equal(status, 400, `${kind.path}?${name}=`);
      t.match(body.errors, [{ parameter: name, got: 'not-there-at-all' }]);
    }
  }
  const { body } = await call('GET', '/v1/policies?jurisdiction=los-angels,boston,new-yrok');
  t.equal(body.errors.length, 2, 'each wrong one is named');
  t.match(body.errors[0].message, /'los-angeles'/);
  const id = '00000000-0000-4000-8000-000000000000';
  t.equal(
    (await call('GET', `/v1/policies?jurisdiction=${id}`)).status,
    400,
    'an id that nobody has is as wrong',
  );
});

t.test('a word that is none is a 400 that names the nearest', async (t) => {
  const { call } = await readingApp(t);
  const { status, body } = await call('GET', '/v1/policies?type=ordinence');
  t.equal(status, 400);
  t.match(body.errors, [{ parameter: 'type', message: /ordinance/ }]);
  t.match((await call('GET', '/v1/policies?jursdiction=boston')).body.errors[0].message, /jurisdiction/);
});

t.test('a record that was deleted can still be filtered by', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const own = await key('write');
  const made = await call('POST', '/v1/topics', { key: own, body: { name: 'Passing' } });
  await call('DELETE', `/v1/topics/${made.body.id}`, { key: own, ifMatch: String(made.headers.etag) });
  const { status, body } = await call('GET', '/v1/policies?topic=passing');
  t.same([status, body.data], [200, []]);
});

t.test('up to 200 records can be asked for by id or slug, and unknown ones are left out', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const names = Array.from({ length: 201 }, (_, at) => `Topic ${at}`);
  const ids = await createAll(
    app.engine,
    kindNamed('topic'),
    names.map((name) => ({ name })),
  );
  const ask = (values: readonly string[]) => call('GET', `/v1/topics?limit=200&id=${values.join(',')}`);
  const { status, body } = await ask([...ids.slice(0, 198), 'education', 'not-there']);
  t.equal(status, 200);
  t.equal(body.data.length, 199);
  const refused = await ask(ids);
  t.equal(refused.status, 400, '201 are refused');
  t.match(refused.body.errors, [{ parameter: 'id' }]);
  t.same((await ask(['not-there'])).body.data, [], 'only unknown ones give an empty list, not all');
  t.equal(
    (await ask([ids[0] as string, ids[0] as string, 'topic-0'])).body.data.length,
    1,
    'each is shown once',
  );
});
