/**
 * How well, and at what cost, `GET /v1/statements/similar` finds the utterance that a quotation reports:
 * `npm run bench:similar`. Quotations altered by the rules of `utterances.ts` are looked for among many other
 * utterances, and so are quotations that nobody has said.
 *
 *   --size N           other statements; 100,000 by default
 *   --texts FOLDER     JSON or YAML files whose words the utterances are made of; `seeds` by default
 *   --queries N        quotations for each rule; 300 by default
 *   --postgres         on PostgreSQL instead of SQLite
 *   --minhash          compares with MinHash, in memory
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { v7 } from 'uuid';
import { buildApp } from '../../src/app.ts';
import { sql } from '../../src/db/drizzle.ts';
import { openDatabase } from '../../src/db/open.ts';
import { create } from '../../src/engine/write.ts';
import { writing } from '../../src/engine/writer.ts';
import { similar, THRESHOLD } from '../../src/features/similar.ts';
import { sameWording } from '../../src/features/wording.ts';
import { keepWording } from '../../src/features/wordings.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { seed } from '../../src/start.ts';
import { administer, SILENT } from '../databases.ts';
import { send } from '../helper.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { addRecords } from './bulk.ts';
import { bytesOf } from './index-size.ts';
import { minhash } from './minhash.ts';
import { chanceFrom, rules, voiceOf } from './utterances.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '100000' },
    texts: { type: 'string', default: 'seeds' },
    queries: { type: 'string', default: '300' },
    postgres: { type: 'boolean', default: false },
    minhash: { type: 'boolean', default: false },
  },
});
const [size, queries] = [Number(values.size), Number(values.queries)];
const folder = mkdtempSync(join(tmpdir(), 'civic-bench-'));
const server = values.postgres ? await startPostgres() : undefined;
if (server) await administer(server.folder, 'create database bench');
const url = server ? urlOf(server.folder, 'bench') : `sqlite:${join(folder, 'bench.db')}`;
const db = await openDatabase(url);
const app = await buildApp({ config: SILENT, db });
const author = { actor: 'bench', reason: null };
const said = (text: string) => ({ speaker_name: 'Someone', text });
const chance = chanceFrom(1);
const voice = voiceOf(values.texts, chance);
const statement = kindNamed('statement');

const every = Math.floor(size / queries);
const sample: { readonly text: string; readonly id: string }[] = [];
const all: string[] = [];
function* utterances() {
  for (let at = 0; at < size; at += 1) {
    const [id, text] = [v7(), voice.utterance()];
    if (at % every === 0 && sample.length < queries) sample.push({ text, id });
    if (values.minhash) all.push(text);
    if (at % 10_000 === 9999) process.stderr.write(`\r${at + 1} statements`);
    yield { id, ...said(text) };
  }
  process.stderr.write('\n');
}
await addRecords(app.engine, statement, utterances());
const bytes = (await bytesOf(url, ['wordings', 'wording_shingles'])) / size;
const shingles = db.tables.wordingShingles;
const [counted] = await db.read((session) =>
  session.all<{ rows: number }>('count shingles', (on) =>
    on.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(shingles),
  ),
);
const rows = (counted?.rows ?? 0) / size;

/**
 * Starts a clock; what it returns gives the microseconds since. With the database in the process they are those the
 * processor worked, so that what else runs on the machine does not count.
 */
function clock(): () => number {
  const [began, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return server ? (performance.now() - began) * 1000 : user + system;
  };
}

await seed(app);

const times: number[] = [];
async function ask(text: string) {
  const stop = clock();
  const { data } = await similar(app.engine, { text, limit: 10, min_score: THRESHOLD });
  times.push(stop());
  return data;
}

const percent = (count: number, of: number) => `${((100 * count) / of).toFixed(1)} %`;
const quantile = (of: readonly number[], at: number) =>
  Math.round([...of].sort((a, b) => a - b)[Math.floor(of.length * at)] as number);

// Prepares the statements, and reads what is read by every query into the caches.
for (const { text } of sample.slice(0, 50)) await ask(text);
times.length = 0;
const other = values.minhash ? minhash(all) : undefined;
const found: Record<string, string | number>[] = [];
let [first, answered] = [0, 0];
for (const { name, alter } of rules) {
  let [one, ten, hashed] = [0, 0, 0];
  const before = times.length;
  for (const { text, id } of sample) {
    const quoted = alter(text, voice, chance).slice(0, 2000);
    const ids = (await ask(quoted)).map((answer) => answer.statement.id);
    if (ids[0] === id) one += 1;
    if (ids.includes(id)) ten += 1;
    if (ids.length > 0) answered += 1;
    if (
      other
        ?.find(quoted)
        .slice(0, 10)
        .some((at) => all[at] === text)
    )
      hashed += 1;
  }
  first += one;
  found.push({
    quotation: name,
    'recall@1': percent(one, sample.length),
    'recall@10': percent(ten, sample.length),
    ...(other ? { 'MinHash, recall@10': percent(hashed, sample.length) } : {}),
    'median µs': quantile(times.slice(before), 0.5),
    'p99 µs': quantile(times.slice(before), 0.99),
  });
}
console.table(found);

// Few words of any language are nobody's own: how often an answer comes all the same depends on how many there are.
const lengths = [
  [5, 9],
  [10, 14],
  [15, 60],
] as const;
const unknown = Array.from({ length: queries * 4 }, () => ({ text: voice.utterance(), answered: false }));
for (const one of unknown) one.answered = (await ask(one.text)).length > 0;
const wrong = unknown.filter((one) => one.answered);
console.table(
  lengths.map(([least, most]) => {
    const of = unknown.filter(({ text }) => {
      const { length } = text.split(' ');
      return length >= least && length <= most;
    });
    const got = of.filter((one) => one.answered).length;
    return {
      'quotations of nobody': of.length,
      words: `${least} to ${most}`,
      answered: percent(got, of.length),
    };
  }),
);

/** Each quotation of the seeds that others have in other words, looked for while nobody has these: found first, or how far down. */
async function leftOut(): Promise<{ quotation: string; place: number; score: number }[]> {
  const { body } = await send(app, 'GET', '/v1/statements?include=reports&limit=200', {});
  const seeded = body.data.filter((one: { reports: { data: unknown[] } }) => one.reports.data.length > 0);
  const results = [];
  for (const { id, text, reports } of seeded) {
    const quoting = reports.data.filter(
      (report: { quoted_text: string | null }) => report.quoted_text !== null,
    );
    const wordings = [
      ...(text === null ? [] : [{ kind: 'statement' as const, id, text }]),
      ...quoting.map((one: { id: string; quoted_text: string }) => ({
        kind: 'statement_report' as const,
        id: one.id,
        text: one.quoted_text,
      })),
    ];
    for (const { quoted_text } of quoting) {
      const out = wordings.filter((one) => sameWording(one.text, quoted_text));
      if (out.length === wordings.length) continue;
      const keep = (kept: boolean) =>
        db.write(async (session) => {
          for (const one of out) {
            const [now, before] = kept ? [one.text, undefined] : [null, one.text];
            await keepWording(db, session, one.kind, one.id, { now, before });
          }
        });
      await keep(false);
      const data = await ask(quoted_text);
      const place = data.findIndex((answer) => answer.statement.id === id) + 1;
      results.push({ quotation: quoted_text, place, score: data[place - 1]?.score ?? 0 });
      await keep(true);
    }
  }
  return results;
}

console.table(await leftOut());

/** Median microseconds of creating a statement, with the index and without. */
async function cost(indexed: boolean): Promise<number> {
  const { statement: derivation = {}, ...others } = app.engine.derivations;
  const { index: _, ...plain } = derivation;
  const derivations = { ...others, statement: indexed ? derivation : plain };
  const engine = { ...app.engine, derivations };
  const taken: number[] = [];
  for (let round = 0; round < 300; round += 1) {
    const body = said(voice.utterance());
    const stop = clock();
    await writing(engine, author, (writer) => create(writer, statement, body));
    taken.push(stop());
  }
  return quantile(taken, 0.5);
}
const bare = await cost(false);
const whole = await cost(true);
console.table({
  statements: size,
  'precision of first answers': percent(first, answered),
  'precision with unknown quotations': percent(first, answered + wrong.length),
  'bytes of the index a statement': Math.round(bytes),
  'rows of the index a statement': Number(rows.toFixed(1)),
  'µs a write without the index': bare,
  'µs a write with it': whole,
});
await app.close();
await db.close();
await server?.stop();
rmSync(folder, { recursive: true });
