/** Several processes that serve together, as one starts them and watches them. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { blankDatabase, ONCE } from '../databases.ts';
import { type Running, run, serve, stop } from '../program.ts';
import { until } from '../until.ts';

const TWO = { WORKERS: '2', SEED: 'false', RATE_LIMIT: 'off' };

/** Process ids of the workers that a process has started. */
function workersOf({ child: { pid } }: Running): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
}

const alive = (pid: string) => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

t.test('two serve one database, one that dies is replaced, and both stop', { timeout: 60_000 }, async (t) => {
  const DATABASE_URL = await blankDatabase(t);
  const served = await serve(t, { ...TWO, DATABASE_URL, SEED: 'true' });
  t.equal(served.log().match(/Server listening at/g)?.length, 1, 'where they listen is said once');
  t.equal(served.log().match(/filled the empty database/g)?.length, 1, 'one has filled the database');
  const workers = workersOf(served);
  t.equal(workers.length, 2);

  const db = await openDatabase(DATABASE_URL);
  const { key } = await createKey(db, new Date(), { name: 'test', scope: 'write', expiresAt: null });
  await db.close();
  const write = async (at: number) => {
    const answer = await fetch(`${served.url}/v1/topics`, {
      method: 'POST',
      // A connection for each, so that both get some.
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ name: `Topic ${at}`, slug: `of-two-${at}` }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const statuses = await Promise.all(Array.from({ length: 40 }, (_, at) => write(at)));
  t.same([...new Set(statuses)], [201], 'all writes are taken');
  const figures = await (await fetch(`${served.url}/metrics`)).text();
  const told = (text: string) =>
    Number(
      figures
        .split('\n')
        .find((line) => line.startsWith(text))
        ?.split(' ')
        .at(-1),
    );
  t.equal(
    told('civic_http_request_duration_seconds_count{method="POST",route="/v1/topics",status="201"}'),
    40,
    'whichever is asked tells the figures of both',
  );
  t.equal(told('civic_database_up'), 1, 'which are no sums where they are of the one tracker');
  const changes = await fetch(`${served.url}/v1/changes?after=0&limit=200&kind=topic`);
  t.equal(changes.status, 200);

  process.kill(Number(workers[0]), 'SIGKILL');
  t.ok(
    await until(() => workersOf(served).length === 2 && !workersOf(served).includes(workers[0] as string)),
    'there are two again',
  );
  t.match(served.log(), new RegExp(`worker ${workers[0]} has died`));
  t.equal(
    (await fetch(`${served.url}/v1/topics/of-two-39`, { headers: { connection: 'close' } })).status,
    200,
  );

  const left = workersOf(served);
  const { code, stderr } = await stop(served);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.same(left.filter(alive), [], 'nobody is left behind');
});

t.test('workers whose starter is killed end by themselves', ONCE, async (t) => {
  const served = await serve(t, TWO);
  const workers = workersOf(served);
  served.child.kill('SIGKILL');
  t.ok(await until(() => !workers.some(alive)), 'they have nobody to answer to');
});

t.test('what keeps the first from serving is said once, and ends all', ONCE, async (t) => {
  const { code, stdout, stderr } = await run(t, ['src/server.js'], {
    ...TWO,
    PORT: '0',
    DATABASE_URL: 'sqlite:/',
    LOG_LEVEL: 'silent',
  }).ended;
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(stderr, /^DATABASE_URL is .*\n$|^cannot start: DATABASE_URL: [^\n]+\n$/);
});
