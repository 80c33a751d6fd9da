import type Sqlite from 'better-sqlite3';
import type { Builder, Preparable } from '../database.ts';
import type { Queries, Query } from '../query.ts';
import { statementsOf } from '../statements.ts';

/** A query prepared on a connection; one that selects gives its rows as values. */
export interface Prepared extends Query {
  readonly statement: Sqlite.Statement;
}

/** Prepares queries on a connection, each once. */
export function preparing(raw: Sqlite.Database, queries: Queries) {
  const of = statementsOf<Prepared>();
  return (shape: string, build: (on: Builder) => Preparable): Prepared =>
    of(shape, () => {
      const query = queries(shape, build);
      const statement = raw.prepare(query.text);
      return { ...query, statement: statement.reader ? statement.raw() : statement };
    });
}
