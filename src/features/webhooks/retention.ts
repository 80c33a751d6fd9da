/** Forgetting deliveries that are over: the log of a webhook holds the last of them only. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Column } from '../../db/columns.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Webhook } from './webhook.ts';

/** Deliveries that the log of a webhook holds, and how long, in milliseconds; those that are not over stay. */
export const KEPT = { deliveries: 10_000, age: 30 * 24 * 3_600_000 };

/** Rows deleted in one transaction at most. */
const ROWS = 1000;

/** How often that is done, in milliseconds, and after how many deliveries of one webhook at the latest. */
const OFTEN = { time: 3_600_000, deliveries: 1000 };

/** Forgets what is over of some webhooks, each time it is called and it is worth it. */
export function openForgetting(engine: Engine): (webhooks: readonly Webhook[]) => Promise<void> {
  const done = new Map<string, { readonly at: number; readonly number: number }>();
  return async (webhooks) => {
    const at = engine.now().getTime();
    for (const webhook of webhooks) {
      const last = done.get(webhook.id) ?? { at: Number.NEGATIVE_INFINITY, number: 0 };
      if (at - last.at < OFTEN.time && webhook.last_number - last.number < OFTEN.deliveries) continue;
      done.set(webhook.id, { at, number: webhook.last_number });
      await forgetDeliveries(engine, webhook);
    }
  };
}

/** Takes out what is too old of a webhook’s log, or too far back; returns how many deliveries that were. */
export async function forgetDeliveries(engine: Engine, { id, last_number }: Webhook): Promise<number> {
  const { webhookDeliveries: table } = engine.db.tables;
  const before = new Date(engine.now().getTime() - KEPT.age).toISOString();
  return (
    (await takeOut(engine, id, 'far', sql`${table.number} <= ${sql.placeholder('far')}`, {
      far: last_number - KEPT.deliveries,
    })) +
    (await takeOut(engine, id, 'old', sql`${table.finished_at} < ${sql.placeholder('before')}`, { before }))
  );
}

async function takeOut(
  engine: Engine,
  id: string,
  name: string,
  where: SQL,
  values: object,
): Promise<number> {
  const { webhookDeliveries: table } = engine.db.tables;
  for (let taken = 0; ; ) {
    const { length } = await engine.db.write((session) =>
      session.all(
        `forget deliveries ${name}`,
        (on) =>
          on
            .delete(table)
            .where(
              sql`${table.webhook_id} = ${sql.placeholder('id')} and ${table.number} in (
                select ${table.number} from ${table}
                where ${table.webhook_id} = ${sql.placeholder('id')} and ${table.state} <> 'pending' and ${where}
                order by ${table.number} limit ${sql.placeholder('rows')})`,
            )
            .returning({ number: table.number as Column }),
        { ...values, id, rows: ROWS },
      ),
    );
    taken += length;
    if (length < ROWS) return taken;
    await turn();
  }
}
