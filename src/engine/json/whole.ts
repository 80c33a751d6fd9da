/** Whole lists as JSON that the database makes: a page of records is one text, or its bytes, from the start. */
import type { Column } from '../../db/columns.ts';
import { asc, desc, type SQL, sql } from '../../db/drizzle.ts';
import { sortColumn } from '../../db/tables.ts';
import type { Kind } from '../../model/declare.ts';
import { type Crawled, crawl, FIRST, type Stretch, shownNames } from '../crawl.ts';
import type { Engine } from '../engine.ts';
import { type ListPlace, wantedFields } from '../list.ts';
import type { ListQuery } from '../parameters.ts';
import { conditionsOf, type Plan, placeConditions, shapeOf, stands, valuesOf } from '../plan.ts';
import { largeSize, tableOf, type Wanted } from '../select.ts';
import { pageRows, placeOf } from '../walk.ts';
import { isPlain } from '../ways.ts';
import type { Text } from './list.ts';
import { recordParts } from './record.ts';

/** Some records of a list. */
export interface JsonTexts {
  /** Their JSON, one after another, with something between them. Bytes are for whoever takes them alone. */
  readonly texts: Text;
  readonly count: number;
}

/** Most records read at a time, and about how many bytes; of those with large fields fewer, as they may have many. */
const MOST = 1000;
const BYTES = 256 * 1024;
const MOST_LARGE = 200;
const LARGE_BYTES = 1024 * 1024;
/** Bytes of large fields beyond which a record is read by itself. */
const WITHIN = 128 * 1024;

/**
 * Begins a whole list of JSON texts with `between` between them, which costs least by far; undefined where the database
 * cannot make them, as others are put inside. Each is, to the byte, what `JSON.stringify` makes of the record.
 */
export async function crawlJson(
  engine: Engine,
  kind: Kind,
  query: ListQuery,
  place: ListPlace,
  between: string,
): Promise<Crawled<JsonTexts> | undefined> {
  if ((query.include ?? []).length > 0) return undefined;
  const wanted = wantedFields(kind, query, place.restricted);
  const large = wanted.large.length > 0;
  const [target, most] = large ? [LARGE_BYTES, MOST_LARGE] : [BYTES, MOST];
  const making: Making = { names: shownNames(engine, kind, query, wanted), between, large };
  return crawl(engine, kind, query, place, {
    wanted,
    names: making.names,
    read: async (plan) => (await atOnce(plan, making)) ?? oneByOne(plan, making),
    next: ({ count, page: { texts } }) =>
      count === 0
        ? FIRST
        : Math.max(FIRST, Math.min(count * 4, most, Math.floor((count * target) / texts.length))),
  });
}

interface Making {
  /** Names of what a record's JSON has. */
  readonly names: readonly string[];
  readonly between: string;
  /** Whether it has large fields. */
  readonly large: boolean;
}

/** The JSON of a record, with `within` null where its large fields have more bytes. */
function jsonOf({ engine: { db }, kind, wanted }: Plan, { names }: Making, within?: number): SQL {
  const made = db.dialect.concat(recordParts(db, kind, { names, include: [], single: false }, kind.table));
  if (within === undefined) return made;
  return sql`case when ${largeSize(db, kind, wanted)} <= ${sql.raw(String(within))} then ${made} end`;
}

interface Gathered {
  readonly texts: Text;
  readonly count: number;
  /** How many there are a text of. */
  readonly made: number;
  readonly key: string;
  readonly id: string;
}

/**
 * The records of a plan as one text; undefined where some may be met at a place they no longer have, or are too large, and
 * where no index has them one after another.
 */
async function atOnce(plan: Plan, making: Making): Promise<Stretch<JsonTexts> | undefined> {
  const { engine, session, kind, sort, from, limit, revision } = plan;
  if (!isPlain(plan) || (from && from.revision !== revision && !stands(sort))) return undefined;
  const { dialect } = engine.db;
  const [found] = await session.all<Gathered>(
    `gathered ${making.names} ${JSON.stringify(making.between)} ${shapeOf(plan)} ${from ? 'on' : ''}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const [key, id] = [table[sortColumn(sort.replace('-', ''))] as Column, table.id as Column];
      const [order, outermost] = sort.startsWith('-') ? [desc, 'min'] : [asc, 'max'];
      const item = jsonOf(plan, making, making.large ? WITHIN : undefined);
      const where = sql.join([sql`true`, ...conditionsOf(plan), ...placeConditions(plan)], sql` and `);
      const rows = sql`select ${item} as item, ${key} as place, ${id} as id from ${table} where ${where}
        order by ${order(key)}, ${order(id)} limit ${sql.placeholder('limit')}`;
      const ids = dialect.gathered(sql`id`, '');
      return on
        .select({
          texts: dialect.joined([sql`coalesce(${dialect.gathered(sql`item`, making.between)}, '')`]),
          count: sql<number>`count(*)`.mapWith(Number),
          made: sql<number>`count(item)`.mapWith(Number),
          key: sql<string>`${sql.raw(outermost)}(place)`.mapWith(key),
          id: sql<string>`substr(${ids}, length(${ids}) - 35)`,
        })
        .from(sql`(${rows}) as gathered`);
    },
    valuesOf(plan),
  );
  const { texts, count, made, key, id } = found as Gathered;
  if (made < count) return undefined;
  const last = count > 0 ? { key, id } : undefined;
  return { page: { texts, count }, count, last, ended: count <= limit };
}

/** The same row by row, up to one that is too large to be read beside others, or that one alone. */
async function oneByOne(plan: Plan, making: Making): Promise<Stretch<JsonTexts>> {
  const within = making.large ? WITHIN : undefined;
  const { rows, reached } = await pageRows({ ...plan, wanted: instead(plan, making, within) });
  const beyond = rows.findIndex(({ row }) => row.json === null);
  const ended = beyond < 0 && rows.length <= plan.limit && reached === undefined;
  const fit =
    beyond === 0
      ? (await pageRows({ ...plan, wanted: instead(plan, making), limit: 0 })).rows
      : rows.slice(0, beyond < 0 ? plan.limit + 1 : beyond);
  const texts = fit.map(({ row }) => row.json as string).join(making.between);
  const last = beyond < 0 && reached ? reached : placeOf(fit.at(-1));
  return { page: { texts, count: fit.length }, count: fit.length, last, ended };
}

function instead(plan: Plan, making: Making, within?: number): Wanted {
  const shape = `json(${making.names.join('+')})${within ?? ''}`;
  return { ...plan.wanted, as: { shape, columns: { json: jsonOf(plan, making, within) } } };
}
