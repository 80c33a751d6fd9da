/** When the records of each place and kind were last imported, from the runs that imports leave. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { leadsOf, type Reading } from '../engine/belonging.ts';
import type { Engine } from '../engine/engine.ts';
import { tableOf } from '../engine/select.ts';
import { importRun } from '../model/import-runs.ts';
import { kindNamed } from '../model/kinds.ts';

/** When imports were last begun, and when the last of those that came to their end ended: instants. */
export interface ImportTimes {
  readonly last_import_tried_at: string | null;
  readonly last_import_succeeded_at: string | null;
}

export const NEVER: ImportTimes = { last_import_tried_at: null, last_import_succeeded_at: null };

/** Times by kind. */
type ByKind = ReadonlyMap<string, ImportTimes>;

export interface ImportsKnown {
  readonly places: ReadonlyMap<string, ByKind>;
  /** Of all imports, whatever their places. */
  readonly shared: ByKind;
}

/** What is read of a run. */
interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly counts: readonly { readonly kind: string | null }[];
  readonly jurisdictions: readonly string[];
}

/** Runs read in one transaction: each may name a thousand places. */
const PAGE = 100;

/** The times of all imports; throws when `signal` says to stop, and lets `turn` happen between pages. */
export async function importsKnown(
  engine: Engine,
  signal: AbortSignal,
  turn: () => Promise<unknown>,
): Promise<ImportsKnown> {
  const places = new Map<string, Map<string, ImportTimes>>();
  const shared = new Map<string, ImportTimes>();
  for (let after: string | undefined = ''; after !== undefined; ) {
    signal.throwIfAborted();
    const from: string = after;
    const runs = await engine.db.read((session) => readRuns({ engine, session }, from));
    for (const run of runs) {
      const kinds = run.counts.flatMap(({ kind }) => kind ?? []);
      for (const kind of kinds) add(shared, kind, run);
      const placed = kinds.filter(isPlaced);
      for (const id of run.jurisdictions) {
        const known = places.get(id) ?? new Map<string, ImportTimes>();
        places.set(id, known);
        for (const kind of placed) add(known, kind, run);
      }
    }
    after = runs.length < PAGE ? undefined : runs.at(-1)?.id;
    await turn();
  }
  return { places, shared };
}

function add(to: Map<string, ImportTimes>, kind: string, { status, started_at, ended_at }: RunRow): void {
  const { last_import_tried_at: tried, last_import_succeeded_at: succeeded } = to.get(kind) ?? NEVER;
  to.set(kind, {
    last_import_tried_at: later(tried, started_at),
    last_import_succeeded_at: later(succeeded, status === 'done' ? ended_at : null),
  });
}

const later = (one: string | null, other: string | null) =>
  one === null || (other !== null && other > one) ? other : one;

/** Whether records of a kind can belong to a place. */
function isPlaced(name: string): boolean {
  const kind = kindNamed(name);
  return name === 'jurisdiction' || kind.belongs !== undefined || leadsOf(kind).length > 0;
}

/** Runs that wrote, or were to, by id. */
async function readRuns({ engine: { db }, session }: Reading, after: string): Promise<RunRow[]> {
  const table = tableOf(db, importRun);
  const names = ['id', 'status', 'started_at', 'ended_at', 'counts', 'jurisdictions'] as const;
  const beyond = after === '' ? sql`true` : sql`${table.id} > ${sql.placeholder('after')}`;
  return session.all<RunRow>(
    `runs of coverage ${after === ''}`,
    (on) =>
      on
        .select(Object.fromEntries(names.map((name) => [name, table[name] as Column])))
        .from(table)
        .where(sql`not ${table.dry_run} and ${beyond}`)
        .orderBy(table.id as Column)
        .limit(PAGE),
    after === '' ? {} : { after },
  );
}

/** What tells whether an import has moved: the run that did last, and when. */
export async function lastImportMove({ engine: { db }, session }: Reading): Promise<string> {
  const table = tableOf(db, importRun);
  const rows = await session.all<{ id: string; updated_at: string }>('last move of an import', (on) =>
    on
      .select({ id: table.id as Column, updated_at: table.updated_at as Column })
      .from(table)
      .orderBy(sql`${table.updated_at} desc, ${table.id} desc`)
      .limit(1),
  );
  return rows.map(({ id, updated_at }) => `${updated_at} ${id}`).join();
}
