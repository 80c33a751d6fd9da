/** Reading and writing the rows of webhooks and deliveries. */
import type { Column, Table } from '../../db/columns.ts';
import type { Row } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { columnsOf } from '../../db/tables.ts';
import type { Reading } from '../../engine/belonging.ts';
import { placeholders } from '../../engine/rows.ts';
import type { Delivery, State, Webhook } from './webhook.ts';

/** A webhook by its id. */
export async function readWebhook({ engine, session }: Reading, id: string): Promise<Webhook | undefined> {
  const { webhooks } = engine.db.tables;
  const rows = await session.all<Webhook>(
    'webhook',
    (on) =>
      on
        .select(columnsOf(webhooks))
        .from(webhooks)
        .where(sql`${webhooks.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return rows[0];
}

/** The first webhooks beyond an id, oldest first. */
export async function readWebhooks(
  { engine, session }: Reading,
  { beyond = '00000000-0000-0000-0000-000000000000', limit }: { beyond?: string; limit: number },
): Promise<Webhook[]> {
  const { webhooks } = engine.db.tables;
  return session.all<Webhook>(
    'webhooks',
    (on) =>
      on
        .select(columnsOf(webhooks))
        .from(webhooks)
        .where(sql`${webhooks.id} > ${sql.placeholder('beyond')}`)
        .orderBy(webhooks.id as Column)
        .limit(sql.placeholder('limit')),
    { beyond, limit },
  );
}

/** How many webhooks there are. */
export async function countWebhooks({ engine, session }: Reading): Promise<number> {
  const { webhooks } = engine.db.tables;
  const rows = await session.all<{ count: number }>('how many webhooks', (on) =>
    on.select({ count: sql<number>`count(*)`.mapWith(Number) }).from(webhooks),
  );
  return rows[0]?.count ?? 0;
}

export async function insertWebhook({ engine, session }: Reading, webhook: Webhook): Promise<void> {
  const values = placeholders(Object.keys(webhook)) as never;
  await session.run('insert webhook', (on) => on.insert(engine.db.tables.webhooks).values(values), {
    ...webhook,
  });
}

/** Changes some columns of a webhook. */
export async function changeWebhook(
  { engine, session }: Reading,
  id: string,
  changes: Partial<Webhook>,
): Promise<void> {
  const { webhooks } = engine.db.tables;
  const names = Object.keys(changes);
  if (names.length === 0) return;
  await session.run(
    `change webhook ${names}`,
    (on) =>
      on
        .update(webhooks)
        .set(prefixed(names) as never)
        .where(sql`${webhooks.id} = ${sql.placeholder('id')}`),
    { id, ...toSet(changes) },
  );
}

// A column that is set may also be one that is asked for.
const prefixed = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, sql.placeholder(`new_${name}`)]));
const toSet = (changes: object) =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [`new_${name}`, value]));

/** Takes a webhook away, with all that it was told. */
export async function removeWebhook({ engine, session }: Reading, id: string): Promise<void> {
  const { webhooks, webhookDeliveries } = engine.db.tables;
  const away = (name: string, table: Table, of: Column) =>
    session.run(`remove ${name}`, (on) => on.delete(table).where(sql`${of} = ${sql.placeholder('id')}`), {
      id,
    });
  await away('deliveries', webhookDeliveries, webhookDeliveries.webhook_id as Column);
  await away('webhook', webhooks, webhooks.id as Column);
}

/** One delivery of a webhook by its id. */
export async function readDelivery(
  { engine, session }: Reading,
  webhookId: string,
  id: string,
): Promise<Delivery | undefined> {
  const { webhookDeliveries: table } = engine.db.tables;
  const rows = await session.all<Delivery>(
    'delivery',
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(
          sql`${table.id} = ${sql.placeholder('id')} and ${table.webhook_id} = ${sql.placeholder('webhookId')}`,
        ),
    { id, webhookId },
  );
  return rows[0];
}

export interface DeliveriesWanted {
  readonly state?: readonly State[] | undefined;
  /** Only numbers below. */
  readonly below: number;
  readonly limit: number;
}

/** Deliveries of a webhook, the newest first. */
export async function readDeliveries(
  { engine, session }: Reading,
  webhookId: string,
  { state, below, limit }: DeliveriesWanted,
): Promise<Delivery[]> {
  const { webhookDeliveries: table } = engine.db.tables;
  const among: SQL = state ? sql` and ${engine.db.dialect.isAmong(table.state as Column, 'state')}` : sql``;
  return session.all<Delivery>(
    `deliveries ${state !== undefined}`,
    (on) =>
      on
        .select(columnsOf(table))
        .from(table)
        .where(
          sql`${table.webhook_id} = ${sql.placeholder('webhookId')} and ${table.number} < ${sql.placeholder('below')}${among}`,
        )
        .orderBy(sql`${table.number} desc`)
        .limit(sql.placeholder('limit')),
    { webhookId, below, limit, state: state && engine.db.dialect.list(state) } as Row,
  );
}

/** Changes some columns of a delivery that somebody is at; false where it is no longer theirs. */
export async function changeHeld(
  { engine, session }: Reading,
  { webhook_id, number, claim }: Pick<Delivery, 'webhook_id' | 'number' | 'claim'>,
  changes: Partial<Delivery>,
): Promise<boolean> {
  const { webhookDeliveries: table } = engine.db.tables;
  const names = Object.keys(changes);
  const rows = await session.all(
    `change delivery ${names}`,
    (on) =>
      on
        .update(table)
        .set(prefixed(names) as never)
        .where(
          sql`${table.webhook_id} = ${sql.placeholder('webhook_id')} and ${table.number} = ${sql.placeholder('number')}
            and ${table.claim} = ${sql.placeholder('claim')}`,
        )
        .returning({ number: table.number as Column }),
    { webhook_id, number, claim, ...toSet(changes) },
  );
  return rows.length > 0;
}
