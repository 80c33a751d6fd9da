import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import type { Builder, Preparable, Row, Session } from '../database.ts';
import type { Readable } from '../maintenance.ts';
import { queriesOn } from '../query.ts';
import { buildTables } from '../tables.ts';
import { builder } from './builder.ts';
import { columns } from './columns.ts';
import { dialect } from './dialect.ts';
import { preparing } from './prepared.ts';

const REFUSED = 'the database is open for reading only';
const refuse = () => Promise.reject(new Error(REFUSED));

/** Opens a file for reading only, at whatever version it is; nothing about it or beside it changes. */
export function openReadOnly(file: string, wait: number): Readable {
  if (!existsSync(file)) throw new Error('there is no such file');
  const raw = new Sqlite(file, { readonly: true, timeout: wait });
  raw.pragma('query_only = ON');
  const prepare = preparing(raw, queriesOn(builder));
  const session: Session = {
    async all<R>(shape: string, build: (on: Builder) => Preparable, values: Row = {}): Promise<R[]> {
      const { statement, parameters, row } = prepare(shape, build);
      const rows = statement.all(parameters(values)) as unknown[][];
      return rows.map(row) as R[];
    },
    run: refuse,
    insert: refuse,
    deferReferences: () => Promise.resolve(),
    beforeCommit() {
      throw new Error(REFUSED);
    },
  };
  return {
    tables: buildTables(columns),
    dialect,
    async read(work) {
      raw.exec('BEGIN');
      try {
        return await work(session);
      } finally {
        if (raw.inTransaction) raw.exec('ROLLBACK');
      }
    },
    close: async () => void raw.close(),
  };
}
