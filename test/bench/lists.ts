/**
 * What a list page and the full policy page cost, in microseconds, as the tracker grows: `npm run bench:lists`.
 * The time is that of a whole request inside the process (routing, validation, SQL, JSON), median of many.
 * Sizes can be given as arguments; the default is 1, 1,000 and 100,000 policies.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/open.ts';
import { create } from '../../src/engine/write.ts';
import { writing } from '../../src/engine/writer.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { seed } from '../../src/start.ts';

const FULL =
  'jurisdiction,organization,parent,parts,actions,provisions,versions,documents,sponsorships,relations,vote_events,statements,citations,topics,sources';
const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'civic-bench-'));
const db = await openDatabase(`sqlite:${join(folder, 'bench.db')}`);
const app = await buildApp({ config: { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' }, db });
const author = { actor: 'bench', reason: null };

/** Median microseconds of a request, and the SQL statements it runs. */
async function cost(url: string): Promise<{ median: number; statements: number }> {
  const times: number[] = [];
  let statements = 0;
  for (let round = 0; round < 400; round += 1) {
    const before = db.statements();
    const start = performance.now();
    const { statusCode } = await app.inject(url);
    times.push((performance.now() - start) * 1000);
    statements = db.statements() - before;
    if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  }
  times.sort((a, b) => a - b);
  return { median: Math.round(times[times.length >> 1] as number), statements };
}

async function grow(from: number, to: number): Promise<void> {
  const [jurisdiction, policy] = [kindNamed('jurisdiction'), kindNamed('policy')];
  if (from === 0) {
    await writing(app.engine, author, (writer) =>
      create(writer, jurisdiction, { name: 'Springfield', classification: 'municipality' }),
    );
  }
  for (let at = from; at < to; at += 5000) {
    await writing(app.engine, author, async (writer) => {
      for (let n = at; n < Math.min(to, at + 5000); n += 1) {
        const day = new Date(Date.UTC(1990, 0, 1 + (n % 12_000))).toISOString().slice(0, 10);
        await create(writer, policy, {
          type: n % 3 ? 'resolution' : 'ordinance',
          title: `Policy number ${n} on the keeping of public records`,
          summary: 'What it does, in a sentence that is about as long as such sentences are.',
          jurisdiction_id: 'springfield',
          status: n % 2 ? 'adopted' : 'introduced',
          introduced_on: day,
        });
      }
    });
    process.stderr.write(`\r${Math.min(to, at + 5000)} policies`);
  }
  process.stderr.write('\n');
}

const pages = {
  'first page of 20': '/v1/policies',
  'filtered by jurisdiction, status': '/v1/policies?jurisdiction=springfield&status=adopted',
  'with jurisdiction included': '/v1/policies?include=jurisdiction',
};
const rows: Record<string, number | string>[] = [];
let size = 0;
for (const next of sizes.length > 0 ? sizes : [1, 1_000, 100_000]) {
  await grow(size, next);
  size = next;
  for (const [page, url] of Object.entries(pages)) {
    const { median, statements } = await cost(url);
    rows.push({ policies: next, page, 'median µs': median, statements });
  }
}
await seed(app);
const full = await cost(`/v1/policies/los-angeles-sanctuary-city-ordinance?include=${FULL}`);
rows.push({
  policies: size,
  page: 'the ordinance with everything',
  'median µs': full.median,
  statements: full.statements,
});
console.table(rows);
await app.close();
await db.close();
rmSync(folder, { recursive: true });
