/** All tables, made from the declarations of the kinds and a few of our own, with either set of column helpers. */
import type { Field, ItemRows, Kind } from '../model/declare.ts';
import { kindNamed, kinds } from '../model/kinds.ts';
import type { Column, ColumnBuilder, Columns, Extra, Table } from './columns.ts';
import { webhookTables } from './webhook-tables.ts';

export interface Tables {
  /** Table of a kind, by the kind's name. */
  readonly kinds: ReadonlyMap<string, Table>;
  /** Tables of rows kept beside list fields, by table name (rows that are a kind of their own are in `kinds`). */
  readonly rows: ReadonlyMap<string, Table>;
  readonly identifiers: Table;
  readonly changes: Table;
  /** Which jurisdictions and owners each change concerns. */
  readonly changeSubjects: Table;
  readonly sortMoves: Table;
  /** Where records that were merged into others are found now. */
  readonly redirects: Table;
  readonly apiKeys: Table;
  /** Writes of each key by day, for its quota. */
  readonly keyWrites: Table;
  /** What clients have taken of their allowances in the windows that run, by all processes together. */
  readonly rateWindows: Table;
  /** First answers to requests that may be repeated. */
  readonly idempotencyKeys: Table;
  /** Single values the service remembers: how far sweeps have come, when the last backup was made. */
  readonly marks: Table;
  /** Records of imports that wait for others which they mention, as they were read. */
  readonly importPending: Table;
  /** Members of the collections that imports have read, and the run that met each last. */
  readonly importMet: Table;
  /** Every known wording of an utterance, numbered: a statement's text, or the words of a report. */
  readonly wordings: Table;
  /** Runs of words each wording has, as hashes, for finding it by any of them. */
  readonly wordingShingles: Table;
  /** Every record that can be found by its words, numbered in the order of coming. */
  readonly searchDocuments: Table;
  /** Which documents of a block of numbers have a word, or another mark by which they are found. */
  readonly searchPostings: Table;
  readonly searchSpans: Table;
  /** Who is told of changes, and how. */
  readonly webhooks: Table;
  /** What each of them was told, or is to be told. */
  readonly webhookDeliveries: Table;
  /** Columns of each table's primary key, by table name. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

/** Orders that every kind with writes of its own has, beside those it declares; both keys are columns already. */
export const commonSorts = ['created_at', 'updated_at'] as const;

/** Column that holds a record's key for one of its sorts. */
export function sortColumn(name: string): string {
  return (commonSorts as readonly string[]).includes(name) ? name : `sort_${name}`;
}

/** The column a list field's rows keep each value in: the id of the record referred to, or the word. */
export function valueColumn(field: Field): string {
  return field.to ? `${field.to}_id` : 'word';
}

/** Builds every table; `columns` decides for which database. */
export function buildTables(columns: Columns): Tables {
  const byKind = new Map<string, Table>();
  const byRows = new Map<string, Table>();
  const idOf = (name: string) => () => (byKind.get(name) as Table).id as Column;
  for (const kind of kinds) byKind.set(kind.name, kindTable(columns, kind, idOf));
  for (const kind of kinds) {
    for (const field of Object.values(kind.fields)) {
      const rows = field.rows;
      if (rows === undefined || kinds.some(({ table }) => table === rows.table)) continue;
      byRows.set(rows.table, rowsTable(columns, kind, field, rows, idOf));
    }
  }
  return { kinds: byKind, rows: byRows, ...housekeeping(columns), keys: primaryKeys() };
}

type IdOf = (kind: string) => () => Column;

function fieldColumn(columns: Columns, name: string, field: Field, idOf: IdOf): ColumnBuilder {
  const notNull = field.filled;
  if (field.to && field.storage === 'uuid') return columns.uuid(name, { notNull, refersTo: idOf(field.to) });
  return columns[field.storage](name, { notNull });
}

/** Kinds whose rows keep their record's JSON: not what is large or not for everyone, and not what depends on the day. */
const keeping = new Set(
  kinds.filter(
    ({ kept, fields }) =>
      !kept && !Object.values(fields).some((field) => field.large || field.restricted || field.attached),
  ),
);

/** Whether rows of a kind keep their record's JSON. */
export const keepsShown = (kind: Kind): boolean => keeping.has(kind);

function kindTable(columns: Columns, kind: Kind, idOf: IdOf): Table {
  const own = !kind.kept;
  const built: Record<string, ColumnBuilder> = {
    id: columns.uuid('id', { primaryKey: true, notNull: true }),
  };
  if (kind.slugFrom) built.slug = columns.text('slug', { notNull: true });
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.derived !== 'computed') built[name] = fieldColumn(columns, name, field, idOf);
  }
  if (own) {
    built.version = columns.integer('version', { notNull: true });
    built.created_at = columns.instant('created_at', { notNull: true });
  }
  built.updated_at = columns.instant('updated_at', { notNull: true });
  built.deleted_at = columns.instant('deleted_at');
  // `seq`: the change that last touched the record; `moved_seq`: the one that last moved it in some order.
  built.seq = columns.integer('seq', { notNull: true });
  built.moved_seq = columns.integer('moved_seq', { notNull: true });
  for (const name of Object.keys(kind.sorts))
    built[sortColumn(name)] = columns.text(sortColumn(name), { notNull: true });
  // See `engine/json/shown.ts`. They come last, as reading past a long text takes longer.
  if (keepsShown(kind)) {
    built.shown_of = columns.integer('shown_of');
    built.shown = columns.text('shown');
  }
  return columns.table(kind.table, built, (table) => kindIndexes(columns, kind, table));
}

function kindIndexes(columns: Columns, kind: Kind, table: Table): Extra[] {
  const at = (...names: string[]) => names.map((name) => table[name] as Column);
  const index = (name: string, ...on: string[]) => columns.index(`${kind.table}_${name}`, at(...on));
  const sorts = [...Object.keys(kind.sorts), ...(kind.kept ? ['updated_at'] : commonSorts)];
  const usual = sortColumn(kind.defaultSort.replace('-', ''));
  const filtered = Object.entries(kind.fields).filter(([name, field]) => isIndexed(name, field));
  return [
    ...sorts.map((name) => index(sortColumn(name), sortColumn(name), 'id')),
    ...filtered.map(([name]) => index(name, name, usual, 'id')),
    ...(kind.slugFrom ? [columns.uniqueIndex(`${kind.table}_slug`, at('slug'))] : []),
  ];
}

/** Whether a field has an index by its value and, for each, by the kind’s usual order. */
export function isIndexed(name: string, field: Field): boolean {
  const { derived, storage, filter } = field;
  if (derived === 'computed' || storage === 'json' || name.endsWith('_basis')) return false;
  return filter === 'reference' || filter === 'word' || filter === 'text';
}

function rowsTable(columns: Columns, kind: Kind, field: Field, rows: ItemRows, idOf: IdOf): Table {
  const owner = columns.uuid(rows.owner, { notNull: true, refersTo: idOf(kind.name) });
  if (field.items === undefined) {
    const name = valueColumn(field);
    const value = field.to
      ? columns.uuid(name, { notNull: true, refersTo: idOf(field.to) })
      : columns.text(name, { notNull: true });
    return columns.table(rows.table, { [rows.owner]: owner, [name]: value }, (table) => [
      columns.primaryKey([table[rows.owner] as Column, table[name] as Column]),
      columns.index(`${rows.table}_${name}`, [table[name] as Column, table[rows.owner] as Column]),
    ]);
  }
  const references = Object.entries(field.items).filter(([, item]) => item.to);
  const built: Record<string, ColumnBuilder> = {
    [rows.owner]: owner,
    ordinal: columns.integer('ordinal', { notNull: true }),
  };
  for (const [name, item] of references) built[name] = fieldColumn(columns, name, item, idOf);
  return columns.table(rows.table, built, (table) => [
    columns.primaryKey([table[rows.owner] as Column, table.ordinal as Column]),
    ...references.map(([name]) =>
      columns.index(`${rows.table}_${name}`, [table[name] as Column, table[rows.owner] as Column]),
    ),
  ]);
}

function housekeeping(columns: Columns): Omit<Tables, 'kinds' | 'rows' | 'keys'> {
  const { text, uuid, integer, json, instant } = columns;
  const notNull = true;
  const identifiers = columns.table(
    'identifiers',
    {
      kind: text('kind', { notNull }),
      // `scheme:identifier`; a scheme has no colon.
      name: text('name', { notNull }),
      record_id: uuid('record_id', { notNull }),
    },
    (table) => [
      columns.primaryKey([table.kind as Column, table.name as Column]),
      columns.index('identifiers_record_id', [table.record_id as Column]),
    ],
  );
  const changes = columns.table(
    'changes',
    {
      seq: integer('seq', { primaryKey: true, notNull }),
      at: instant('at', { notNull }),
      kind: text('kind', { notNull }),
      record_id: uuid('record_id', { notNull }),
      op: text('op', { notNull }),
      version: integer('version', { notNull }),
      changed_fields: json('changed_fields', { notNull }),
      actor: text('actor', { notNull }),
      reason: text('reason'),
      content: json('content', { notNull }),
    },
    (table) => [
      columns.uniqueIndex('changes_record', [table.record_id as Column, table.version as Column]),
      columns.index('changes_kind', [table.kind as Column, table.seq as Column]),
      columns.index('changes_at', [table.at as Column, table.seq as Column]),
    ],
  );
  const changeSubjects = columns.table(
    'change_subjects',
    {
      // A jurisdiction the changed record belongs to, or a record it is a part of.
      subject_id: uuid('subject_id', { notNull }),
      // Kind of the changed record: the changes of one kind that concern a place are one range.
      kind: text('kind', { notNull }),
      seq: integer('seq', { notNull }),
    },
    (table) => [columns.primaryKey([table.subject_id as Column, table.kind as Column, table.seq as Column])],
  );
  const sortMoves = columns.table(
    'sort_moves',
    {
      kind: text('kind', { notNull }),
      sort: text('sort', { notNull }),
      key: text('key', { notNull }),
      record_id: uuid('record_id', { notNull }),
      // The record had this key from change `since` until just before change `until`.
      since: integer('since', { notNull }),
      until: integer('until', { notNull }),
    },
    (table) => [
      columns.primaryKey([table.record_id as Column, table.sort as Column, table.until as Column]),
      columns.index('sort_moves_until', [table.kind as Column, table.sort as Column, table.until as Column]),
    ],
  );
  const apiKeys = columns.table(
    'api_keys',
    {
      id: uuid('id', { primaryKey: true, notNull }),
      name: text('name', { notNull }),
      prefix: text('prefix', { notNull }),
      secret_sha256: text('secret_sha256', { notNull }),
      scopes: json('scopes', { notNull }),
      created_at: instant('created_at', { notNull }),
      expires_at: instant('expires_at'),
      revoked_at: instant('revoked_at'),
      last_used_at: instant('last_used_at'),
      // Ids of the jurisdictions it is limited to; null for none.
      jurisdiction_ids: json('jurisdiction_ids'),
      // Most writes in a day (UTC); null for no limit.
      daily_writes: integer('daily_writes'),
    },
    (table) => [columns.uniqueIndex('api_keys_prefix', [table.prefix as Column])],
  );
  const keyWrites = columns.table(
    'key_writes',
    {
      key_id: uuid('key_id', { notNull }),
      day: text('day', { notNull }),
      writes: integer('writes', { notNull }),
    },
    (table) => [columns.primaryKey([table.key_id as Column, table.day as Column])],
  );
  const rateWindows = columns.table(
    'rate_windows',
    {
      // A hash that stands for a key or an address.
      client: text('client', { primaryKey: true, notNull }),
      taken: integer('taken', { notNull }),
      ends_at: instant('ends_at', { notNull }),
    },
    (table) => [columns.index('rate_windows_ends_at', [table.ends_at as Column])],
  );
  const redirects = columns.table(
    'redirects',
    {
      old_id: uuid('old_id', { primaryKey: true, notNull }),
      kind: text('kind', { notNull }),
      new_id: uuid('new_id', { notNull }),
      // The changes the merge made, first and last, so that it can be undone.
      first_seq: integer('first_seq', { notNull }),
      last_seq: integer('last_seq', { notNull }),
    },
    (table) => [columns.index('redirects_new_id', [table.new_id as Column])],
  );
  const idempotencyKeys = columns.table(
    'idempotency_keys',
    {
      // The API key that sent it: one client's keys are nothing to another.
      api_key_id: uuid('api_key_id', { notNull }),
      key: text('key', { notNull }),
      // SHA-256 of method, address and body.
      request_sha256: text('request_sha256', { notNull }),
      status: integer('status', { notNull }),
      headers: json('headers', { notNull }),
      body: text('body', { notNull }),
      created_at: instant('created_at', { notNull }),
    },
    (table) => [
      columns.primaryKey([table.api_key_id as Column, table.key as Column]),
      columns.index('idempotency_keys_created_at', [table.created_at as Column]),
    ],
  );
  const marks = columns.table(
    'marks',
    {
      name: text('name', { primaryKey: true, notNull }),
      value: json('value', { notNull }),
      updated_at: instant('updated_at', { notNull }),
    },
    () => [],
  );
  const importPending = columns.table(
    'import_pending',
    {
      run_id: uuid('run_id', { notNull }),
      // Place in the input, from 1; below 0 where the row says under which id a record is here.
      position: integer('position', { notNull }),
      // The id it has if it is new: a later record of the same id takes its place.
      record_id: uuid('record_id', { notNull }),
      kind: text('kind', { notNull }),
      given_id: uuid('given_id'),
      file: text('file', { notNull }),
      line: integer('line'),
      body: json('body', { notNull }),
      // How it stands to a record there is already; null where it is laid over that.
      bearing: json('bearing'),
      // What was done where it was written without some of what it mentions; null while it was not.
      did: text('did'),
    },
    (table) => [
      columns.primaryKey([table.run_id as Column, table.position as Column]),
      columns.index('import_pending_record_id', [table.run_id as Column, table.record_id as Column]),
    ],
  );
  const importMet = columns.table(
    'import_met',
    {
      importer: text('importer', { notNull }),
      // A set of records of which an input has all.
      collection: text('collection', { notNull }),
      kind: text('kind', { notNull }),
      // An id as text, as it comes out of a list of pairs.
      record_id: text('record_id', { notNull }),
      run_id: text('run_id', { notNull }),
    },
    ({ importer, collection, kind, record_id }) => [
      columns.primaryKey([importer, collection, kind, record_id] as Column[]),
    ],
  );
  const wordings = columns.table(
    'wordings',
    {
      // Short, as it stands in every row of the index.
      number: integer('number', { primaryKey: true, notNull }),
      kind: text('kind', { notNull }),
      record_id: uuid('record_id', { notNull }),
    },
    (table) => [columns.uniqueIndex('wordings_record_id', [table.record_id as Column])],
  );
  const wordingShingles = columns.table(
    'wording_shingles',
    {
      // Hash of three words in a row, the first in the highest bits: those of one or two words are ranges.
      shingle: integer('shingle', { notNull }),
      wording: integer('wording', { notNull }),
    },
    (table) => [columns.primaryKey([table.shingle as Column, table.wording as Column])],
  );
  const searchDocuments = columns.table(
    'search_documents',
    {
      number: integer('number', { primaryKey: true, notNull }),
      kind: text('kind', { notNull }),
      record_id: uuid('record_id', { notNull }),
      // Marks that follow from other records, too: what they were when they were last looked at.
      marks: json('marks', { notNull }),
    },
    (table) => [columns.uniqueIndex('search_documents_record_id', [table.record_id as Column])],
  );
  const searchPostings = columns.table(
    'search_postings',
    {
      // The block of document numbers first: what is new is written in one place, and read newest first.
      block: integer('block', { notNull }),
      token: text('token', { notNull }),
      documents: text('documents', { notNull }),
    },
    (table) => [columns.primaryKey([table.block as Column, table.token as Column])],
  );
  const searchSpans = columns.table(
    'search_spans',
    {
      span: integer('span', { notNull }),
      token: text('token', { notNull }),
      // A bit for each block of the span that may have the token.
      blocks: integer('blocks', { notNull }),
    },
    (table) => [columns.primaryKey([table.span as Column, table.token as Column])],
  );
  return {
    identifiers,
    changes,
    changeSubjects,
    sortMoves,
    redirects,
    apiKeys,
    keyWrites,
    rateWindows,
    idempotencyKeys,
    marks,
    importPending,
    importMet,
    wordings,
    wordingShingles,
    searchDocuments,
    searchPostings,
    searchSpans,
    ...webhookTables(columns),
  };
}

/** Columns of a table by name. */
export function columnsOf(table: Table): Record<string, Column> {
  // PostgreSQL's tables have a method among their columns.
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== 'enableRLS')) as Record<
    string,
    Column
  >;
}

/** Primary keys, in the order of their columns. */
function primaryKeys(): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>(kinds.map(({ table }) => [table, ['id']]));
  for (const field of kinds.flatMap((kind) => Object.values(kind.fields))) {
    const { rows, items } = field;
    if (rows && !keys.has(rows.table))
      keys.set(rows.table, [rows.owner, items ? 'ordinal' : valueColumn(field)]);
  }
  keys.set('identifiers', ['kind', 'name']);
  keys.set('changes', ['seq']);
  keys.set('change_subjects', ['subject_id', 'kind', 'seq']);
  keys.set('sort_moves', ['record_id', 'sort', 'until']);
  keys.set('redirects', ['old_id']);
  keys.set('key_writes', ['key_id', 'day']);
  keys.set('rate_windows', ['client']);
  keys.set('idempotency_keys', ['api_key_id', 'key']);
  keys.set('marks', ['name']);
  keys.set('import_pending', ['run_id', 'position']);
  keys.set('import_met', ['importer', 'collection', 'kind', 'record_id']);
  keys.set('wordings', ['number']);
  keys.set('wording_shingles', ['shingle', 'wording']);
  keys.set('search_documents', ['number']);
  keys.set('search_postings', ['block', 'token']);
  keys.set('search_spans', ['span', 'token']);
  keys.set('webhooks', ['id']);
  keys.set('webhook_deliveries', ['webhook_id', 'number']);
  return keys.set('api_keys', ['id']);
}

/** Every table by name, as the migration generator wants them. */
export function allTables(tables: Tables): Record<string, Table> {
  const { kinds: own, rows, keys: _, ...rest } = tables;
  const named = [...own].map(([name, table]) => [kindNamed(name).table, table] as const);
  const housekept = {
    identifiers: rest.identifiers,
    changes: rest.changes,
    change_subjects: rest.changeSubjects,
    sort_moves: rest.sortMoves,
    redirects: rest.redirects,
    api_keys: rest.apiKeys,
    key_writes: rest.keyWrites,
    rate_windows: rest.rateWindows,
    idempotency_keys: rest.idempotencyKeys,
    marks: rest.marks,
    import_pending: rest.importPending,
    import_met: rest.importMet,
    wordings: rest.wordings,
    wording_shingles: rest.wordingShingles,
    search_documents: rest.searchDocuments,
    search_postings: rest.searchPostings,
    search_spans: rest.searchSpans,
    webhooks: rest.webhooks,
    webhook_deliveries: rest.webhookDeliveries,
  };
  return { ...Object.fromEntries(named), ...Object.fromEntries(rows), ...housekept };
}
