/** Pages of hits made of the JSON that rows keep, beside those made of records. */
import t from 'tap';
import { keepsShown } from '../../../src/db/tables.ts';
import { textOfPage } from '../../../src/engine/json/list.ts';
import type { ListQuery } from '../../../src/engine/parameters.ts';
import { tableOf } from '../../../src/engine/select.ts';
import { listSearched, searchJson } from '../../../src/features/search/list.ts';
import type { Kind } from '../../../src/model/declare.ts';
import { kindNamed, kinds } from '../../../src/model/kinds.ts';
import { type TestApp, testApp } from '../../helper.ts';

async function bothPages({ app: { engine } }: TestApp, kind: Kind, asked: Partial<ListQuery>) {
  const query = { limit: 20, ...asked } as ListQuery;
  const place = { path: `/v1/${kind.path}`, fixed: {}, restricted: false };
  const made = await searchJson(engine, kind, query, place);
  const page = await listSearched(engine, kind, query, place);
  return { made: made && String(textOfPage(made)), page: JSON.stringify(page), next: page.links.next };
}

t.test('hits are, to the byte, what JavaScript makes of them', async (t) => {
  const app = await testApp(t, 'seeded');
  for (const kind of kinds.filter(({ searched }) => searched)) {
    for (const asked of [{ q: 'los angeles', count: 'exact' as const }, { q: '"city council" -school' }]) {
      const { made, page } = await bothPages(app, kind, asked);
      t.equal(made, keepsShown(kind) ? page : undefined, `${kind.name}: ${asked.q}`);
    }
  }
  const policy = kindNamed('policy');
  t.match((await bothPages(app, policy, { q: 'nowhere' })).made, '{"data":[],"meta":');
  const first = await bothPages(app, policy, { q: 'sanctuary', limit: 2, facets: ['type'] });
  t.equal(first.made, first.page);
  const cursor = new URL(first.next ?? '', 'http://here').searchParams.get('cursor') ?? '';
  const rest = await bothPages(app, policy, { q: 'sanctuary', limit: 2, cursor });
  t.equal(rest.made, rest.page);
});

t.test('where anything else is asked for than the records as they are, records are read', async (t) => {
  const { app } = await testApp(t, 'seeded');
  const place = { path: '/v1/policies', fixed: {}, restricted: false };
  const queries: readonly Partial<ListQuery>[] = [
    {},
    { q: 'sanctuary', sort: 'title' },
    { q: 'sanctuary', fields: ['title'] },
    { q: 'sanctuary', include: ['topics'] },
    { q: 'sanctuary', include_deleted: true },
  ];
  for (const query of queries) {
    const made = await searchJson(
      app.engine,
      kindNamed('policy'),
      { limit: 20, ...query } as ListQuery,
      place,
    );
    t.equal(made, undefined, JSON.stringify(query));
  }
});

t.test('what a row does not keep is made', async (t) => {
  const app = await testApp(t, 'seeded');
  const kind = kindNamed('policy');
  const before = await bothPages(app, kind, { q: 'sanctuary' });
  await app.db.write((session) =>
    session.run('forget what is shown', (on) => on.update(tableOf(app.db, kind)).set({ shown_of: null })),
  );
  t.same(await bothPages(app, kind, { q: 'sanctuary' }), before);
});
