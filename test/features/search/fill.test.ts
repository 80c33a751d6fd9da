/** Records from before there was an index of words come into it behind the service’s back. */
import t from 'tap';
import { sql } from '../../../src/db/drizzle.ts';
import { setMark } from '../../../src/engine/marks.ts';
import { checkTables } from '../../../src/exchange/check.ts';
import { fillSearch } from '../../../src/features/search/fill.ts';
import { testApp } from '../../helper.ts';

t.test(
  'a tracker without an index is given one, page by page, while it is written to',
  { timeout: 60_000 },
  async (t) => {
    const { app, call, key, db } = await testApp(t, 'seeded');
    const write = await key('write');
    const faults = async () => (await checkTables(db, undefined, ['search'])).flatMap(({ first }) => first);
    await db.write(
      async (session) => {
        const { searchDocuments, searchPostings } = db.tables;
        await session.run('no documents', (on) => on.delete(searchDocuments).where(sql`true`));
        await session.run('no postings', (on) => on.delete(searchPostings).where(sql`true`));
        await setMark(app.engine, session, 'search', { kind: 'jurisdiction', after: null });
      },
      { alone: true },
    );
    t.same((await call('GET', '/v1/policies?q=sanctuary')).body.data, []);
    t.same(await faults(), [], 'what is not there yet is no fault while it is being brought in');
    const body = { summary: 'A platypus was mentioned.' };
    await call('PATCH', '/v1/policies/lausd-emergency-resolutions', { key: write, ifMatch: '*', body });
    await call('PATCH', '/v1/jurisdictions/boston', { key: write, ifMatch: '*', body: { population: 1 } });

    const stopping = new AbortController();
    stopping.abort();
    t.equal(await fillSearch(app.engine, stopping.signal), 0, 'it can be stopped');
    t.ok((await fillSearch(app.engine, new AbortController().signal, 7)) > 100);
    t.equal(await fillSearch(app.engine, new AbortController().signal), 0, 'and is done once');
    t.same(await faults(), []);
    t.equal((await call('GET', '/v1/policies?q=sanctuary')).body.data.length, 4);
    t.equal((await call('GET', '/v1/policies?q=platypus')).body.data.length, 1);
  },
);
