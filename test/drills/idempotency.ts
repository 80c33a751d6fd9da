/**
 * The drill of repeated requests, `npm run drill:idempotency`: 1,000 requests are each sent 20 times at once, to two
 * processes of the service on one database, and again while the answer is that the first is still running or that the
 * service is busy. Each key must have given one record, and all of its senders one answer, to the byte.
 * `--keys N` and `--duplicates N` change the size; `--engine postgres` runs it on a database server.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../src/db/open.ts';
import { launch, prepare, stage } from './service.ts';

const { values: options } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000' },
    duplicates: { type: 'string', default: '20' },
    engine: { type: 'string', default: 'sqlite' },
  },
});
const [keys, duplicates] = [Number(options.keys), Number(options.duplicates)];
/** Keys whose requests are under way at one time. */
const AT_ONCE = 8;
/** Milliseconds until a request is sent again; the service asks for a second, which would only take longer. */
const AGAIN = 20;

const { url: databaseUrl, end } = await stage(options.engine);
const tally = { sent: 0, done: 0, replayed: 0, running: 0, busy: 0 };
const faults: string[] = [];
try {
  const apiKey = await prepare(databaseUrl);
  const services = [await launch(databaseUrl), await launch(databaseUrl)] as const;
  await Promise.all(services.map((service) => service.ready()));
  const start = performance.now();
  const waiting = Array.from({ length: keys }, (_, at) => at);
  const work = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) await sendAll(at);
  };

  /** Sends one request many times at once, to both processes, and compares what comes back. */
  const sendAll = async (at: number) => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: duplicates }, (_, copy) => send(services[copy % 2]?.url ?? '', at, key)),
    );
    const told = new Set(answers);
    if (told.size !== 1) faults.push(`key ${at}: ${told.size} different answers`);
  };

  const send = async (service: string, at: number, key: string): Promise<string> => {
    for (;;) {
      tally.sent += 1;
      const answer = await fetch(`${service}/v1/topics`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ name: `Topic ${at}` }),
      });
      const text = await answer.text();
      const { status, headers } = answer;
      if (status === 201) {
        tally[headers.get('idempotent-replayed') ? 'replayed' : 'done'] += 1;
        return `${headers.get('location')} ${headers.get('etag')} ${text}`;
      }
      if (status !== 409 && status !== 503) return `${status}: ${text}`;
      tally[status === 409 ? 'running' : 'busy'] += 1;
      await pause(AGAIN * Math.random());
    }
  };

  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(services.map((service) => service.kill()));

  const db = await openDatabase(databaseUrl);
  const { idempotencyKeys, changes, kinds } = db.tables;
  const counts: Record<string, number> = {};
  for (const [what, table] of Object.entries({
    topics: kinds.get('topic'),
    changes,
    answers: idempotencyKeys,
  })) {
    const rows = await db.read((session) =>
      session.all(`all ${what}`, (on) => on.select().from(table as never)),
    );
    counts[what] = rows.length;
    if (rows.length !== keys) faults.push(`${rows.length} ${what} for ${keys} keys`);
  }
  await db.close();
  process.stdout.write(
    `${options.engine}: ${keys} keys × ${duplicates} duplicates on two processes in ${seconds.toFixed(1)} s: ` +
      `${counts.topics} records, ${counts.changes} changes, ${counts.answers} answers kept\n` +
      `${tally.sent} requests: ${tally.done} done, ${tally.replayed} given the first answer, ` +
      `${tally.running} told that it still runs, ${tally.busy} that the service is busy\n`,
  );
} finally {
  await end();
}
for (const fault of faults.slice(0, 20)) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(
  faults.length === 0 ? 'one record for each key, and one answer\n' : `${faults.length} faults\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
