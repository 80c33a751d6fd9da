/** What is decided between two processes of one tracker: two apps, each with connections of its own to one database. */
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { catchingUp } from '../../src/engine/catching-up.ts';
import { setMark } from '../../src/engine/marks.ts';
import { create } from '../../src/engine/write.ts';
import { createKey, revokeKey } from '../../src/http/keys.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { appOver } from '../databases.ts';
import { send, testApp } from '../helper.ts';

async function two(t: Test) {
  const tested = await testApp(t, 'empty');
  const { clock } = tested;
  const db = await openDatabase(tested.url);
  const app = await appOver({ db, now: () => clock.now, elapsed: () => clock.now.getTime() });
  await app.ready();
  t.teardown(async () => {
    await app.close();
    await db.close();
  });
  return { ...tested, apps: [tested.app, app] as const };
}

t.test('a request that is sent to both at once is done once, and answered alike', async (t) => {
  const { apps, key } = await two(t);
  const write = await key('write');
  for (let round = 0; round < 5; round += 1) {
    const options = {
      key: write,
      body: { name: `Topic ${round}` },
      headers: { 'idempotency-key': `round-${round}` },
    };
    const answers = await Promise.all(
      [...apps, ...apps].map((app) => send(app, 'POST', '/v1/topics', options)),
    );
    // Where the first is still being worked on the others are told so, and may come again.
    const made = answers.filter(({ status }) => status === 201);
    t.ok(answers.every(({ status }) => status === 201 || status === 409));
    const again = await Promise.all(apps.map((app) => send(app, 'POST', '/v1/topics', options)));
    const ids = new Set([...made, ...again].map(({ body }) => body.id));
    t.equal(ids.size, 1, 'one record');
  }
  const list = await send(apps[1], 'GET', '/v1/topics?count=exact', {});
  t.equal(list.body.meta.total, 5);
});

t.test('of two changes to one version one is made, whichever process each comes to', async (t) => {
  const { apps, key } = await two(t);
  const write = await key('write');
  const { body } = await send(apps[0], 'POST', '/v1/topics', { key: write, body: { name: 'Contended' } });
  for (let version = 1; version <= 6; version += 1) {
    const answers = await Promise.all(
      apps.map((app, at) =>
        send(app, 'PATCH', `/v1/topics/${body.id}`, {
          key: write,
          ifMatch: `"${version}"`,
          body: { description: `${version} by ${at}` },
        }),
      ),
    );
    t.same(answers.map(({ status }) => status).sort(), [200, 412]);
  }
});

t.test('what a key may write in a day is what it may write at all processes together', async (t) => {
  const { apps, db, clock } = await two(t);
  const { key } = await createKey(db, clock.now, {
    name: 'limited',
    scope: 'write',
    expiresAt: null,
    dailyWrites: 5,
  });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      send(apps[at % 2] as (typeof apps)[0], 'POST', '/v1/topics', { key, body: { name: `Topic ${at}` } }),
    ),
  );
  t.equal(answers.filter(({ status }) => status === 201).length, 5);
  t.equal(answers.filter(({ status }) => status === 429).length, 5);
});

t.test('a key that is revoked at one is refused by the other within a second', async (t) => {
  const { apps, db, clock } = await two(t);
  const made = await createKey(db, clock.now, { name: 'short', scope: 'read', expiresAt: null });
  const ask = () => send(apps[1], 'GET', '/v1/topics', { key: made.key });
  t.equal((await ask()).status, 200);
  await revokeKey(db, clock.now, made.id);
  clock.now = new Date(clock.now.getTime() + 1_000);
  t.equal((await ask()).status, 401);
});

t.test('what an upgrade left to be done is done once by two that start at once', async (t) => {
  const { apps } = await two(t);
  const done: number[] = [];
  const LAST = 12;
  const job = catchingUp<number>({
    mark: 'test of catching up',
    reason: 'a test',
    page: 1,
    work: async (writer, place) => {
      await create(writer, kindNamed('topic'), { name: `Page ${place}` });
      done.push(place);
      return { seen: 1, next: place < LAST ? place + 1 : null };
    },
  });
  const [{ engine }] = apps;
  await engine.db.write((session) => setMark(engine, session, 'test of catching up', 1));
  const never = new AbortController().signal;
  const seen = await Promise.all(apps.map((app) => job(app.engine, never)));
  t.equal(
    seen.reduce((all, one) => all + one),
    LAST,
  );
  const list = await send(apps[0], 'GET', '/v1/topics?count=exact', {});
  t.equal(list.body.meta.total, LAST, 'each page once');
  t.same([...new Set(done)].length, LAST);
});
