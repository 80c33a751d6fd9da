/** Checking a whole tracker: that the database is sound, and that everything it keeps twice agrees. */
import { sql } from '../db/drizzle.ts';
import { integrityFaults, openToRead, type Readable } from '../db/maintenance.ts';
import type { Limits } from '../db/open.ts';
import { allTables } from '../db/tables.ts';
import { type Check, type Checking, SHOWN } from './checks/checking.ts';
import { changeLog, subjects } from './checks/log.ts';
import { records, slugs, sortKeys } from './checks/records.ts';
import { evidence, foreignKeys, redirects } from './checks/references.ts';
import { identifiers, lists } from './checks/rows.ts';
import { search } from './checks/search.ts';
import { webhooks } from './checks/webhooks.ts';
import { wordings } from './checks/wordings.ts';
import type { Progress } from './copy.ts';

/** Every check of what the tables say, in the order they are run. */
const checks: readonly Check[] = [
  foreignKeys,
  changeLog,
  records,
  subjects,
  sortKeys,
  slugs,
  identifiers,
  lists,
  evidence,
  redirects,
  wordings,
  search,
  webhooks,
];

/** What came of one check. */
export interface Checked {
  readonly name: string;
  /** What was looked at, with its number. */
  readonly looked: string;
  readonly faults: number;
  /** The first faults, a line each. */
  readonly first: readonly string[];
}

/** Runs the checks (or the engine's own and those named) on a database, which is not changed; rejects when it cannot be opened. */
export async function check(
  url: string,
  limits: Limits,
  progress: Progress = () => undefined,
  names?: readonly string[],
): Promise<Checked[]> {
  const broken = await integrityFaults(url, limits);
  const integrity = {
    name: 'integrity',
    looked: 'the database engine’s own check',
    faults: broken.length,
    first: broken.slice(0, SHOWN),
  };
  // What rests on a broken file would only repeat that.
  if (broken.length > 0) return [integrity];
  const db = await openToRead(url, limits);
  try {
    return [integrity, ...(await checkTables(db, progress, names))];
  } finally {
    await db.close();
  }
}

/** Runs the checks of what the tables say on one snapshot, a page of rows at a time. */
export function checkTables(
  db: Pick<Readable, 'tables' | 'dialect' | 'read'>,
  progress: Progress = () => undefined,
  names?: readonly string[],
): Promise<Checked[]> {
  const chosen = checks.filter(({ name }) => names === undefined || names.includes(name));
  return db.read(async (session) => {
    const rows = new Map<string, number>();
    for (const [name, table] of Object.entries(allTables(db.tables))) {
      const [counted] = await session.all<{ rows: number }>(`count ${name}`, (on) =>
        on.select({ rows: sql<number>`count(*)`.mapWith(Number) }).from(table),
      );
      rows.set(name, counted?.rows ?? 0);
    }
    const sizes = chosen.map(({ reads }) => reads.reduce((sum, name) => sum + (rows.get(name) ?? 0), 0));
    const total = Math.max(
      1,
      sizes.reduce((sum, size) => sum + size),
    );
    const results: Checked[] = [];
    let before = 0;
    for (const [at, one] of chosen.entries()) {
      const size = sizes[at] as number;
      results.push(
        await run(one, { db, session, rows }, (done) => progress(before + Math.min(done, size), total)),
      );
      before += size;
      progress(before, total);
    }
    return results;
  });
}

async function run(
  { name, looksAt, look }: Check,
  on: Pick<Checking, 'db' | 'session' | 'rows'>,
  progress: (done: number) => void,
): Promise<Checked> {
  const first: string[] = [];
  let faults = 0;
  let done = 0;
  const looked = await look({
    ...on,
    fault(line, count = 1) {
      faults += count;
      if (first.length < SHOWN) first.push(line);
    },
    step(rows) {
      done += rows;
      progress(done);
    },
  });
  return { name, looked: `${looked} ${looksAt}`, faults, first };
}
