import Sqlite from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import t, { type Test } from 'tap';
import type { Session } from '../../src/db/database.ts';
import type { Bounds } from '../../src/engine/bounds.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type Filter, filtersOf } from '../../src/engine/filters.ts';
import { sortNames } from '../../src/engine/parameters.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { pageRows } from '../../src/engine/walk.ts';
import type { Kind } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';
import { testApp } from '../helper.ts';

/** How SQLite means to run a statement. SQLite has no figures of its tables, so that what they hold makes no difference. */
interface Planned {
  readonly shape: string;
  readonly steps: readonly string[];
}

const BOUNDS: Bounds = { tried: 10, found: 100, walked: 20, atOnce: 10, counted: 100 };

/** A session that explains each statement once and runs none: filters find `found` rows, and no page is ever full. */
function explaining(raw: Sqlite.Database, planned: Map<string, Planned>, found: number): Session {
  const builder = drizzle(raw);
  const all: Session['all'] = async (shape, build) => {
    if (!planned.has(shape)) {
      const query = build(builder) as unknown as { toSQL(): { sql: string; params: unknown[] } };
      const { sql, params } = query.toSQL();
      const rows = raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params.map(() => null));
      planned.set(shape, { shape, steps: (rows as { detail: string }[]).map(({ detail }) => detail) });
    }
    const place = { key: 'key', id: 'id' };
    if (shape.startsWith('end ')) return [place, place] as never[];
    if (shape.startsWith('found '))
      return [Object.fromEntries(TEN.map((at) => [`c${at}`, found]))] as never[];
    return [];
  };
  return { all } as Session;
}

const TEN = Array.from({ length: 10 }, (_, at) => at);

/** Values that a filter could be given: one, and where there may be several, two. */
function valuesFor({ name, schema }: Filter): string[][] {
  if (/_since$|_until$/.test(name)) return [['2024-01-01T00:00:00Z']];
  if (name === 'on') return [['2024-01-01']];
  if (name === 'current') return [['true'], ['false']];
  return (schema as { type?: string }).type === 'array' ? [['a'], ['a', 'b']] : [['a']];
}

/** Explains whatever a list with these filters may ask: from its start and from a place, where few are found and many. */
async function explained(t: Test, lists: Iterable<Listed>): Promise<Planned[]> {
  const { app, url } = await testApp(t, 'seeded');
  const raw = new Sqlite(url.slice('sqlite:'.length), { readonly: true });
  t.teardown(() => raw.close());
  const engine: Engine = { ...app.engine, bounds: BOUNDS };
  const planned = new Map<string, Planned>();
  const sessions = [1, 1000].map((found) => explaining(raw, planned, found));
  for (const [kind, sort, given] of lists) {
    const conditions = given.map(([filter, values], at) => filter.condition(values, `f${at}`, engine.db));
    if (conditions.some(({ unserved }) => unserved)) continue;
    // The columns make no difference to a plan, and most of the cost of making it.
    const as = { shape: 'id', columns: {} };
    const wanted = { large: [], restricted: false, deleted: false, as };
    const place = { key: 'a', id: 'a', revision: 1 };
    for (const session of sessions)
      for (const from of [undefined, place]) {
        const plan: Plan = { engine, session, kind, sort, conditions, from, revision: 1, wanted, limit: 20 };
        await pageRows(plan);
      }
  }
  return [...planned.values()];
}

const tables = new Set(kinds.map(({ table }) => table));
const isTable = (name = '') =>
  tables.has(name) || /_(topics|items|sources|jurisdictions)$|^identifiers$/.test(name);

/** Steps that read a table from its first row on, by an index or not. */
const scans = ({ steps }: Planned) => steps.filter((step) => isTable(/^SCAN (\w+)/.exec(step)?.[1]));
const sorts = ({ steps }: Planned) => steps.filter((step) => step.includes('TEMP B-TREE'));

/** Steps that read all that a table has of some value before the first row is looked at. */
const listings = ({ steps }: Planned) =>
  steps.filter(
    (step, at) => /^LIST SUBQUERY/.test(steps[at - 1] ?? '') && !/json_each|identifiers/.test(step),
  );

/** What is wrong with a plan; undefined where nothing is. */
function fault(planned: Planned): string | undefined {
  const { shape, steps } = planned;
  const told = `${shape}: ${steps.join(' / ')}`;
  // Along an index that is read from its first place on, a limit ends it.
  const allowed = / among /.test(shape) || shape.startsWith('found ') ? 0 : 1;
  const read = scans(planned);
  if (read.length > allowed || read.some((step) => !/USING (COVERING )?INDEX/.test(step)))
    return `scans: ${told}`;
  if (/ among /.test(shape)) {
    const within = steps.some((step) =>
      /^SEARCH \w+ USING (INTEGER PRIMARY KEY|INDEX sqlite_autoindex)/.test(step),
    );
    return within ? undefined : `looks nothing up: ${told}`;
  }
  const byIds = /id[=~]/.test(shape) && steps.some((step) => /sqlite_autoindex_\w+_1 \(id=/.test(step));
  if (sorts(planned).length > 0 && !byIds) return `sorts: ${told}`;
  if (!/ along /.test(shape) || shape.startsWith('end ')) return undefined;
  if (listings(planned).length > 0) return `lists: ${told}`;
  return steps.some((step) => step.endsWith('USING INTEGER PRIMARY KEY (rowid=?)'))
    ? undefined
    : `walks otherwise: ${told}`;
}

type Listed = [Kind, string, [Filter, string[]][]];

/** Every filter in every order, up or down by turns: an index is read either way. */
function* eachFilter(): Iterable<Listed> {
  for (const kind of kinds)
    for (const [at, sort] of sortNames(kind).entries())
      for (const [turn, filter] of [...filtersOf(kind).values()].entries()) {
        if ((turn + (at >> 1)) % 2 !== at % 2) continue;
        for (const values of valuesFor(filter)) yield [kind, sort, [[filter, values]]];
      }
}

/** Every two filters of the kinds that have most, in the order that some of their indexes have. */
function* eachPair(): Iterable<Listed> {
  for (const kind of kinds.filter(({ name }) => /^(policy|statement|vote|membership|relation)$/.test(name))) {
    const filters = [...filtersOf(kind).values()];
    for (const [at, one] of filters.entries())
      for (const other of filters.slice(at + 1)) {
        const both = [one, other].map((filter) => [filter, valuesFor(filter)[0]] as [Filter, string[]]);
        yield [kind, kind.defaultSort, both];
      }
  }
}

t.test(
  'a list with any filter in any order reads no table from end to end, and sorts only what is counted as few',
  async (t) => {
    const planned = await explained(t, eachFilter());
    t.ok(planned.length > 1000, `${planned.length} statements`);
    t.same(
      planned.flatMap((one) => fault(one) ?? []),
      [],
    );
  },
);

t.test('nor does one with any two filters', async (t) => {
  const planned = await explained(t, eachPair());
  t.ok(planned.length > 1000, `${planned.length} statements`);
  t.same(
    planned.flatMap((one) => fault(one) ?? []),
    [],
  );
});
