/**
 * The queue of each webhook. Of what is to be told of one record, only the earliest has a time at which it is next
 * tried; the one after it gets its time in the transaction that ends it. Whoever tries one claims it until a moment,
 * in a transaction of its own, as writers of all processes take turns: so each is tried by one, and one that is left
 * lying is tried by another.
 */
import type { Column } from '../../db/columns.ts';
import { sql } from '../../db/drizzle.ts';
import { columnsOf } from '../../db/tables.ts';
import type { Reading } from '../../engine/belonging.ts';
import type { Engine } from '../../engine/engine.ts';
import { placeholders } from '../../engine/rows.ts';
import { changeWebhook } from './rows.ts';
import type { Delivery, Webhook } from './webhook.ts';

/** What a queue needs of the engine. */
export interface Queueing extends Reading {
  readonly engine: Pick<Engine, 'db' | 'newId'>;
}

/** What is to be delivered. */
export type Message = Pick<Delivery, 'seq' | 'kind' | 'record_id' | 'op'> & {
  /** What the receiver knows it by, where it was sent before. */
  readonly message_id?: string;
};

/** Puts messages behind all others of a webhook; returns them as they are kept. */
export async function enqueue(
  queueing: Queueing,
  webhook: Webhook,
  messages: readonly Message[],
  at: string,
): Promise<Delivery[]> {
  const { engine, session } = queueing;
  const busy = await pendingRecords(queueing, webhook.id);
  const deliveries = messages.map((message, index): Delivery => {
    const id = engine.newId();
    const waits = webhook.status !== 'enabled' || busy.has(message.record_id);
    busy.add(message.record_id);
    return {
      webhook_id: webhook.id,
      number: webhook.last_number + index + 1,
      id,
      message_id: id,
      ...message,
      state: 'pending',
      tries: 0,
      attempts: [],
      first_tried_at: null,
      next_attempt_at: waits ? null : at,
      claim: null,
      created_at: at,
      finished_at: null,
    };
  });
  const table = engine.db.tables.webhookDeliveries;
  for (const delivery of deliveries) {
    const values = placeholders(Object.keys(delivery)) as never;
    await session.run('insert delivery', (on) => on.insert(table).values(values), { ...delivery });
  }
  await changeWebhook(queueing, webhook.id, { last_number: webhook.last_number + deliveries.length });
  return deliveries;
}

/** Records of which something is still to be told. */
async function pendingRecords({ engine, session }: Reading, webhookId: string): Promise<Set<string>> {
  const { webhookDeliveries: table } = engine.db.tables;
  const rows = await session.all<{ record_id: string }>(
    'pending records',
    (on) =>
      on
        .select({ record_id: table.record_id as Column })
        .from(table)
        .where(sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.state} = 'pending'`),
    { webhookId },
  );
  return new Set(rows.map(({ record_id }) => record_id));
}

/** How many deliveries of a webhook are not over. */
export async function countPending({ engine, session }: Reading, webhookId: string): Promise<number> {
  const { webhookDeliveries: table } = engine.db.tables;
  const rows = await session.all<{ count: number }>(
    'how many pending deliveries',
    (on) =>
      on
        .select({ count: sql<number>`count(*)`.mapWith(Number) })
        .from(table)
        .where(sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.state} = 'pending'`),
    { webhookId },
  );
  return rows[0]?.count ?? 0;
}

/** Webhooks of which something is due. */
export async function dueWebhooks({ engine, session }: Reading, now: string): Promise<Set<string>> {
  const { webhookDeliveries: table } = engine.db.tables;
  const rows = await session.all<{ id: string }>(
    'due webhooks',
    (on) =>
      on
        .selectDistinct({ id: table.webhook_id as Column })
        .from(table)
        .where(sql`${table.next_attempt_at} <= ${sql.placeholder('now')}`),
    { now },
  );
  return new Set(rows.map(({ id }) => id));
}

export interface Claiming {
  readonly webhookId: string;
  readonly now: string;
  /** When others may take what was claimed. */
  readonly until: string;
  readonly most: number;
}

/** Claims what is due of a webhook, the longest due first. */
export async function claimDue(
  { engine, session }: Queueing,
  { webhookId, now, until, most }: Claiming,
): Promise<Delivery[]> {
  const { webhookDeliveries: table } = engine.db.tables;
  const claimed = await session.all<Delivery>(
    'claim deliveries',
    (on) =>
      on
        .update(table)
        .set({ claim: sql.placeholder('claim'), next_attempt_at: sql.placeholder('until') } as never)
        .where(
          sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.number} in (
            select ${table.number} from ${table}
            where ${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.next_attempt_at} <= ${sql.placeholder('now')}
            order by ${table.next_attempt_at}, ${table.number} limit ${sql.placeholder('most')})`,
        )
        .returning(columnsOf(table) as never),
    { webhookId, now, until, most, claim: engine.newId() },
  );
  return claimed.sort((a, b) => a.number - b.number);
}

/** Lets the earliest of what waits to be told of a record be tried. */
export async function letNext(
  { engine, session }: Reading,
  { webhook_id, record_id }: Pick<Delivery, 'webhook_id' | 'record_id'>,
  now: string,
): Promise<void> {
  const { webhookDeliveries: table } = engine.db.tables;
  await session.run(
    'let next delivery',
    (on) =>
      on
        .update(table)
        .set({ next_attempt_at: sql.placeholder('now') } as never)
        .where(
          sql`${table.webhook_id} = ${sql.placeholder('webhook_id')} and ${table.number} = (
            select min(${table.number}) from ${table} where ${table.webhook_id} = ${sql.placeholder('webhook_id')}
              and ${table.state} = 'pending' and ${table.record_id} = ${sql.placeholder('record_id')})
            and ${table.claim} is null and ${table.next_attempt_at} is null`,
        ),
    { webhook_id, record_id, now },
  );
}

/** Brings forward what waits for a receiver that is well again. */
export async function wake({ engine, session }: Reading, webhookId: string, now: string): Promise<void> {
  const { webhookDeliveries: table } = engine.db.tables;
  await session.run(
    'wake deliveries',
    (on) =>
      on
        .update(table)
        .set({ next_attempt_at: sql.placeholder('now') } as never)
        .where(
          sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.next_attempt_at} > ${sql.placeholder('now')}
            and ${table.claim} is null`,
        ),
    { webhookId, now },
  );
}

/** Holds back what is to be sent, but for what somebody is at. */
export async function hold({ engine, session }: Reading, webhookId: string): Promise<void> {
  const { webhookDeliveries: table } = engine.db.tables;
  await session.run(
    'hold deliveries',
    (on) =>
      on
        .update(table)
        .set({ next_attempt_at: null } as never)
        .where(
          sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.next_attempt_at} is not null and ${table.claim} is null`,
        ),
    { webhookId },
  );
}

/** Lets all that was held back be tried as if for the first time, in order for each record. */
export async function resume({ engine, session }: Reading, webhookId: string, now: string): Promise<void> {
  const { webhookDeliveries: table } = engine.db.tables;
  const pending = sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.state} = 'pending'`;
  await session.run(
    'forget tries',
    (on) =>
      on
        .update(table)
        .set({ tries: 0, first_tried_at: null } as never)
        .where(pending),
    { webhookId },
  );
  await session.run(
    'resume deliveries',
    (on) =>
      on
        .update(table)
        .set({ next_attempt_at: sql.placeholder('now') } as never)
        .where(
          sql`${pending} and ${table.claim} is null and ${table.number} in (
            select min(${table.number}) from ${table} where ${pending} group by ${table.record_id})`,
        ),
    { webhookId, now },
  );
}
