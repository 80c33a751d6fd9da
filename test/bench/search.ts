/**
 * What searches cost as a tracker grows: `npm run bench:search -- --size 1000000 --postgres`. Statements are made with
 * the frequencies of real texts; the first page of the commonest word is held against that of a rare one, and a thousand
 * queries that nobody asked before tell how long the slowest take.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/open.ts';
import { create } from '../../src/engine/write.ts';
import { writing } from '../../src/engine/writer.ts';
import { sumUp } from '../../src/features/search/spans.ts';
import { wordsIn } from '../../src/features/search/words.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { seed } from '../../src/start.ts';

import { administer, SILENT } from '../databases.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { addRecords } from './bulk.ts';
import { bytesOf } from './index-size.ts';
import { chanceFrom, voiceOf } from './utterances.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '100000' },
    texts: { type: 'string', default: 'seeds' },
    rounds: { type: 'string', default: '30' },
    queries: { type: 'string', default: '1000' },
    postgres: { type: 'boolean', default: false },
  },
});
const [size, rounds] = [Number(values.size), Number(values.rounds)];
const folder = mkdtempSync(join(tmpdir(), 'civic-bench-'));
const server = values.postgres ? await startPostgres() : undefined;
if (server) await administer(server.folder, 'create database bench');
const url = server ? urlOf(server.folder, 'bench') : `sqlite:${join(folder, 'bench.db')}`;
const db = await openDatabase(url);
const app = await buildApp({ config: SILENT, db });
await seed(app);
const statement = kindNamed('statement');
const author = { actor: 'bench', reason: null };
const add = (text: string) =>
  writing(app.engine, author, (writer) => create(writer, statement, { speaker_name: 'Someone', text }));

const voice = voiceOf(values.texts, chanceFrom(1));
const documents = new Map<string, number>();
let pair = ['', ''];
function* utterances() {
  for (let at = 0; at < size; at += 1) {
    const text = voice.utterance();
    const words = [...new Set([...wordsIn(text)].map(({ word }) => word))];
    for (const word of words) documents.set(word, (documents.get(word) ?? 0) + 1);
    if (at === Math.floor(size / 2)) pair = [...wordsIn(text)].slice(2, 5).map(({ word }) => word);
    if (at % 10_000 === 9999) process.stderr.write(`\r${at + 1} statements`);
    yield { speaker_name: 'Someone', text };
  }
  process.stderr.write('\n');
}
await addRecords(app.engine, statement, utterances());
const summing = performance.now();
const summed = await sumUp(app.engine, new AbortController().signal);
console.log(`${summed} words of blocks summed up in ${((performance.now() - summing) / 1000).toFixed(1)} s`);
const bytes = (await bytesOf(url, ['search_documents', 'search_postings', 'search_spans'])) / size;
const byCount = [...documents].sort(([, a], [, b]) => b - a);
const [common, second] = byCount as [[string, number], [string, number]];
const medium = byCount.find(([, count]) => count < size / 100) as [string, number];
const rare = byCount.find(([, count]) => count <= 5) as [string, number];

/** Microseconds in the middle of several rounds, after some to warm up. */
async function measure(path: string): Promise<{ readonly time: number; readonly hits: number }> {
  const times: number[] = [];
  let hits = 0;
  for (let round = -5; round < rounds; round += 1) {
    const began = performance.now();
    const { statusCode, body } = await app.inject(path);
    if (round >= 0) times.push((performance.now() - began) * 1000);
    if (statusCode !== 200) throw new Error(body);
    hits = JSON.parse(body).data.length;
  }
  return { time: times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number, hits };
}

const shown = (ms: number) => `${ms.toFixed(2).padStart(9)} ms`;
const quoted = (words: readonly string[]) => encodeURIComponent(`"${words.join(' ')}"`);
const rows: readonly (readonly [string, string])[] = [
  [`rare word (${rare[1]} documents)`, `q=${rare[0]}`],
  [`medium word (${medium[1]})`, `q=${medium[0]}`],
  [`commonest word (${common[1]})`, `q=${common[0]}`],
  ['two commonest words', `q=${common[0]}+${second[0]}`],
  ['commonest and rare', `q=${common[0]}+${rare[0]}`],
  ['phrase of three', `q=${quoted(pair)}`],
  ['phrase nobody said of the two commonest', `q=${quoted([common[0], common[0], second[0], common[0]])}`],
  ['prefix of two letters', 'q=co*'],
  ['prefix of four letters', `q=${medium[0].slice(0, 4)}*`],
  ['all but the commonest', `q=-${common[0]}`],
  ['commonest, a rare coded filter', `q=${common[0]}&kind=hearing`],
  ['commonest, a filter the index does not know', `q=${common[0]}&said_since=2024`],
  ['commonest, counted', `q=${common[0]}&count=exact`],
  ['commonest, with facets', `q=${common[0]}&facets=kind,agreement`],
  ['commonest, by another order', `q=${common[0]}&sort=-said_on`],
  ['a list with facets, no words', 'facets=kind'],
];
console.log(
  `${size} statements on ${server ? 'PostgreSQL' : 'SQLite'}; the index takes ${Math.round(bytes)} bytes each`,
);
let rareTime = 0;
for (const [what, query] of rows) {
  const { time, hits } = await measure(`/v1/statements?limit=20&fields=text&${query}`);
  if (rareTime === 0) rareTime = time;
  console.log(`${shown(time / 1000)}  ${(time / rareTime).toFixed(1).padStart(6)} ×  ${hits} hits  ${what}`);
}
const across = await measure(`/v1/search?q=${common[0]}&facets=kind,jurisdiction,topic`);
console.log(`${shown(across.time / 1000)}  across all kinds, the commonest word, with facets`);

/** What somebody may look for: some words as often as they are said, a phrase, a beginning, or all but a word. */
function query(at: number): string {
  const words = [...wordsIn(voice.utterance())].map(({ word }) => word);
  const some = words.slice(0, 1 + (at % 4));
  if (at % 5 === 1) return quoted(words.slice(0, 2 + (at % 2)));
  if (at % 5 === 2) return `${encodeURIComponent((words[0] as string).slice(0, 3).padEnd(3, 'a'))}*`;
  if (at % 5 === 3)
    return some.map((word, place) => `${place > 0 ? '-' : ''}${encodeURIComponent(word)}`).join('+');
  return some.map(encodeURIComponent).join('+');
}
const times: { readonly took: number; readonly path: string }[] = [];
for (let at = 0; at < Number(values.queries); at += 1) {
  const path = `/v1/statements?limit=20&fields=text&q=${query(at)}`;
  const asked = performance.now();
  const { statusCode, body } = await app.inject(path);
  times.push({ took: performance.now() - asked, path });
  if (statusCode !== 200) throw new Error(body);
}
times.sort((one, other) => one.took - other.took);
const part = (of: number) => times[Math.floor((times.length - 1) * of)] as (typeof times)[number];
console.log(
  `${shown(part(0.5).took)}  ${times.length} queries, each another: p99 ${part(0.99).took.toFixed(2)} ms, at most ${part(1).took.toFixed(2)} ms (${decodeURIComponent(part(1).path)})`,
);

const texts = Array.from({ length: 200 }, voice.utterance);
const began = performance.now();
for (const text of texts) await add(text);
console.log(`${shown((performance.now() - began) / texts.length)}  a write, one a transaction`);
const many = Array.from({ length: 2000 }, voice.utterance);
const start = performance.now();
await writing(app.engine, author, async (writer) => {
  for (const text of many) await create(writer, statement, { speaker_name: 'Someone', text });
});
console.log(`${shown((performance.now() - start) / many.length)}  a write, 2,000 a transaction`);

await app.close();
await db.close();
await server?.stop();
rmSync(folder, { recursive: true });
