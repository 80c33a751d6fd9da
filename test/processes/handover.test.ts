/** One process takes over a port from another, and clients do not notice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { blankDatabase, ONCE } from '../databases.ts';
import { run, serve, stop } from '../program.ts';
import { until } from '../until.ts';

const PLAIN = { SEED: 'false', RATE_LIMIT: 'off', WEBHOOKS: 'false' };

/** A connection that was made in the moment in which a socket was given up, and had not been taken yet. */
const UNTAKEN = 'a new connection: ECONNRESET';

/** Whether the system moves such connections to whoever else listens, rather than reset them. */
const SETTING = '/proc/sys/net/ipv4/tcp_migrate_req';
const MOVES = existsSync(SETTING) && readFileSync(SETTING, 'utf8').trim() === '1';

/** Asks again and again until it is told to stop; returns what went wrong, and how often it was answered. */
function asking(url: string, keepAlive: boolean) {
  const agent = new Agent({ keepAlive, maxSockets: 2 });
  const faults: string[] = [];
  let [answered, going] = [0, true];
  const ask = () =>
    new Promise<void>((resolve) => {
      const request = get(`${url}/v1/topics?limit=1`, { agent }, (response) => {
        if (response.statusCode === 200) answered += 1;
        else faults.push(String(response.statusCode));
        response.resume().once('end', resolve).once('error', resolve);
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        faults.push(`a ${request.reusedSocket ? 'kept' : 'new'} connection: ${error.code}`);
        resolve();
      });
    });
  const loop = (async () => {
    while (going) {
      await ask();
      await pause(3);
    }
  })();
  return {
    end: async () => {
      going = false;
      await loop;
      agent.destroy();
      return { faults, answered };
    },
  };
}

t.test(
  'a second process takes over the port, and no request fails',
  { ...ONCE, timeout: 60_000 },
  async (t) => {
    const DATABASE_URL = await blankDatabase(t);
    let serving = await serve(t, { ...PLAIN, DATABASE_URL });
    const { url, port } = serving;
    const clients = [true, true, false].map((keepAlive) => asking(url, keepAlive));
    for (let round = 0; round < 2; round += 1) {
      const next = await serve(t, { ...PLAIN, DATABASE_URL, PORT: String(port) });
      t.equal(next.port, port);
      const { code, took } = await stop(serving);
      t.equal(code, 0);
      t.ok(took < 5_000, `the first is gone after ${Math.round(took)} ms`);
      serving = next;
    }
    for (const client of clients) {
      const { faults, answered } = await client.end();
      t.same(
        faults.filter((fault) => MOVES || fault !== UNTAKEN),
        [],
        `${answered} answers, and no fault`,
      );
      t.ok(faults.length <= 2, 'the system has its moment at each time');
      t.ok(answered > 20);
    }
    await stop(serving);
  },
);

t.test('an answer that is given while a process stops says that its connection ends', ONCE, async (t) => {
  const served = await serve(t, PLAIN);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) =>
      get(`${served.url}/v1/topics`, { agent }, (response) => {
        const { statusCode: status, headers } = response;
        response.resume();
        resolve({ status, connection: headers.connection });
      }).once('error', reject),
    );
  t.same(await ask(), { status: 200, connection: 'keep-alive' });
  const ended = stop(served);
  const statuses = new Set<number | undefined>();
  // It is told to stop some time before it hears of it.
  await until(async () => {
    const { status, connection } = await ask();
    statuses.add(status);
    return connection === 'close';
  });
  t.same([...statuses], [200]);
  t.equal((await ended).code, 0);
  agent.destroy();
});

t.test('a port that others serve is refused, however willing they are to share it', ONCE, async (t) => {
  const tracker = await serve(t, PLAIN);
  const program = createServer((_request, response) => response.end('hello'));
  program.listen({ port: 0, host: '127.0.0.1', reusePort: true });
  await once(program, 'listening');
  t.teardown(() => program.close());
  const rows: [port: number, says: RegExp][] = [
    [tracker.port, /cannot be listened on: a tracker with another database answers there/],
    [(program.address() as AddressInfo).port, /cannot be listened on: another program answers there/],
  ];
  for (const [port, says] of rows)
    for (const WORKERS of ['1', '2']) {
      const env = { ...PLAIN, WORKERS, PORT: String(port), DATABASE_URL: await blankDatabase(t) };
      const { code, stderr } = await run(t, ['src/server.js'], { ...env, LOG_LEVEL: 'silent' }).ended;
      t.equal(code, 1);
      t.match(stderr, says);
      t.match(stderr, /^[^\n]+\n$/, 'in one line');
    }
  await stop(tracker);
});

/** Two processes, one after the other, on a socket that outlives each, as a service manager keeps it. */
const SUCCESSION = `for round in 1 2; do sh -c 'LISTEN_PID=$$ exec "$NODE" src/server.js'; done`;

t.test('on a socket that is passed, clients wait from one process to the next', ONCE, async (t) => {
  const listener = createListener().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const { fd } = (listener as unknown as { _handle: { fd: number } })._handle;
  const manager = spawn('sh', ['-c', SUCCESSION], {
    env: {
      PATH: process.env.PATH,
      NODE: process.execPath,
      LISTEN_FDS: '1',
      DATABASE_URL: await blankDatabase(t),
      ...PLAIN,
    },
    stdio: ['ignore', 'pipe', 'inherit', fd],
  });
  // The processes have it now; we would take connections, too.
  listener.close();
  let log = '';
  manager.stdout?.on('data', (text) => {
    log += text;
  });
  const serving = () => [...log.matchAll(/"pid":(\d+)[^\n]*Server listening at (\S+?)"/g)];
  t.teardown(() => {
    for (const [, pid] of serving()) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    manager.kill('SIGKILL');
  });
  const ask = async () =>
    (await fetch(`http://127.0.0.1:${port}/health/ready`, { headers: { connection: 'close' } })).status;
  t.equal(await ask(), 200, 'whoever comes before the first process serves is answered, too');
  await until(() => serving().length >= 1);
  const [[, first, address] = []] = serving();
  t.equal(address, `http://127.0.0.1:${port}`);
  process.kill(Number(first), 'SIGTERM');
  await pause(300);
  t.equal(await ask(), 200, 'whoever comes between is answered by the second');
  await until(() => serving().length >= 2);
  process.kill(Number(serving()[1]?.[1]), 'SIGTERM');
  await once(manager, 'close');
});
