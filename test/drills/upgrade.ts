/**
 * The upgrade drill, `npm run drill:upgrade`: clients ask without a pause, on connections that they keep and on new ones,
 * while one process after another takes over the port. Counts the requests that failed, by kind of client and fault; a
 * client that keeps its connections may be told by the end of one that it had not used since, and asks again as the
 * standard has it (RFC 9112, section 9.3.1), which is counted by itself. `--rounds N` takes over as often (200);
 * `--workers N` has each of them be several processes; `--engine postgres`. Fails when a request fails.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepare, stage } from './service.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    workers: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sqlite' },
  },
});
const rounds = Number(options.rounds);

/** How long a client waits between two questions, in milliseconds, and how many clients there are of each kind. */
const [THINKING, EACH] = [5, 4];

/** By kind of client: how often it was answered, had to ask again, and met which fault. */
const tally = new Map<string, { answered: number; again: number; faults: Map<string, number> }>();
let going = true;

/** What became of a request: its status, and of a problem what it says; or the fault of its connection. */
interface Told {
  readonly status?: number;
  readonly said?: string;
  readonly fault?: string;
  readonly reused: boolean;
}

function ask(url: string, agent: Agent): Promise<Told> {
  return new Promise((resolve) => {
    const request = get(url, { agent }, (response) => {
      const { statusCode: status = 0 } = response;
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.once('end', () => {
        const told = { status, reused: request.reusedSocket };
        resolve(status === 200 ? told : { ...told, said: JSON.parse(text).detail });
      });
      response.once('error', ({ message }) => resolve({ fault: message, reused: false }));
    });
    request.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ fault: error.code ?? error.message, reused: request.reusedSocket }),
    );
  });
}

/** Asks until the end; `thinking` milliseconds pass between an answer and the next question. */
async function client(kind: string, url: string, keepAlive: boolean, thinking: number): Promise<void> {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  const counted = tally.get(kind) ?? { answered: 0, again: 0, faults: new Map<string, number>() };
  tally.set(kind, counted);
  while (going) {
    let told = await ask(`${url}/v1/topics?limit=1`, agent);
    if (told.fault !== undefined && told.reused) {
      counted.again += 1;
      told = await ask(`${url}/v1/topics?limit=1`, agent);
    }
    if (told.status === 200) counted.answered += 1;
    else {
      const name = told.fault ?? `${told.status} ${told.said}`;
      counted.faults.set(name, (counted.faults.get(name) ?? 0) + 1);
    }
    await pause(thinking);
  }
  agent.destroy();
}

/** Starts the service on a port, 0 for any; resolves once it listens. */
async function serve(databaseUrl: string, port: number) {
  const child = spawn(process.execPath, ['src/server.js'], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      WORKERS: options.workers,
      DATABASE_URL: databaseUrl,
      SEED: 'false',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  process.setMaxListeners(0);
  const ended = once(child, 'exit');
  let log = '';
  const listening = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      // Workers that serve already write much before the last of them does.
      log = (log + text).slice(-10_000);
      const [, taken] = /Server listening at \S+:(\d+)/.exec(log) ?? [];
      if (taken) resolve(Number(taken));
    });
    child.once('exit', (code) => reject(new Error(`the service ended with status ${code}: ${log}`)));
  });
  return { child, ended, port: await listening };
}

const { url: databaseUrl, end } = await stage(options.engine);
try {
  await prepare(databaseUrl);
  let serving = await serve(databaseUrl, 0);
  const url = `http://127.0.0.1:${serving.port}`;
  const clients = Array.from({ length: EACH }, () => [
    client('kept connections', url, true, THINKING),
    client('kept connections, a second of thought', url, true, 1_000),
    client('new connections', url, false, THINKING),
  ]).flat();
  let longest = 0;
  for (let round = 0; round < rounds; round += 1) {
    const next = await serve(databaseUrl, serving.port);
    const told = performance.now();
    serving.child.kill('SIGTERM');
    const [code] = await serving.ended;
    if (code !== 0) throw new Error(`a service that was told to stop ended with status ${code}`);
    longest = Math.max(longest, performance.now() - told);
    serving = next;
    if ((round + 1) % 20 === 0) process.stdout.write(`${round + 1} of ${rounds} rounds\n`);
  }
  going = false;
  await Promise.all(clients);
  serving.child.kill('SIGTERM');
  await serving.ended;
  report(longest);
} finally {
  await end();
}

function report(longest: number): void {
  const setting = '/proc/sys/net/ipv4/tcp_migrate_req';
  const migrates = existsSync(setting) ? readFileSync(setting, 'utf8').trim() : 'unknown';
  process.stdout.write(
    `${rounds} times a process took over; net.ipv4.tcp_migrate_req is ${migrates}; none took longer than ${Math.round(longest)} ms to stop\n`,
  );
  for (const [kind, { answered, again, faults }] of tally) {
    const failed = [...faults].map(([name, times]) => `${times} ${name}`).join(', ') || 'none failed';
    process.stdout.write(`${kind}: ${answered} answered, ${again} asked again, ${failed}\n`);
    if (faults.size > 0) process.exitCode = 1;
  }
}
