/** The row of a run, and how far it has come: what an interrupted import goes on from. */
import { createHash, randomUUID } from 'node:crypto';
import type { Table } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import { columnsOf, sortColumn } from '../../db/tables.ts';
import type { Engine } from '../../engine/engine.ts';
import { revisionOf } from '../../engine/list.ts';
import { dropMark, readMark, setMark } from '../../engine/marks.ts';
import { placeholders, saveRows } from '../../engine/rows.ts';
import type { Author, Writer } from '../../engine/writer.ts';
import { firstRunId, importRun } from '../../model/import-runs.ts';
import { clearPending } from './pending.ts';
import { type Counts, type Failure, type Lost, NOTHING, type Tally } from './tally.ts';

type In = Pick<Writer, 'engine' | 'session'>;

export type Status = 'waiting' | 'running' | 'done' | 'failed' | 'interrupted';

/** What stays the same while a run runs. */
export interface Run {
  readonly id: string;
  readonly importer: string;
  readonly input: string;
  readonly actor: string;
  readonly reason: string | null;
  readonly strict: boolean;
  readonly dryRun: boolean;
  /** Instant. */
  readonly startedAt: string;
  /** Told anew by each process that takes the run up, so that two never go on with one. */
  readonly claim: string;
  readonly mark: string;
  readonly fingerprint: string;
}

/** What an import is to be told apart by. */
export interface Wanted {
  readonly importer: string;
  readonly input: string;
  readonly fingerprint: string;
  readonly strict: boolean;
  readonly dryRun: boolean;
  /** Whether it is to wait for its turn. */
  readonly waits?: boolean;
}

/** How far a run has come. */
interface Progress {
  readonly run: string;
  readonly claim: string;
  readonly fingerprint: string;
}

/** A run that another process has taken up. */
export class TakenOver extends Error {}

const tableOf = (engine: Engine) => engine.db.tables.kinds.get(importRun.name) as Table;

/**
 * Begins a run, or takes up one that was interrupted with the same input; returns what had become of its records.
 * Those that write all or nothing begin anew. Nothing is written down of one that is not `kept`.
 */
export async function beginRun(
  { engine, session }: In,
  { actor, reason }: Author,
  wanted: Wanted,
  kept = true,
): Promise<{ readonly run: Run; readonly tally: Tally }> {
  const { importer, input, fingerprint, strict, dryRun, waits = false } = wanted;
  const mark = `import ${createHash('sha256').update([importer, input].join('\n')).digest('hex')}`;
  const known = await readMark<Progress>(engine, session, mark);
  const before = known && (await readRun({ engine, session }, known.run));
  const goesOn = before && known.fingerprint === fingerprint && !strict && !dryRun;
  const at = engine.now().toISOString();
  const first = firstRunId(importer, input);
  const id = goesOn ? known.run : (await readRun({ engine, session }, first)) ? engine.newId() : first;
  const startedAt = goesOn ? before.startedAt : at;
  const claim = randomUUID();
  const run = { id, importer, input, actor, reason, strict, dryRun, startedAt, claim, mark, fingerprint };
  const tally = goesOn ? before.tally : NOTHING;
  if (!kept) return { run, tally };
  if (known && !goesOn && !dryRun && !strict) await clearPending({ engine, session }, known.run);
  if (!strict && !dryRun) await setMark(engine, session, mark, { run: id, claim, fingerprint });
  await saveRun({ engine, session }, run, waits ? 'waiting' : 'running', tally);
  return { run, tally };
}

/** Throws where another process has taken the run up. */
export async function holdClaim({ engine, session }: In, run: Run): Promise<void> {
  if (run.strict || run.dryRun) return;
  const known = await readMark<Progress>(engine, session, run.mark);
  if (known?.claim !== run.claim) throw new TakenOver('another process goes on with this import');
}

/** Forgets how far a run has come, as there is nothing left to go on with. */
export async function forgetProgress({ engine, session }: In, run: Run): Promise<void> {
  await clearPending({ engine, session }, run.id);
  if (!run.strict && !run.dryRun) await dropMark(engine, session, run.mark);
}

/** Writes the row of a run. */
export async function saveRun(
  { engine, session }: In,
  run: Run,
  status: Status,
  tally: Tally,
  error: string | null = null,
): Promise<void> {
  const table = tableOf(engine);
  const now = engine.now().toISOString();
  const known = await readRow({ engine, session }, run.id);
  const seq = (known?.seq as number | undefined) ?? (await revisionOf(session, engine));
  const row: Row = {
    id: run.id,
    importer: run.importer,
    input: run.input,
    status,
    actor: run.actor,
    reason: run.reason,
    strict: run.strict,
    dry_run: run.dryRun,
    started_at: run.startedAt,
    ended_at: status === 'running' || status === 'waiting' ? null : now,
    read: tally.read,
    counts: [...tally.counts].map(([kind, counts]) => ({ kind, ...counts })),
    failures: tally.failures,
    unresolved_count: tally.unresolvedCount,
    unresolved: tally.unresolved,
    left_out: tally.leftOut,
    disappeared: tally.disappeared,
    error,
    jurisdictions: tally.jurisdictions,
    updated_at: now,
    deleted_at: null,
    seq,
    moved_seq: seq,
    [sortColumn('started_at')]: run.startedAt,
  };
  const values = placeholders(Object.keys(row)) as never;
  if (known === undefined)
    await session.run('insert import run', (on) => on.insert(table).values(values), row);
  else
    await session.run(
      'update import run',
      (on) =>
        on
          .update(table)
          .set(values)
          .where(sql`${table.id} = ${sql.placeholder('id')}`),
      row,
    );
  const then = (known?.jurisdictions ?? []) as readonly string[];
  if (then.length < tally.jurisdictions.length)
    await saveRows({ engine, session } as Writer, importRun, row, ['jurisdictions']);
}

async function readRow({ engine, session }: In, id: string): Promise<Row | undefined> {
  const table = tableOf(engine);
  const rows = await session.all(
    'import run',
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return rows[0];
}

/** What had become of a run's records; undefined where there is no such run. */
async function readRun(
  reading: In,
  id: string,
): Promise<{ readonly startedAt: string; readonly tally: Tally } | undefined> {
  const row = await readRow(reading, id);
  if (row === undefined) return undefined;
  const counts = row.counts as (Counts & { kind: string | null })[];
  return {
    startedAt: row.started_at as string,
    tally: {
      read: row.read as number,
      counts: new Map(counts.map(({ kind, ...of }) => [kind, of])),
      failures: row.failures as Failure[],
      unresolvedCount: row.unresolved_count as number,
      unresolved: row.unresolved as Lost[],
      leftOut: (row.left_out as Tally['leftOut'] | null) ?? NOTHING.leftOut,
      disappeared: row.disappeared as Tally['disappeared'],
      jurisdictions: row.jurisdictions as string[],
    },
  };
}

/** How long a run may stand still before whoever ran it is taken to be gone, in milliseconds: no page takes as long. */
const STALE = 3_600_000;

/**
 * Marks runs that have not moved for an hour as interrupted: the process that ran them is gone. One that is alive after
 * all is marked as running again by its next transaction.
 */
export async function interruptStale(engine: Engine): Promise<void> {
  const table = tableOf(engine);
  const status = sql.placeholder('status');
  const now = engine.now();
  await engine.db.write((session) =>
    session.run(
      'interrupt stale imports',
      (on) =>
        on
          .update(table)
          .set({ status, ended_at: sql.placeholder('at'), updated_at: sql.placeholder('at') } as never)
          .where(
            sql`${table.status} in ('waiting', 'running') and ${table.updated_at} < ${sql.placeholder('before')}`,
          ),
      {
        status: 'interrupted' satisfies Status,
        at: now.toISOString(),
        before: new Date(now.getTime() - STALE).toISOString(),
      },
    ),
  );
}
