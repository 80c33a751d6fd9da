/** A database, and a second way into it beside the program's own: what another process would see and do. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Test } from 'tap';
import type { Database, Row } from '../../src/db/database.ts';
import { LIMITS, openDatabase } from '../../src/db/open.ts';
import { addressOf } from '../../src/db/url.ts';
import { freshDatabase } from '../databases.ts';

/** Runs any SQL, on one connection; returns the rows of a select. */
export type Beside = (text: string) => Promise<Row[]>;

/** Opens an empty database, and a connection beside it; both are closed when the test ends. */
export async function openBoth(t: Test, limits = LIMITS): Promise<{ db: Database; beside: Beside }> {
  const url = await freshDatabase(t);
  const db = await openDatabase(url, limits);
  const { run, close } = await connect(url);
  t.teardown(async () => {
    await close();
    await db.close();
  });
  return { db, beside: run };
}

async function connect(url: string): Promise<{ run: Beside; close: () => Promise<void> }> {
  const address = addressOf(url);
  if (address?.engine === 'sqlite') {
    const raw = new Sqlite(address.file);
    const run: Beside = async (text) => {
      if (text.startsWith('select')) return raw.prepare<[], Row>(text).all();
      raw.exec(text);
      return [];
    };
    return { run, close: async () => void raw.close() };
  }
  const client = new pg.Client(url);
  await client.connect();
  return { run: async (text) => (await client.query(text)).rows, close: () => client.end() };
}

/** What came of each: its value, or the message of its failure. */
export async function outcomes(work: readonly Promise<unknown>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message));
}
