import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { openDatabase } from '../src/db/open.ts';
import { createKey } from '../src/http/keys.ts';
import { appOver, blankDatabase, ONCE } from './databases.ts';
import { run, serve, stop, temporary } from './program.ts';

/** A raw connection, and all it has answered so far. */
async function rawConnection(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (part: Buffer) => {
    text += part;
  });
  const closed = once(socket, 'close');
  /** Waits until the answer matches; false when the connection ends, or five seconds pass, without. */
  const says = async (pattern: RegExp) => {
    const until = Date.now() + 5000;
    while (!pattern.test(text) && !socket.closed && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return pattern.test(text);
  };
  return { socket, closed, says, text: () => text };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The revision a service is at; one on a busy machine may ask for patience, as clients are told to have. */
async function revision(url: string, patience = 20): Promise<number> {
  const answer = await fetch(`${url}/v1/policies?limit=1`);
  const body = (await answer.json()) as { meta: { revision: number } };
  if (answer.status === 503 && patience > 0) {
    await pause(500);
    return revision(url, patience - 1);
  }
  if (answer.status !== 200) throw new Error(JSON.stringify(body));
  return body.meta.revision;
}

t.test('on an empty folder it migrates, seeds, answers, and stops when told to', async (t) => {
  const env = { DATABASE_URL: await blankDatabase(t) };
  const first = await serve(t, env);
  const answer = await fetch(`${first.url}/v1/policies/los-angeles-sanctuary-city-ordinance`);
  t.equal(answer.status, 200);
  t.match(await answer.json(), { slug: 'los-angeles-sanctuary-city-ordinance' });
  const before = await revision(first.url);
  t.match(first.log(), /filled the empty database with \d+ records/);
  const stream = await fetch(`${first.url}/v1/changes/stream?after=${before}`);
  // fetch keeps its connection open: one that is idle holds up nothing, and a stream is ended.
  const { code, took, stderr } = await stop(first);
  t.equal(code, 0);
  t.ok(took < 2000, `it stops in ${Math.round(took)} ms with an idle connection and a stream open`);
  t.equal(await stream.text(), 'retry: 2000\n\n', 'which ends as an answer should');
  t.equal(stderr, '');

  const second = await serve(t, env);
  t.notMatch(second.log(), /filled/, 'a second start fills nothing');
  t.equal(await revision(second.url), before);
  t.equal((await stop(second)).code, 0);
});

t.test(
  'a request that is under way is answered before the process ends, whatever it warned of',
  async (t) => {
    const DATABASE_URL = await blankDatabase(t);
    const db = await openDatabase(DATABASE_URL);
    const { key } = await createKey(db, new Date(), { name: 'slow', scope: 'write', expiresAt: null });
    await db.close();
    const server = await serve(t, { DATABASE_URL, SEED: 'false', CIVIC_PROT: '1' });
    t.equal((await fetch(`${server.url}/health/ready`)).status, 200, 'a warning does not stop the start');
    t.equal(await revision(server.url), 0, 'with SEED=false nothing is filled in');
    const { socket, says, closed, text } = await rawConnection(server.port);
    const idle = await rawConnection(server.port);
    const body = JSON.stringify({ name: 'Immigration', slug: 'slow-topic' });
    socket.write(
      `POST /v1/topics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    await pause(300);
    const ending = stop(server);
    await pause(700);
    t.equal(server.child.exitCode, null, 'it waits for the rest of the request');
    await t.rejects(rawConnection(server.port), { code: 'ECONNREFUSED' }, 'it takes no new connection');
    socket.write(body.slice(10));
    t.ok(await says(/"slug":"slow-topic"/), 'the answer comes');
    t.match(text(), /^HTTP\/1\.1 201 /);
    const { code, took, stderr } = await ending;
    t.equal(code, 0);
    t.equal(stderr, 'CIVIC_PROT is not a setting; did you mean PORT?\n');
    t.ok(
      took < 4000,
      `it ends at once afterwards, not when the connection is given up: ${Math.round(took)} ms`,
    );
    await Promise.all([closed, idle.closed]);

    const after = await openDatabase(DATABASE_URL);
    const app = await appOver({ db: after });
    t.equal((await app.inject('/v1/topics/slow-topic')).statusCode, 200, 'what was written is there');
    await app.close();
    await after.close();
  },
);

t.test(
  'a request that never ends holds the process for less than ten seconds',
  { timeout: 40_000, ...ONCE },
  async (t) => {
    const server = await serve(t, { SEED: 'false' });
    const { socket, closed } = await rawConnection(server.port);
    socket.write(
      'POST /v1/topics HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    await pause(300);
    const { took, signal } = await stop(server);
    t.ok(took < 10_000, `${Math.round(took)} ms`);
    t.equal(signal, null, 'it ends by itself');
    await closed;
  },
);

t.test('a setting that is not right is one line on stderr and exit status 1', ONCE, async (t) => {
  const { code, stdout, stderr } = await run(t, ['src/server.ts'], { PORT: 'http' }).ended;
  t.equal(code, 1);
  t.equal(stderr, "PORT is 'http': it must be a number from 0 to 65535\n");
  t.equal(stdout, '');
});

t.test('what cannot be used is one line on stderr and exit status 1', ONCE, async (t) => {
  const folder = temporary(t);
  const text = join(folder, 'text.db');
  writeFileSync(text, 'this is no database, however long it goes on; '.repeat(100));
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const port = String((taken.address() as AddressInfo).port);
  const usable = `sqlite:${join(folder, 'civic.db')}`;
  const cases: readonly (readonly [name: string, env: Record<string, string>, says: RegExp])[] = [
    [
      'a file that is no database',
      { DATABASE_URL: `sqlite:${text}` },
      /DATABASE_URL.*text\.db.*not a database/,
    ],
    ['a folder', { DATABASE_URL: `sqlite:${folder}` }, /DATABASE_URL.*civic-program-/],
    ['a file in a file', { DATABASE_URL: `sqlite:${join(text, 'civic.db')}` }, /DATABASE_URL.*text\.db/],
    ['a port that is taken', { DATABASE_URL: usable, SEED: 'false', PORT: port }, /EADDRINUSE.*127\.0\.0\.1/],
  ];
  for (const [name, env, says] of cases) {
    // The command has a way of its own to end where the database is fine.
    for (const args of [['src/server.js'], ...(env.SEED ? [['src/cli.ts', 'serve']] : [])]) {
      const { code, stdout, stderr } = await run(t, args, { PORT: '0', ...env, LOG_LEVEL: 'silent' }).ended;
      t.equal(code, 1, `${name}: ${args.join(' ')}`);
      t.match(stderr, says, name);
      t.match(stderr, /^[^\n]+\n$/, `${name}: one line`);
      t.equal(stdout, '', `${name}: nothing on stdout`);
    }
  }
});

t.test('two that start at once on one empty folder both serve what is seeded once', async (t) => {
  const DATABASE_URL = await blankDatabase(t);
  const servers = await Promise.all([serve(t, { DATABASE_URL }), serve(t, { DATABASE_URL })]);
  const [one, other] = await Promise.all(servers.map(({ url }) => revision(url)));
  t.equal(one, other);
  const filled = servers.filter((server) => /filled/.test(server.log()));
  t.equal(filled.length, 1, 'only one says that it filled the database');
  const runs = await fetch(`${servers[0]?.url}/v1/import-runs`);
  const { data } = (await runs.json()) as { data: { status: string }[] };
  t.same(
    data.map(({ status }) => status),
    ['done'],
    'and none tried beside it',
  );
  await Promise.all(servers.map(stop));
});
