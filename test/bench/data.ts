/** The tracker that a measurement runs on: made, imported, or kept from an earlier one. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildApp } from '../../src/app.ts';
import { openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { administer, SILENT } from '../databases.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { makeTracker } from './tracker.ts';
import type { Size } from './tracker-making.ts';

export interface Wanted {
  readonly size: Size;
  readonly texts: string;
  /** Where New York's council data is, to be imported instead of making a tracker. */
  readonly nyc?: string | undefined;
  /** Folder in which what is made is kept. */
  readonly data?: string | undefined;
  readonly postgres: boolean;
  /** Folder of this measurement. */
  readonly folder: string;
}

export interface Data {
  readonly url: string;
  /** An API key that may write. */
  readonly key: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Process of the database server, where there is one. */
  readonly server?: number | undefined;
  readonly stop: () => Promise<void>;
}

/** Makes, or finds, the tracker that is wanted. What a measurement writes goes into a copy where one is kept. */
export async function prepared(wanted: Wanted, say: (line: string) => void): Promise<Data> {
  return wanted.postgres ? onServer(wanted, say) : inFile(wanted, say);
}

function factsOf({ size, texts, nyc, postgres }: Wanted): Record<string, unknown> {
  const engine = postgres ? 'postgres' : 'sqlite';
  return nyc ? { engine, imported: resolve(nyc) } : { engine, made: size, texts };
}

async function inFile(wanted: Wanted, say: (line: string) => void): Promise<Data> {
  const facts = factsOf(wanted);
  const file = join(wanted.folder, 'tracker.db');
  const url = `sqlite:${file}`;
  if (wanted.data === undefined) await fill(url, wanted, say);
  else {
    mkdirSync(wanted.data, { recursive: true });
    const kept = join(wanted.data, 'tracker.db');
    const note = join(wanted.data, 'tracker.json');
    const known = existsSync(note) ? readFileSync(note, 'utf8') : '';
    if (known !== JSON.stringify(facts)) {
      if (existsSync(kept))
        throw new Error(`${kept} holds another tracker: ${known || 'it was not finished'}`);
      await fill(`sqlite:${kept}`, wanted, say);
      writeFileSync(note, JSON.stringify(facts));
    }
    say('copying the tracker');
    copyFileSync(kept, file);
  }
  return { url, facts, key: await keyFor(url), stop: async () => undefined };
}

async function onServer(wanted: Wanted, say: (line: string) => void): Promise<Data> {
  const server = await startPostgres({ durable: true });
  await administer(server.folder, 'create database tracker');
  const url = urlOf(server.folder, 'tracker');
  await fill(url, wanted, say);
  await administer(server.folder, 'checkpoint');
  spawnSync('sync');
  const pid = Number(readFileSync(join(server.folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return { url, facts: factsOf(wanted), key: await keyFor(url), server: pid, stop: server.stop };
}

async function fill(url: string, wanted: Wanted, say: (line: string) => void): Promise<void> {
  if (wanted.nyc) return importFrom(url, wanted.nyc);
  const db = await openDatabase(url);
  const app = await buildApp({ config: SILENT, db });
  let shown = 0;
  await makeTracker(app.engine, wanted.size, wanted.texts, (what, done) => {
    if (performance.now() - shown < 2000) return;
    shown = performance.now();
    say(`making the tracker: ${done} of ${what}`);
  });
  await app.close();
  await db.close();
}

/** Loads New York's data as anybody would, and throws where the command says that it is not all right. */
function importFrom(url: string, path: string): void {
  const { status } = spawnSync(process.execPath, ['src/cli.ts', 'import', 'nyc-council', path], {
    env: { ...process.env, DATABASE_URL: url, SEED: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`civic import nyc-council ${path} ended with ${status}`);
}

async function keyFor(url: string): Promise<string> {
  const db = await openDatabase(url);
  const { key } = await createKey(db, new Date(), { name: 'bench', scope: 'write', expiresAt: null });
  await db.close();
  return key;
}
