import t from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { placeholders } from '../../src/engine/rows.ts';
import { keepSweeping, sweep } from '../../src/engine/sweeps.ts';
import { writer } from '../http/writer.ts';

type Tester = Awaited<ReturnType<typeof writer>>;

const HOUR = 3_600_000;

const pass = ({ clock }: Tester, hours: number) => {
  clock.now = new Date(clock.now.getTime() + hours * HOUR);
};

t.test('answers that were kept go after 24 hours, in small transactions', async (t) => {
  const tester = await writer(t);
  const { app, call, write, db, clock } = tester;
  const { idempotencyKeys } = db.tables;
  const row = {
    api_key_id: '01a2043f-4390-7655-b1e0-5bbf6a6f6f31',
    key: '',
    request_sha256: '',
    status: 201,
    headers: {},
    body: '',
    created_at: clock.now.toISOString(),
  };
  await db.write(async (session) => {
    for (let at = 0; at < 1500; at += 1)
      await session.run(
        'test: keep',
        (on) => on.insert(idempotencyKeys).values(placeholders(Object.keys(row)) as never),
        { ...row, key: String(at) },
      );
  });
  pass(tester, 23);
  const headers = { 'idempotency-key': 'young' };
  await call('POST', '/v1/topics', { key: write, body: { name: 'A' }, headers });
  t.match(await sweep(app.engine), { idempotency_keys: 0 });
  pass(tester, 1);
  t.match(
    await sweep(app.engine),
    { idempotency_keys: 1500 },
    'all of them, though more than one transaction takes',
  );
  const again = await call('POST', '/v1/topics', { key: write, body: { name: 'A' }, headers });
  t.equal(again.headers['idempotent-replayed'], 'true', 'a younger one is kept');
});

t.test('places in orders go after seven days, and cursors that need them with them', async (t) => {
  const tester = await writer(t);
  const { app, call, make, patch, db } = tester;
  const [first] = [await make('topics', { name: 'AAA' }), await make('topics', { name: 'AAB' })];
  const next = async (url: string) => (await call('GET', url)).body.links.next;
  const old = await next('/v1/topics?sort=name&limit=1');
  await patch(`/v1/topics/${first.id}`, { name: 'ZZZ' });
  pass(tester, 24);
  const young = await next('/v1/topics?sort=name&limit=1');
  await patch(`/v1/topics/${first.id}`, { name: 'AAA' });
  const moves = async () =>
    (await db.read((session) => session.all('test: moves', (on) => on.select().from(db.tables.sortMoves))))
      .length;
  const before = await moves();
  pass(tester, 6 * 24 - 1);
  t.match(await sweep(app.engine), { sort_moves: 0 });
  t.equal((await call('GET', old)).status, 200, 'until then each is followed');
  pass(tester, 1);
  const { sort_moves } = await sweep(app.engine);
  t.ok(sort_moves > 0 && (await moves()) === before - sort_moves, 'then the oldest go');
  t.ok((await moves()) > 0);
  const { status, body } = await call('GET', old);
  t.match(
    [status, body.type, body.detail, body.errors],
    [400, '/problems/invalid-parameter', /has expired: start the list again/, [{ parameter: 'cursor' }]],
  );
  const page = await call('GET', young);
  t.equal(page.status, 200, 'a younger cursor is followed still');
  pass(tester, 24);
  await sweep(app.engine);
  t.equal(await moves(), 0);
  t.equal((await call('GET', young)).status, 400);
  const fresh = await next('/v1/topics?sort=name&limit=1');
  t.equal((await call('GET', fresh)).status, 200, 'a new cursor is good');
});

t.test('knowing whether a cursor has expired costs no statement', async (t) => {
  const { call, db } = await writer(t);
  const cost = async (url: string) => {
    const before = db.statements();
    const { body } = await call('GET', url);
    return [db.statements() - before, body.links.next] as const;
  };
  const [first, next] = await cost('/v1/topics?limit=2');
  t.equal((await cost(next))[0], first);
});

t.test('counts of writes go after seven days', async (t) => {
  const tester = await writer(t);
  const { app, db, clock } = tester;
  const row = {
    key_id: '01a2043f-4390-7655-b1e0-5bbf6a6f6f31',
    day: clock.now.toISOString().slice(0, 10),
    writes: 3,
  };
  await db.write((session) =>
    session.run(
      'test: count',
      (on) => on.insert(db.tables.keyWrites).values(placeholders(Object.keys(row)) as never),
      row,
    ),
  );
  pass(tester, 7 * 24);
  t.match(await sweep(app.engine), { key_writes: 0 });
  pass(tester, 24);
  t.match(await sweep(app.engine), { key_writes: 1 });
});

t.test('of the processes of a tracker one sweeps an hour', async (t) => {
  const tester = await writer(t);
  const { app, url } = tester;
  const db = await openDatabase(url);
  t.teardown(() => db.close());
  const done: string[] = [];
  const failed = (error: unknown) => t.fail(String(error));
  const sweepBoth = async () => {
    const stops = [app.engine, { ...app.engine, db }].map((engine, at) =>
      keepSweeping(engine, failed, [async () => done.push(`process ${at}`)]),
    );
    await Promise.all(stops.map((stop) => stop()));
  };
  await sweepBoth();
  t.equal(done.length, 1, 'one of two that start together');
  pass(tester, 0.9);
  await sweepBoth();
  t.equal(done.length, 1, 'none within the hour, however often they start');
  pass(tester, 0.1);
  await sweepBoth();
  t.equal(done.length, 2);
});

t.test('sweeping goes on after a failure, and ends when told', async (t) => {
  const { app, db } = await writer(t);
  const failures: unknown[] = [];
  const broken = { ...app.engine, db: { ...db, write: () => Promise.reject(new Error('down')) } };
  const stop = keepSweeping(broken as never, (error) => failures.push(error));
  await stop();
  t.match(failures, [{ message: 'down' }]);
  const done: unknown[] = [];
  const further = [() => Promise.reject(new Error('no')), async () => done.push('further')];
  await keepSweeping(app.engine, (error) => failures.push(error), further)();
  t.match(failures, [{ message: 'down' }, { message: 'no' }]);
  t.same(done, ['further'], 'one that fails keeps none from being done');
});
