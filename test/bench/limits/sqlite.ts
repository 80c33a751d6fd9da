/** The limits on SQLite: raw prepared statements, with JSON made in JavaScript (`objects`) or by the database (`json`). */
import Sqlite from 'better-sqlite3';
import type { Kind } from '../../../src/model/declare.ts';
import type { Limit, Writes } from './limit.ts';
import {
  changeColumns,
  includeOf,
  listOf,
  onePolicy,
  policy,
  type Spelling,
  searchedColumns,
  shownColumns,
  targetOf,
  typedColumns,
} from './queries.ts';

const spelling: Spelling = {
  parameter: () => '?',
  listed: (column) => `(select value, key as place from json_each(${column})) as listed`,
};

type Row = Record<string, unknown>;

/** Brings JSON and truth values of rows of a kind into their form. */
function former(kind: Kind): (row: Row) => Row {
  const { json, flags } = typedColumns(kind);
  return (row) => {
    for (const name of json) if (row[name] !== null) row[name] = JSON.parse(row[name] as string);
    for (const name of flags) if (row[name] !== null) row[name] = row[name] === 1;
    return kind.compute ? { ...row, ...kind.compute(row) } : row;
  };
}

/** What a row of these columns is as JSON, made by the database. */
function jsonObject(kind: Kind, more: readonly string[] = [], without: readonly string[] = []): string {
  const { json, flags } = typedColumns(kind);
  const own = shownColumns(kind).filter((name) => !without.includes(name));
  const pairs = own.map((name) => {
    const value = json.includes(name)
      ? `json("${name}")`
      : flags.includes(name)
        ? `json(case "${name}" when 1 then 'true' when 0 then 'false' end)`
        : `"${name}"`;
    return `'${name}', ${value}`;
  });
  return `json_object(${[...pairs, ...more].join(', ')})`;
}

const wrapped = (object: string, rows: string) => `select cast(${object} as blob) as body from (${rows})`;
const array = (object: string, rows: string) => `select json_group_array(${object}) from (${rows})`;

/** Opens the limit on a database file; `scratch` is a file of its own for its index of words. */
export function openLimit(file: string, scratch: string): Limit {
  const db = new Sqlite(file, { readonly: true });
  const statements = new Map<string, Sqlite.Statement>();
  const prepared = (text: string) => {
    const known = statements.get(text) ?? db.prepare(text);
    statements.set(text, known);
    return known;
  };
  const formPolicy = former(policy);
  const all = (text: string, ...values: unknown[]) => prepared(text).all(...values) as Row[];
  const body = (text: string, ...values: unknown[]) =>
    (prepared(text).get(...values) as { body: Buffer }).body;
  const send = (data: unknown) => JSON.stringify({ data });

  const including = (names: readonly string[], cap: number) => {
    const includes = names.map((name) => {
      const include = policy.includes[name] as Kind['includes'][string];
      return { name, include, text: includeOf(include, spelling, cap), form: former(targetOf(include)) };
    });
    return (row: Row): Row => {
      const whole: Row = { ...row };
      for (const { name, include, text, form } of includes) {
        const value =
          'one' in include
            ? row[include.one]
            : 'listed' in include
              ? JSON.stringify(row[include.listed])
              : row.id;
        const found = all(text, ...Array(text.split('?').length - 1).fill(value)).map(form);
        whole[name] = 'many' in include ? { data: found } : (found[0] ?? null);
      }
      return whole;
    };
  };
  const included = new Map<string, (row: Row) => Row>();
  const withIncludes = (names: readonly string[], cap: number) => {
    const key = names.join();
    const known = included.get(key) ?? including(names, cap);
    included.set(key, known);
    return known;
  };
  /** The same as pairs of `json_object`: each include a select about the row `it`. */
  const includePairs = (names: readonly string[], cap: number) =>
    names.map((name) => {
      const include = policy.includes[name] as Kind['includes'][string];
      const of =
        'one' in include ? `it.${include.one}` : 'listed' in include ? `it.${include.listed}` : 'it.id';
      const rows = includeOf(include, { ...spelling, parameter: () => of }, cap);
      const object = jsonObject(targetOf(include));
      return 'many' in include
        ? `'${name}', json_object('data', json((${array(object, rows)})))`
        : `'${name}', json((select ${object} from (${rows})))`;
    });
  const listText = (filtered: boolean, on: boolean) => listOf(spelling, { filtered, on });
  const listBody = (text: string) =>
    wrapped(`json_object('data', json_group_array(${jsonObject(policy)}))`, text);

  let search: Sqlite.Statement | undefined;
  return {
    objects: {
      one: (slug) => JSON.stringify(formPolicy(prepared(onePolicy(spelling)).get(slug) as Row)),
      whole: (slug, names) =>
        JSON.stringify(withIncludes(names, 100)(formPolicy(prepared(onePolicy(spelling)).get(slug) as Row))),
      filtered: (type, status, limit) =>
        send(all(listText(true, false), type, status, limit).map(formPolicy)),
      including: (limit, names) =>
        send(all(listText(false, false), limit).map(formPolicy).map(withIncludes(names, 20))),
      on: (key, id, limit) => send(all(listText(false, true), key, id, limit).map(formPolicy)),
      search: (words, limit) => {
        search ??= fullText(db, file, scratch);
        return send((search.all(words, limit) as Row[]).map(formPolicy));
      },
      changes: (after, limit) => {
        const names = changeColumns.map((name) => `"${name}"`).join(', ');
        const rows = all(`select ${names} from changes where seq > ? order by seq limit ? + 0`, after, limit);
        for (const row of rows) {
          row.changed_fields = JSON.parse(row.changed_fields as string);
          row.content = JSON.parse(row.content as string);
        }
        return send(rows);
      },
      *everything() {
        const form = former(policy);
        for (const row of db.prepare(`select ${shownColumns(policy).join(', ')} from policies`).iterate())
          yield `${JSON.stringify(form(row as Row))}\n`;
      },
    },
    json: {
      one: (slug) => body(wrapped(jsonObject(policy), onePolicy(spelling)), slug),
      whole: (slug, names) => {
        // What is included under the name of a field takes its place.
        const own = jsonObject(policy, includePairs(names, 100), names);
        return body(`select cast(${own} as blob) as body from (${onePolicy(spelling)}) as it`, slug);
      },
      filtered: (type, status, limit) => body(listBody(listText(true, false)), type, status, limit),
      including: (limit, names) => {
        const object = jsonObject(policy, includePairs(names, 20));
        const text = `select cast(json_object('data', json_group_array(${object})) as blob) as body
          from (${listText(false, false)}) as it`;
        return body(text, limit);
      },
      on: (key, id, limit) => body(listBody(listText(false, true)), key, id, limit),
      changes: (after, limit) => {
        const pairs = changeColumns.map((name) =>
          name === 'content' || name === 'changed_fields' ? `'${name}', json(${name})` : `'${name}', ${name}`,
        );
        const rows = `select * from changes where seq > ? order by seq limit ? + 0`;
        return body(
          wrapped(`json_object('data', json_group_array(json_object(${pairs})))`, rows),
          after,
          limit,
        );
      },
      *everything() {
        const names = shownColumns(policy).map((name) => `"${name}"`);
        const text = wrapped(jsonObject(policy), `select ${names.join(', ')} from policies`);
        for (const row of db.prepare(text).iterate())
          yield Buffer.concat([(row as { body: Buffer }).body, END]);
      },
    },
    writes: writesOf(`${scratch}.writes`),
  };
}

const END = Buffer.from('\n');

/** An index of words as SQLite has it, best hits first, in a file of its own beside the tracker. */
function fullText(db: Sqlite.Database, file: string, scratch: string): Sqlite.Statement {
  const names = searchedColumns.join(', ');
  const made = new Sqlite(scratch);
  made.exec(`attach '${file}' as tracker; create virtual table words using fts5(id unindexed, ${names});
    insert into words select id, ${names} from tracker.policies`);
  made.close();
  db.exec(`attach '${scratch}' as scratch`);
  const shown = shownColumns(policy).map((name) => `policies."${name}"`);
  return db.prepare(`select ${shown.join(', ')} from (
      select id as found, rank as place from scratch.words where words match ? order by rank limit ? + 0
    ) join policies on policies.id = found order by place`);
}

/** Bare durable writes: one row, one line of a log; a transaction each, or one for all of a turn of the event loop. */
function writesOf(file: string): Writes {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`create table topics (id integer primary key, name text unique, description text);
    create table log (seq integer primary key, at text, content text)`);
  const [row, line] = [
    db.prepare('insert into topics (name, description) values (?, ?)'),
    db.prepare('insert into log (at, content) values (?, ?)'),
  ];
  const write = (body: Row) => {
    row.run(body.name, body.description);
    line.run(new Date().toISOString(), JSON.stringify(body));
  };
  const each = db.transaction(write);
  let waiting: { body: Row; done: () => void }[] = [];
  const group = db.transaction((bodies: { body: Row }[]) => {
    for (const { body } of bodies) write(body);
  });
  return {
    each: async (body) => void each.immediate(body),
    grouped: (body) =>
      new Promise((done) => {
        waiting.push({ body, done });
        if (waiting.length > 1) return;
        setImmediate(() => {
          const now = waiting;
          waiting = [];
          group.immediate(now);
          for (const one of now) one.done();
        });
      }),
  };
}
