/** What of an input was met, by the collections it is in: what an earlier import met and this one did not is told of. */
import type { Column } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { lookUp } from '../../engine/references.ts';
import type { Writer } from '../../engine/writer.ts';
import { kindNamed } from '../../model/kinds.ts';
import type { Checked, Failed } from './check.ts';
import type { Run } from './run.ts';
import type { Gone } from './tally.ts';

type In = Pick<Writer, 'engine' | 'session'>;

/** Notes which members of collections a page has, those that cannot be written included; `ids` are those of its records. */
export async function noteMet(
  { engine: { db }, session }: In,
  { importer, id: run }: Pick<Run, 'importer' | 'id'>,
  ids: ReadonlyMap<string, Checked>,
  failed: readonly Failed[],
): Promise<void> {
  const met = [...ids].map(([id, { kind, collection }]) => ({ collection, kind: kind.name, id }));
  for (const { collection, kind, newId } of failed)
    if (kind && newId) met.push({ collection, kind, id: newId });
  const table = db.tables.importMet;
  for (const [collection, members] of Map.groupBy(met, (one) => one.collection)) {
    if (collection === undefined) continue;
    await session.run(
      'note met',
      (on) =>
        on
          .insert(table)
          .select(
            sql`select ${sql.placeholder('importer')}, ${sql.placeholder('collection')}, first, second, ${sql.placeholder('run')} from ${db.dialect.eachPair('members')} where true`,
          )
          .onConflictDoUpdate({
            target: keyOf(table),
            set: { run_id: sql`excluded.run_id` } as never,
          }),
      { importer, collection, run, members: JSON.stringify(members.map(({ kind, id }) => [kind, id])) },
    );
  }
}

/** Members looked at in one go. */
const PAGE = 1000;

/** Where a look through what was met has come. */
type At = Pick<Gone, 'collection' | 'kind' | 'record_id'>;

/** The collections of which a run has met anything; undefined where it met none. */
export async function collectionsMet(
  { engine, session }: In,
  { importer, id: run }: Pick<Run, 'importer' | 'id'>,
): Promise<string[] | undefined> {
  const table = engine.db.tables.importMet;
  const rows = await session.all<{ collection: string }>(
    'collections met',
    (on) =>
      on
        .selectDistinct({ collection: table.collection as Column })
        .from(table)
        .where(
          sql`${table.importer} = ${sql.placeholder('importer')} and ${table.run_id} = ${sql.placeholder('run')}`,
        ),
    { importer, run },
  );
  return rows.length > 0 ? rows.map(({ collection }) => collection) : undefined;
}

/**
 * The next members of some collections that a run has not met though earlier ones had, with where the next page begins.
 * Those whose records are deleted are forgotten.
 */
export async function disappearedFrom(
  writer: Writer,
  { importer, id: run }: Pick<Run, 'importer' | 'id'>,
  collections: readonly string[],
  after: At | undefined,
): Promise<{ readonly gone: readonly Gone[]; readonly next: At | undefined }> {
  const { engine, session } = writer;
  const { db } = engine;
  const table = db.tables.importMet;
  const rows = await session.all<Gone>(
    'disappeared',
    (on) =>
      on
        .select({
          collection: table.collection as Column,
          kind: table.kind as Column,
          record_id: table.record_id as Column,
        })
        .from(table)
        .where(
          sql`${table.importer} = ${sql.placeholder('importer')} and ${table.run_id} <> ${sql.placeholder('run')} and ${db.dialect.isAmong(table.collection as Column, 'collections')} and (${table.collection}, ${table.kind}, ${table.record_id}) > (${sql.placeholder('collection')}, ${sql.placeholder('kind')}, ${sql.placeholder('record_id')})`,
        )
        .orderBy(table.collection as Column, table.kind as Column, table.record_id as Column)
        .limit(PAGE),
    {
      importer,
      run,
      collections: db.dialect.list(collections),
      ...(after ?? { collection: '', kind: '', record_id: '' }),
    },
  );
  const gone: Gone[] = [];
  for (const [kind, of] of Map.groupBy(rows, (row) => row.kind)) {
    const ids = of.map(({ record_id }) => record_id);
    const known = await lookUp(session, db, kindNamed(kind), ids);
    const dead = ids.filter((id) => known.get(id)?.deleted !== false);
    gone.push(...of.filter(({ record_id }) => known.get(record_id)?.deleted === false));
    if (dead.length > 0) await forget(writer, importer, kind, dead);
  }
  return { gone, next: rows.length < PAGE ? undefined : rows.at(-1) };
}

async function forget(
  { engine: { db }, session }: In,
  importer: string,
  kind: string,
  ids: readonly string[],
): Promise<void> {
  const table = db.tables.importMet;
  await session.run(
    'forget met',
    (on) =>
      on
        .delete(table)
        .where(
          sql`${table.importer} = ${sql.placeholder('importer')} and ${table.kind} = ${sql.placeholder('kind')} and ${db.dialect.isAmong(table.record_id as Column, 'ids')}`,
        ),
    { importer, kind, ids: db.dialect.list(ids) },
  );
}

const keyOf = ({ importer, collection, kind, record_id }: In['engine']['db']['tables']['importMet']) =>
  [importer, collection, kind, record_id] as never;
