/**
 * The webhook drill, `npm run drill:webhooks`: clients write to two processes of the service on one database, and two
 * receivers are told, one of which refuses some messages, hangs up or is slow. Again and again one of the processes is
 * killed with SIGKILL under load. In the end every change has to have arrived at least once, and what concerns one record
 * in the order of the log. `--rounds N` kills as often (20); `--engine postgres`; `--seed N` repeats a run's choices.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Webhook as Verifier } from 'standardwebhooks';
import { openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { Client, makePlace } from './clients.ts';
import { numbers } from './requests.ts';
import { launch, type Service, stage } from './service.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    engine: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const rounds = Number(options.rounds);
const random = numbers(Number(options.seed));
const CLIENTS = 6;
/** Longest time under load before a kill, and longest wait for the last message, in milliseconds. */
const [LOAD, LAST] = [1_500, 180_000];

interface Arrival {
  readonly id: string;
  readonly seq: number;
  readonly record: string;
}

const faults: string[] = [];
const tally = { refused: 0, hungUp: 0, slow: 0 };

/** A receiver that, where it is moody, does not take everything the first time. */
async function receiver(moody: boolean) {
  const arrivals: Arrival[] = [];
  const met = new Set<string>();
  const state = { secret: '' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const text = Buffer.concat(chunks).toString();
      const headers = request.headers as Record<string, string>;
      try {
        const { data } = new Verifier(state.secret).verify(text, headers) as {
          data: { seq: number; record_id: string };
        };
        arrivals.push({ id: String(headers['webhook-id']), seq: data.seq, record: data.record_id });
      } catch (error) {
        faults.push(`a message that is not right: ${(error as Error).message}`);
      }
      const first = !met.has(String(headers['webhook-id']));
      met.add(String(headers['webhook-id']));
      const mood = moody && first ? random() : 1;
      if (mood < 0.03) {
        tally.hungUp += 1;
        request.socket.destroy();
        return;
      }
      if (mood < 0.1) tally.refused += 1;
      else if (mood < 0.15) {
        tally.slow += 1;
        await pause(200);
      }
      response.writeHead(mood < 0.1 ? 503 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, arrivals, state, close: () => server.closeAllConnections() ?? server.close() };
}

/** Starts a service that may speak with receivers on this machine. */
async function ready(url: string): Promise<Service> {
  const service = await launch(url, { WEBHOOK_ALLOWED: '127.0.0.1' });
  await service.ready();
  return service;
}

/** Numbers of the changes after one, by kind. */
async function changesAfter(url: string, after: number): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (let next: string | null = `/v1/changes?content=false&limit=1000&after=${after}`; next !== null; ) {
    const answer = await fetch(url + next);
    const page = (await answer.json()) as {
      data: { seq: number; kind: string }[];
      links: { next: string | null };
    };
    for (const { seq, kind } of page.data) found.set(seq, kind);
    next = page.links.next;
  }
  return found;
}

const place = await stage(options.engine);
const began = performance.now();
try {
  const db = await openDatabase(place.url);
  const { key } = await createKey(db, new Date(), { name: 'drill', scope: 'admin', expiresAt: null });
  await db.close();
  const services = [await ready(place.url), await ready(place.url)];
  const [one, other] = [await receiver(true), await receiver(false)];
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  for (const [{ url, state }, kinds] of [
    [one, null],
    [other, ['topic']],
  ] as const) {
    const body = JSON.stringify({ url, kinds, after: 0 });
    const answer = await fetch(`${services[0]?.url}/v1/webhooks`, { method: 'POST', headers, body });
    state.secret = ((await answer.json()) as { secret: string }).secret;
  }
  await makePlace(services[0]?.url as string, key);
  const clients = Array.from({ length: CLIENTS }, (_, at) => new Client(`c${at}`, key, random));
  for (let round = 1; round <= rounds && faults.length === 0; round += 1) {
    const until = performance.now() + random() * LOAD;
    const running = clients.map((client, at) =>
      client.run((services[at % 2] as Service).url, () => performance.now() > until),
    );
    const victim = round % 2;
    await pause(Math.max(0, until - performance.now()) * random());
    await services[victim]?.kill();
    await Promise.all(running);
    services[victim] = await ready(place.url);
    for (const client of clients) await client.settle((services[victim] as Service).url);
    for (const client of clients) faults.push(...client.refused.splice(0));
  }
  const written = performance.now();
  const changes = await changesAfter((services[0] as Service).url, 0);
  const wanted = [
    { name: 'the moody receiver', ...one, seqs: [...changes.keys()] },
    {
      name: 'the receiver of topics',
      ...other,
      seqs: [...changes].flatMap(([seq, kind]) => (kind === 'topic' ? [seq] : [])),
    },
  ];
  const missing = ({ arrivals, seqs }: (typeof wanted)[number]) => {
    const arrived = new Set(arrivals.map(({ seq }) => seq));
    return seqs.filter((seq) => !arrived.has(seq));
  };
  while (wanted.some((one) => missing(one).length > 0) && performance.now() - written < LAST)
    await pause(100);
  const last = performance.now();
  // Nothing more may come but what is sent once more.
  await pause(1_000);
  for (const told of wanted) {
    const left = missing(told);
    if (left.length > 0)
      faults.push(`${told.name} was never told of ${left.length} changes: ${left.slice(0, 5)}`);
    const newest = new Map<string, number>();
    for (const { record, seq } of told.arrivals) {
      if (seq < (newest.get(record) ?? 0))
        faults.push(`${told.name}: ${seq} of ${record} came after ${newest.get(record)}`);
      newest.set(record, Math.max(seq, newest.get(record) ?? 0));
    }
    const twice = told.arrivals.length - new Set(told.arrivals.map(({ id }) => id)).size;
    process.stdout.write(
      `${told.name}: ${told.seqs.length} changes, ${told.arrivals.length} arrivals, ${twice} of them again, ${newest.size} records\n`,
    );
  }
  for (const service of services) await service.kill();
  one.close();
  other.close();
  process.stdout.write(
    `${rounds} kills on ${options.engine}, seed ${options.seed}, in ${Math.round((last - began) / 1000)} s; the last message came ${Math.round((last - written) / 1000)} s after the last write\n` +
      `${tally.refused} messages refused, ${tally.hungUp} hung up on, ${tally.slow} taken slowly\n`,
  );
} finally {
  await place.end();
}
for (const fault of faults.slice(0, 20)) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(faults.length === 0 ? 'nothing missed, all in order\n' : `${faults.length} faults\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
