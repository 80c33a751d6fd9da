/** What the rest of the program knows of a database: reads, writes, and the few pieces of SQL the engines spell differently. */
import type { SQL } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Storage } from '../model/declare.ts';
import type { Column, Table } from './columns.ts';
import type { Tables } from './tables.ts';

/** Drizzle's query builder; SQLite's types stand for both engines. */
export type Builder = Pick<
  BetterSQLite3Database,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'
>;

export type Row = Record<string, unknown>;

/** A query that Drizzle can prepare. */
export interface Preparable {
  prepare(): unknown;
}

/** What runs statements in a transaction. They are prepared once per `shape` and connection, and reused. */
export interface Runner {
  /** Runs a query and returns its rows; `shape` names the query's form, `values` fill its placeholders. */
  all<R = Row>(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<R[]>;
  /** Runs a statement that returns no rows. */
  run(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<void>;
  /** Inserts rows that have the same columns; a few statements, however many rows. `name` is the table's. */
  insert(name: string, table: Table, rows: readonly Row[]): Promise<void>;
  /**
   * Checks references when the transaction ends, so that records may be written before those they refer to. Refused
   * to a write that shares its transaction.
   */
  deferReferences(): Promise<void>;
}

/** What is done at the end of a transaction with all that was left for it, in the order it was left in. */
export type AtCommit<T> = (runner: Runner, values: readonly T[]) => Promise<void>;

/** One read, or one write, which may share its transaction with others. */
export interface Session extends Runner {
  /**
   * Leaves a value to be dealt with before the transaction is committed, once for all writes that share it: what is left
   * by those that are undone is not among them. Of the same `name` one `work` is done; where that fails, each write is
   * tried again in a transaction of its own.
   */
  beforeCommit<T>(name: string, value: T, work: AtCommit<T>): void;
}

/** How a value is kept of which the database can write the JSON. */
export type JsonStorage = Storage | 'instant';

/** What stands around an array, and in its place where it has more than `cap`. */
export interface Within {
  readonly cap: number;
  readonly begin: SQL;
  readonly end: SQL;
  readonly beyond: SQL;
}

/** SQL that the engines spell differently. Placeholders are given by name. */
export interface Dialect {
  /** Whether a column's value is among those of a placeholder filled with `list(values)`. */
  isAmong(column: Column | SQL, placeholder: string): SQL;
  /** Fills a placeholder of `isAmong` or `eachOf`. */
  list(values: readonly (string | number)[]): unknown;
  /** The whole numbers of a placeholder filled with `list(numbers)`, as a table `each_of` with one column, `value`. */
  eachOf(placeholder: string): SQL;
  /** The pairs of texts of a placeholder (JSON: an array of arrays), as a table `each_pair` of `first` and `second`. */
  eachPair(placeholder: string): SQL;
  /** The column `value` of all rows of a select, as one list. */
  listed(rows: SQL): SQL<number[]>;
  /** A table whose rows are found by one of its indexes. */
  byIndex(table: Table, index: string): SQL;
  /**
   * What to select from for a table's rows one after another, no more of them being looked at than are asked for: `rows`
   * is what follows a select (`byIndex` a table, conditions, order and limit). `ordered` tells that they come in the
   * order of `rows` by themselves; else it must be asked for again, and costs nothing.
   */
  walked(table: Table, rows: SQL): { readonly from: SQL; readonly ordered: boolean };
  /** What to select from for those of a table's rows whose ids a select gives as `id`, each looked up by its id. */
  lookedUp(table: Table, ids: SQL): SQL;
  /** A column by whose indexes nothing is to be found here. */
  unsought(column: Column): Column | SQL;
  /** How many bytes a JSON column's text has, found without reading the text where that can be. */
  sizeOf(column: Column): SQL;
  /**
   * The JSON text of a column's value, to the byte as `JSON.stringify` writes it; of numbers with fractions only those
   * of a few digits, as the engines spell others in their own ways.
   */
  jsonText(column: Column | SQL, storage: JsonStorage): SQL;
  /** Some texts, none of them null, as one text of the database's. */
  concat(texts: readonly SQL[]): SQL;
  /**
   * The JSON array of an item (a JSON text) for each row of `rows`, which begins with `from`; with `within`, what it says
   * stands around the array, or, for more rows than `cap`, its `beyond` in place of all.
   */
  jsonArray(item: SQL, rows: SQL, within?: Within): SQL;
  /** The values of a JSON list of ids, as a table `each_listed` of `value` and `place`. */
  eachListed(list: SQL): SQL;
  /** The texts of all rows that are not null, in their order, as one text with something between them; null without any. */
  gathered(text: SQL, between: string): SQL;
  /** Some texts, none of them null, as one, in whatever form costs least on its way out of the database. */
  joined(texts: readonly SQL[]): SQL<Buffer | string>;
  /** A JSON array of objects made of some columns of the rows that match, in order. */
  jsonList(fields: Readonly<Record<string, Column>>, from: Table, where: SQL, orderBy: SQL): SQL<unknown[]>;
  /**
   * For each value of a placeholder (the parent ids), the rows of `table` whose id is among `ids(parent)`.
   * `ids` gets the parent's value as SQL and returns a select of ids, ordered and limited.
   */
  forEach(
    on: Builder,
    placeholder: string,
    columns: (parent: SQL<string>) => Record<string, Column | SQL>,
    table: Table,
    ids: (parent: SQL<string>) => SQL,
  ): Preparable;
}

export interface WriteOptions {
  /** Gives the write a transaction of its own. For what defers references, takes long, or awaits anything but its session. */
  readonly alone?: boolean;
}

/** Why a replica does not answer. */
export type Absence = 'unreachable' | 'lagging' | 'no-standby' | 'other-history';

/** How a replica stands. */
export interface ReplicaState {
  /** Its address without secrets. */
  readonly name: string;
  /** Why it answers nothing; undefined while it answers. */
  readonly absence: Absence | undefined;
  /** Number of the newest change it is known to have. */
  readonly revision: number;
}

/** Copies of the database on other servers, which follow it and may answer reads. */
export interface Replicas {
  /**
   * Runs work that reads: it, and whatever it leads to, may be answered by one copy that is known to have a change, or
   * by the database itself where there is none such.
   */
  reading<T>(revision: number, work: () => T): T;
  /** Number of the newest change that some server which answers was seen to have a moment ago. */
  newest(): number;
  states(): readonly ReplicaState[];
  /** Hears of each copy that begins or ceases to answer. */
  onTurn(heard: (state: ReplicaState) => void): void;
}

export interface Database {
  readonly tables: Tables;
  readonly dialect: Dialect;
  /** Runs reads on one consistent snapshot; nothing can be changed. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs reads and writes in one transaction, one at a time; a thrown error undoes all of it. */
  write<T>(work: (session: Session) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * Runs one statement that reads, in a transaction of its own, and returns its rows as values in the order they are
   * selected in. Columns are what they are elsewhere; what is worked out may come as the database gives it, numbers as texts.
   */
  single(shape: string, build: (on: Builder) => Preparable, values?: Row): Promise<unknown[][]>;
  /** Absent where there are none. */
  readonly replicas?: Replicas;
  /**
   * A value that is the same as before only where nothing has been committed in between, by any process; found after the
   * call and, where that costs nothing, at once. That of a replica begins with its name and a blank.
   */
  stamp(): string | Promise<string>;
  /**
   * Hears soon of commits by other processes, and of its own maybe; returns what ends that. It may be told for nothing,
   * and where the database is away for a while it is told once it is back.
   */
  onCommit(heard: () => void): () => void;
  /**
   * Has the database look at how much it holds and of what, where it plans by that: for when much was written at once. It
   * does so by itself too, some time later. Never rejects.
   */
  refreshStatistics(): Promise<void>;
  /** How many statements have been run since the database was opened. */
  statements(): number;
  /** Ends all connections once running work is done. */
  close(): Promise<void>;
}
