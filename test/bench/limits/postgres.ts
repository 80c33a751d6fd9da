/** The limit on PostgreSQL: a bare pool with prepared statements, JSON made in JavaScript. */
import pg from 'pg';
import type { Kind } from '../../../src/model/declare.ts';
import type { Limit } from './limit.ts';
import { changeColumns, includeOf, listOf, onePolicy, policy, type Spelling, targetOf } from './queries.ts';

const spelling: Spelling = {
  parameter: (number) => `$${number}`,
  listed: (column) =>
    `(select value::uuid, place from json_array_elements_text(${column}::json) with ordinality as each(value, place)) as listed`,
};

type Row = Record<string, unknown>;

/** Instants as the service shows them, and whole numbers as numbers. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === 1184) return (text: string) => new Date(text).toISOString();
    if (oid === 20) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

/** Opens the limit on a database of a server. */
export async function openLimit(url: string): Promise<Limit> {
  const pool = new pg.Pool({ connectionString: url, max: 10, types: types as never });
  await pool.query(
    'create table if not exists bare_writes (id bigserial primary key, name text, content text)',
  );
  const names = new Map<string, string>();
  const all = async (text: string, ...values: unknown[]): Promise<Row[]> => {
    const name = names.get(text) ?? `limit ${names.size}`;
    names.set(text, name);
    return (await pool.query({ name, text, values })).rows;
  };
  const computed = (kind: Kind) => (row: Row) => (kind.compute ? { ...row, ...kind.compute(row) } : row);
  const include = async (row: Row, wanted: readonly string[], cap: number): Promise<Row> => {
    const found = await Promise.all(
      wanted.map(async (name) => {
        const one = policy.includes[name] as Kind['includes'][string];
        const value =
          'one' in one ? row[one.one] : 'listed' in one ? JSON.stringify(row[one.listed]) : row.id;
        const rows = (await all(includeOf(one, spelling, cap), value)).map(computed(targetOf(one)));
        return [name, 'many' in one ? { data: rows } : (rows[0] ?? null)] as const;
      }),
    );
    return { ...row, ...Object.fromEntries(found) };
  };
  /** The rows of an include of many parents, by one statement. */
  const includeAll = async (rows: readonly Row[], wanted: readonly string[], cap: number): Promise<Row[]> => {
    let whole = [...rows];
    for (const name of wanted) {
      const one = policy.includes[name] as Kind['includes'][string];
      const inner = includeOf(one, { ...spelling, parameter: () => 'parents.value' }, cap);
      const text = `select parents.value as parent, it.* from unnest($1::uuid[]) as parents(value) cross join lateral (${inner}) as it`;
      const groups = Map.groupBy(
        await all(
          text,
          rows.map(({ id }) => id),
        ),
        ({ parent }) => parent as string,
      );
      whole = whole.map((row) => ({
        ...row,
        [name]: { data: (groups.get(row.id as string) ?? []).map(({ parent: _, ...rest }) => rest) },
      }));
    }
    return whole;
  };
  const send = (data: unknown) => JSON.stringify({ data });
  const listText = (filtered: boolean, on: boolean) => listOf(spelling, { filtered, on });
  return {
    objects: {
      one: async (slug) => JSON.stringify((await all(onePolicy(spelling), slug))[0]),
      whole: async (slug, wanted) =>
        JSON.stringify(await include((await all(onePolicy(spelling), slug))[0] as Row, wanted, 100)),
      filtered: async (type, status, limit) => send(await all(listText(true, false), type, status, limit)),
      including: async (limit, wanted) =>
        send(await includeAll(await all(listText(false, false), limit), wanted, 20)),
      on: async (key, id, limit) => send(await all(listText(false, true), key, id, limit)),
      changes: async (after, limit) => {
        const shown = changeColumns.map((name) => `"${name}"`).join(', ');
        return send(
          await all(`select ${shown} from changes where seq > $1 order by seq limit $2 + 0`, after, limit),
        );
      },
    },
    writes: {
      each: async (body) => {
        await pool.query({
          name: 'write',
          text: 'insert into bare_writes (name, content) values ($1, $2)',
          values: [body.name, JSON.stringify(body)],
        });
      },
    },
  };
}
