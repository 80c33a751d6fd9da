/** How a tracker stands: its last change, its last import, its last backup. */
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { sortColumn } from '../db/tables.ts';
import type { Engine } from '../engine/engine.ts';
import { readWholeMark } from '../engine/marks.ts';
import { tableOf } from '../engine/select.ts';
import { type Backup, LAST_BACKUP } from '../exchange/backup.ts';
import { kindNamed } from '../model/kinds.ts';

/** Instants are texts, as everywhere. */
export interface Standing {
  /** Number of the last change; 0 where nothing was ever written. */
  readonly revision: number;
  readonly changed_at: string | null;
  readonly last_import: LastImport | null;
  readonly last_backup: { readonly at: string; readonly revision: number; readonly bytes: number } | null;
}

export interface LastImport {
  readonly id: string;
  readonly importer: string;
  readonly status: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly read: number;
}

/** Reads how the tracker stands, in three statements. */
export function readStanding(engine: Engine): Promise<Standing> {
  return engine.db.read(async (session) => ({
    ...(await lastChange(engine, session)),
    last_import: await lastImport(engine, session),
    last_backup: await lastBackup(engine, session),
  }));
}

async function lastChange(
  { db }: Engine,
  session: Session,
): Promise<Pick<Standing, 'revision' | 'changed_at'>> {
  const { changes } = db.tables;
  const [last] = await session.all<{ seq: number; at: string }>('last change', (on) =>
    on
      .select({ seq: changes.seq as Column, at: changes.at as Column })
      .from(changes)
      .orderBy(sql`${changes.seq} desc`)
      .limit(1),
  );
  return { revision: last?.seq ?? 0, changed_at: last?.at ?? null };
}

const told = ['id', 'importer', 'status', 'started_at', 'ended_at', 'read'] as const;

async function lastImport({ db }: Engine, session: Session): Promise<LastImport | null> {
  const table = tableOf(db, kindNamed('import_run'));
  const [last] = await session.all<LastImport>('last import', (on) =>
    on
      .select(Object.fromEntries(told.map((name) => [name, table[name] as Column])))
      .from(table)
      .where(sql`not ${table.dry_run}`)
      .orderBy(sql`${table[sortColumn('started_at')]} desc`)
      .limit(1),
  );
  return last ?? null;
}

async function lastBackup(engine: Engine, session: Session): Promise<Standing['last_backup']> {
  const mark = await readWholeMark<Pick<Backup, 'revision' | 'bytes'>>(engine, session, LAST_BACKUP);
  return mark === undefined
    ? null
    : { at: mark.updated_at, revision: mark.value.revision, bytes: mark.value.bytes };
}
