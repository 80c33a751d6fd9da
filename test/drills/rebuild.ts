/**
 * The rebuild, `npm run drill:rebuild [REQUESTS]`: eight writers make many random writes, merges and batches among
 * them, while two readers rebuild every record from the change log, one page by page and one by the stream with
 * disconnects; then every row of every table must be as both have it. On both engines.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/open.ts';
import { STREAMS } from '../../src/http/change-stream.ts';
import { createKey } from '../../src/http/keys.ts';
import { makePostgresTemplates, makeSqliteTemplates, SILENT } from '../databases.ts';
import { rebuild } from '../engine/rebuilder.ts';
import { startPostgres, urlOf } from '../postgres.ts';

const WRITERS = 8;
const requests = Number(process.argv[2] ?? 20_000);

async function drill(url: string): Promise<void> {
  const start = performance.now();
  const db = await openDatabase(url);
  const app = await buildApp({ config: SILENT, db, streams: { ...STREAMS, heartbeat: 200 } });
  const { key } = await createKey(db, new Date(), { name: 'drill', scope: 'write', expiresAt: null });
  const count = Math.ceil(requests / WRITERS);
  const keys = [key, ...Array.from({ length: WRITERS - 1 }, () => key)] as const;
  const { paged, streamed, connections } = await rebuild(app, keys, count);
  const wrong = new Set([...(await paged.differences(app)), ...(await streamed.differences(app))]);
  await app.close();
  await db.close();
  const took = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(
    `${url.split(':')[0]}: ${count * WRITERS} requests, ${paged.last} changes, ${paged.records.size} records, ${connections} connections of the stream, ${wrong.size} records differ (${took} s)\n`,
  );
  if (wrong.size > 0 || streamed.last !== paged.last) process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'civic-rebuild-'));
await makeSqliteTemplates(folder);
await drill(`sqlite:${join(folder, 'seeded.db')}`);
const server = await startPostgres();
await makePostgresTemplates(server.folder);
await drill(urlOf(server.folder, 'template_seeded'));
await server.stop();
rmSync(folder, { recursive: true });
