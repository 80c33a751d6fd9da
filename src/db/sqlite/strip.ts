/** Making a copy of a tracker one that anyone may have. */
import Sqlite from 'better-sqlite3';

/** What may stay, and what of that is hidden. */
export interface Openness {
  /** Tables that keep their rows; any other is emptied. */
  readonly tables: readonly string[];
  /** Fields of kinds that are taken out of their rows, and of every version in the change log. */
  readonly hidden: readonly {
    readonly kind: string;
    readonly table: string;
    readonly fields: readonly string[];
  }[];
  /** Marks that are taken out, as patterns of `LIKE`. */
  readonly marks: readonly string[];
}

/** Takes out of a file that nobody else has open what is not for everyone, so that no page of it holds any of that. */
export function strip(file: string, { tables, hidden, marks }: Openness): void {
  const raw = new Sqlite(file, { fileMustExist: true, timeout: 0 });
  try {
    raw.pragma('journal_mode = DELETE');
    raw.pragma('secure_delete = ON');
    raw.pragma('foreign_keys = OFF');
    raw.exec('BEGIN');
    for (const name of tableNames(raw).filter((one) => !tables.includes(one)))
      raw.exec(`DELETE FROM "${name}"`);
    for (const mark of marks) raw.prepare('DELETE FROM marks WHERE name LIKE ?').run(mark);
    for (const { kind, table, fields } of hidden)
      for (const field of fields) {
        const path = `$.${field}`;
        raw.exec(`UPDATE "${table}" SET "${field}" = NULL WHERE "${field}" IS NOT NULL`);
        raw
          .prepare(
            "UPDATE changes SET content = json_set(content, ?, NULL) WHERE kind = ? AND json_type(content, ?) <> 'null'",
          )
          .run(path, kind, path);
      }
    raw.exec('COMMIT');
    // What was taken out is zeros by now; only where that is much of the file it is worth writing all of it anew.
    const count = (name: string) => raw.pragma(name, { simple: true }) as number;
    if (count('freelist_count') * 10 > count('page_count')) raw.exec('VACUUM');
  } finally {
    raw.close();
  }
}

function tableNames(raw: Sqlite.Database): string[] {
  const rows = raw
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all() as { name: string }[];
  return rows.map(({ name }) => name);
}
