/** A backup held against the change log of the database it was made of, which has gone on since. */
import { isDeepStrictEqual } from 'node:util';
import type { Column, Table } from '../../src/db/columns.ts';
import type { Row } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';
import { openToRead, readFile } from '../../src/db/maintenance.ts';
import { LIMITS } from '../../src/db/open.ts';
import { columnsOf, valueColumn } from '../../src/db/tables.ts';
import { shownRow } from '../../src/engine/json/shown.ts';
import { checkTables } from '../../src/exchange/check.ts';
import type { PublicRecord } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';
import { everyRow } from '../exchange/whole.ts';

/** A record as its last change has it. */
interface Last {
  readonly seq: number;
  readonly content: Row;
}

/** The log up to a change, and the records it comes to, by kind and id. */
async function replayed(url: string, revision: number) {
  const db = await openToRead(url, LIMITS);
  const { changes } = db.tables;
  try {
    const log = await db.read((session) =>
      session.all(
        'log up to',
        (on) =>
          on
            .select(columnsOf(changes))
            .from(changes)
            .where(sql`${changes.seq} <= ${sql.placeholder('revision')}`)
            .orderBy(changes.seq as Column),
        { revision },
      ),
    );
    const records = new Map<string, Map<string, Last>>(kinds.map(({ name }) => [name, new Map()]));
    for (const row of log)
      records
        .get(String(row.kind))
        ?.set(String(row.record_id), { seq: Number(row.seq), content: row.content as Row });
    return { log, records };
  } finally {
    await db.close();
  }
}

/** What is different between a backup and the live database as it was at the backup's revision, a line each; and the rows compared. */
export async function compareAtRevision(
  url: string,
  file: string,
  revision: number,
): Promise<{ faults: string[]; rows: number }> {
  const { log, records } = await replayed(url, revision);
  const backup = readFile(file, LIMITS);
  try {
    const tables = await everyRow(backup);
    const faults: string[] = [];
    let rows = 0;
    const compare = (name: string, wanted: readonly Row[], found: readonly Row[]) => {
      rows += found.length;
      if (wanted.length !== found.length)
        faults.push(`${name}: ${found.length} rows, and ${wanted.length} by the log`);
      const [a, b] = [wanted, found].map((list) => list.map((row) => JSON.stringify(row)).sort()) as [
        string[],
        string[],
      ];
      const at = a.findIndex((line, index) => line !== b[index]);
      if (at >= 0) faults.push(`${name}: ${b[at]?.slice(0, 200)} where the log has ${a[at]?.slice(0, 200)}`);
    };
    const rowsOf = (name: string) => tables[name] ?? [];
    if (!isDeepStrictEqual(rowsOf('changes'), log)) faults.push('changes: not the log of the live database');
    rows += log.length;
    const identifiers: Row[] = [];
    for (const kind of kinds.filter(({ kept }) => !kept)) {
      const last = [...(records.get(kind.name) ?? [])];
      const table = backup.tables.kinds.get(kind.name) as Table;
      const names = Object.keys(columnsOf(table)).filter((name) => !/^sort_|^moved_seq$/.test(name));
      const wanted = last.map(([, { seq, content }]) =>
        pick(names, { deleted_at: null, ...content, ...shownRow(kind, content as PublicRecord), seq }),
      );
      compare(
        kind.table,
        wanted,
        rowsOf(kind.table).map((row) => pick(names, row)),
      );
      for (const [id, { content }] of last)
        for (const { scheme, identifier } of content.identifiers as { scheme: string; identifier: string }[])
          identifiers.push({ kind: kind.name, name: `${scheme}:${identifier}`, record_id: id });
      for (const [name, field] of Object.entries(kind.fields)) {
        const { rows: kept, items } = field;
        if (kept === undefined || kinds.some((other) => other.table === kept.table)) continue;
        const parts = Object.entries(items ?? {}).flatMap(([part, { to }]) => (to ? [part] : []));
        const listed = last.flatMap(([id, { content }]) =>
          (content[name] as unknown[]).map((item, ordinal) =>
            items
              ? { [kept.owner]: id, ordinal, ...pick(parts, item as Row) }
              : { [kept.owner]: id, [valueColumn(field)]: item },
          ),
        );
        compare(kept.table, listed, rowsOf(kept.table));
      }
    }
    compare('identifiers', identifiers, rowsOf('identifiers'));
    for (const { name, first } of await checkTables(backup))
      faults.push(...first.map((line) => `${name}: ${line}`));
    return { faults, rows };
  } finally {
    await backup.close();
  }
}

const pick = (names: readonly string[], row: Row): Row =>
  Object.fromEntries(names.map((name) => [name, row[name]]));
