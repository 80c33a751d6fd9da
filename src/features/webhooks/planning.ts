/**
 * From the change log to the queues: each webhook has a place in the log, which moves on in the transaction that
 * queues what it has passed. So nothing is missed or queued twice, whoever ends when. The log itself is the backlog:
 * only so many messages of a webhook are queued at a time.
 */
import type { Column } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import type { Reading } from '../../engine/belonging.ts';
import { concernOf, type PublicChange, readChanges } from '../../engine/changes.ts';
import { dayOf } from '../../engine/day.ts';
import type { Engine } from '../../engine/engine.ts';
import { filtersOf, todayOf } from '../../engine/filters.ts';
import { survivorsOf } from '../../engine/redirects.ts';
import { tableOf } from '../../engine/select.ts';
import type { PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { testsOf } from './matching.ts';
import { countPending, enqueue } from './queue.ts';
import { changeWebhook, readWebhook } from './rows.ts';
import type { Filters, Webhook } from './webhook.ts';

/** Messages of one webhook that are queued at a time. */
export const WINDOW = 200;

/** How much of the log is looked at in one go; with filters, its content is read too. */
const STRETCH = { limit: 100, bytes: 1024 * 1024 };

/** How far the place that is kept may lie behind, where nothing on the way was of interest. */
const LAG = 1000;

export interface Planned {
  /** Number of the last change that was looked at. */
  readonly position: number;
  /** Whether there is more that could be queued now. */
  readonly more: boolean;
  /** Whether something was queued. */
  readonly queued: boolean;
}

/**
 * Looks at the next changes after `from` and queues those a webhook asks for; undefined where another did so meanwhile
 * or the webhook has changed.
 */
export async function planNext(engine: Engine, webhook: Webhook, from: number): Promise<Planned | undefined> {
  const looked = await engine.db.read((session) => look({ engine, session }, webhook, from));
  if (looked === undefined) return { position: from, more: false, queued: false };
  const { changes, position, more } = looked;
  if (changes.length === 0 && position - webhook.position < LAG) return { position, more, queued: false };
  const at = engine.now().toISOString();
  const queued = await engine.db.write(async (session) => {
    const queueing = { engine, session };
    const now = await readWebhook(queueing, webhook.id);
    if (now?.version !== webhook.version || now.position !== webhook.position) return false;
    await changeWebhook(queueing, webhook.id, { position });
    if (changes.length > 0) await enqueue(queueing, now, changes, at);
    return true;
  });
  return queued ? { position, more, queued: changes.length > 0 } : undefined;
}

interface Looked {
  readonly changes: readonly Pick<PublicChange, 'seq' | 'kind' | 'record_id' | 'op'>[];
  readonly position: number;
  readonly more: boolean;
}

/** The next changes that a webhook asks for; undefined while its queue is full. */
async function look(
  reading: Reading & { readonly engine: Engine },
  webhook: Webhook,
  after: number,
): Promise<Looked | undefined> {
  const { engine, session } = reading;
  const room = WINDOW - (await countPending(reading, webhook.id));
  // Many at a time are queued for little more than one.
  if (room < WINDOW / 4) return undefined;
  const { kinds, jurisdictions, filters } = webhook;
  const concern = await concernOf(engine, session, {
    ...(kinds ? { kind: kinds } : {}),
    ...(jurisdictions ? { jurisdiction: jurisdictions } : {}),
  });
  const content = Object.keys(filters).length > 0;
  const limit = Math.min(room, STRETCH.limit);
  const reach = { ...STRETCH, after, limit, concern, restricted: false, content };
  const { data, revision, next } = await readChanges(engine, session, reach);
  const wanted = content ? await wantedAmong(reading, filters, data) : data;
  return {
    changes: wanted.map(({ seq, kind, record_id, op }) => ({ seq, kind, record_id, op })),
    position: next ?? revision,
    more: next !== undefined,
  };
}

/** The changes of records that are what the filters ask for after the change, or were before it. */
export async function wantedAmong(
  reading: Reading & { readonly engine: Engine },
  filters: Readonly<Record<string, Filters>>,
  changes: readonly PublicChange[],
): Promise<readonly PublicChange[]> {
  const filtered = changes.filter(({ kind }) => filters[kind] !== undefined);
  if (filtered.length === 0) return changes;
  const before = await contentsBefore(reading, filtered);
  const right = new Set<PublicChange>();
  for (const [kind, some] of Map.groupBy(filtered, (change) => change.kind)) {
    const asked = filters[kind] as Filters;
    for (const change of await ofOneKind(reading, kind, asked, some, before)) right.add(change);
  }
  return changes.filter((change) => filters[change.kind] === undefined || right.has(change));
}

async function ofOneKind(
  reading: Reading & { readonly engine: Engine },
  name: string,
  asked: Filters,
  changes: readonly PublicChange[],
  before: ReadonlyMap<number, PublicRecord>,
): Promise<readonly PublicChange[]> {
  const today = dayOf(reading.engine.now());
  const tests = testsOf(kindNamed(name));
  const given = await givenNow(reading, name, asked);
  const own = given.filter(([filter]) => tests.has(filter));
  const is = (record: PublicRecord | undefined) =>
    record !== undefined && own.every(([filter, values]) => tests.get(filter)?.(record, values, today));
  const alike = changes.filter(({ seq, content }) => is(content) || is(before.get(seq)));
  const others = given.filter(([filter]) => !tests.has(filter));
  if (others.length === 0 || alike.length === 0) return alike;
  const linked = await linkedNow(
    reading,
    name,
    others,
    alike.map(({ record_id }) => record_id),
  );
  return alike.filter(({ record_id }) => linked.has(record_id));
}

type Given = readonly [filter: string, values: readonly string[]];

/** The filters with their values; a record that was merged is also asked for under the id of the other. */
async function givenNow(reading: Reading, name: string, asked: Filters): Promise<Given[]> {
  const filters = filtersOf(kindNamed(name));
  const given = Object.entries(asked).map(([filter, value]): Given => [filter, [value].flat().map(String)]);
  const references = given.flatMap(([filter, values]) => (filters.get(filter)?.refersTo ? values : []));
  if (references.length === 0) return given;
  const survivors = await survivorsOf(reading, [...new Set(references)]);
  return given.map(([filter, values]) => [
    filter,
    [...new Set(values.flatMap((value) => [value, survivors.get(value) ?? value]))],
  ]);
}

/** Which records are linked to others as filters ask, as things stand now. */
async function linkedNow(
  { engine, session }: Reading & { readonly engine: Engine },
  name: string,
  given: readonly Given[],
  ids: readonly string[],
): Promise<Set<string>> {
  const kind = kindNamed(name);
  const filters = filtersOf(kind);
  const conditions = given.flatMap(
    ([filter, values], at) => filters.get(filter)?.condition(values, `f${at}`, engine.db) ?? [],
  );
  const rows = await session.all<{ id: string }>(
    `linked ${name} ${conditions.map(({ shape }) => shape).join('&')}`,
    (on) => {
      const table = tableOf(engine.db, kind);
      const scope = { db: engine.db, column: (column: string) => sql`${table[column] as Column}` };
      const among = engine.db.dialect.isAmong(table.id as Column, 'ids');
      return on
        .select({ id: table.id as Column })
        .from(table)
        .where(sql.join([among, ...conditions.map(({ where }) => where(scope))], sql` and `));
    },
    Object.assign(
      { ids: engine.db.dialect.list([...new Set(ids)]) },
      todayOf(engine),
      ...conditions.map(({ values }) => values),
    ),
  );
  return new Set(rows.map(({ id }) => id));
}

/** What records were before changes, by the numbers of those; a new record was nothing. */
async function contentsBefore(
  { engine, session }: Reading,
  changes: readonly PublicChange[],
): Promise<Map<number, PublicRecord>> {
  const { changes: table } = engine.db.tables;
  const rows = await session.all<{ seq: number; content: PublicRecord }>(
    'contents before changes',
    (on) =>
      on
        .select({
          seq: sql<number>`later.seq`.mapWith(Number),
          content: sql<PublicRecord>`earlier.content`.mapWith(table.content as Column),
        })
        .from(
          sql`${table} as later inner join ${table} as earlier
            on earlier.record_id = later.record_id and earlier.version = later.version - 1`,
        )
        .where(engine.db.dialect.isAmong(sql`later.seq`, 'seqs')),
    { seqs: engine.db.dialect.list(changes.map(({ seq }) => seq)) },
  );
  return new Map(rows.map(({ seq, content }) => [seq, content]));
}
