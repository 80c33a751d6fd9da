import t from 'tap';
import { openDatabase } from '../src/db/open.ts';
import { freshDatabase, templates } from './databases.ts';
import { everyRow } from './exchange/whole.ts';
import { testApp, withApp } from './helper.ts';

for (const template of templates)
  t.test(`what a test does with the ${template} tracker is gone for the next`, async (t) => {
    let first: unknown;
    await t.test('one test writes', async (t) => {
      const { app, call, clock, key } = await testApp(t, template);
      first = app;
      const admin = await key('admin');
      const topic = (await call('POST', '/v1/topics', { key: admin, body: { name: 'Fences' } })).body;
      await call('PATCH', `/v1/topics/${topic.id}`, {
        key: admin,
        ifMatch: '"1"',
        headers: { 'content-type': 'application/merge-patch+json' },
        payload: JSON.stringify({ name: 'Walls and fences' }),
      });
      for (const path of template === 'seeded' ? ['topics', 'citations'] : []) {
        const [record] = (await call('GET', `/v1/${path}?limit=1&sort=created_at`)).body.data;
        const { status } = await call('DELETE', `/v1/${path}/${record.id}?cascade=true`, {
          key: admin,
          ifMatch: '*',
        });
        t.equal(status, 204, `one of the ${path} that were there is deleted`);
      }
      clock.now = new Date('2030-01-01T00:00:00.000Z');
    });
    await t.test('the next finds what the template holds, to the last row', async (t) => {
      const { app, call, clock, db } = await testApp(t, template);
      t.ok(app === first, 'in the same app');
      t.same(await everyRow(db), await rowsOf(await freshDatabase(t, template)));
      t.equal(clock.now.toISOString(), '2026-01-31T12:00:00.000Z');
      t.equal((await call('GET', '/v1/topics?q=fences')).body.data.length, 0, 'nothing of it is found');
    });
  });

async function rowsOf(url: string): Promise<unknown> {
  const db = await openDatabase(url);
  const rows = await everyRow(db);
  await db.close();
  return rows;
}

t.test('what a test has closed, or put something in the place of, is not lent again', async (t) => {
  const spoilt: unknown[] = [];
  await withApp(t, async ({ app }) => {
    spoilt.push(app);
    await app.close();
  });
  await withApp(t, async ({ app, db }) => {
    t.notOk(spoilt.includes(app));
    spoilt.push(app);
    await db.close();
  });
  await withApp(t, async ({ app, db }) => {
    t.notOk(spoilt.includes(app));
    spoilt.push(app);
    Object.assign(db, { read: () => Promise.reject(new Error('put there by a test')) });
  });
  await withApp(t, async ({ app }) => {
    t.notOk(spoilt.includes(app));
    spoilt.push(app);
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  await withApp(t, async ({ app, call }) => {
    t.notOk(spoilt.includes(app));
    t.equal((await call('GET', '/v1/topics')).status, 200);
  });
});
