/** Webhooks: whether each stands within the log, and whether its queue goes on in order. */
import type { Column } from '../../db/columns.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { type Check, type Checking, FOUND, faultsFrom, rowsOf, SHOWN } from './checking.ts';

/** A column of the delivery that is looked at, as a query within the query names it. */
const own = (column: string) => sql.raw(`webhook_deliveries.${column}`);

/** Whether an earlier message about the same record is still to be delivered. */
const isBehind = (deliveries: SQL) => sql`exists (
  select 1 from ${deliveries} as earlier where earlier.webhook_id = ${own('webhook_id')} and earlier.state = 'pending'
    and earlier.record_id = ${own('record_id')} and earlier.number < ${own('number')})`;

/** Says each delivery for which something holds. */
async function sayDeliveries(on: Checking, what: string, where: SQL): Promise<void> {
  const { webhookDeliveries: table } = on.db.tables;
  await faultsFrom(
    on,
    `deliveries that ${what}`,
    (builder) =>
      builder
        .select({ webhook: table.webhook_id as Column, number: table.number as Column, ...FOUND })
        .from(table)
        .where(where)
        .orderBy(table.webhook_id as Column, table.number as Column)
        .limit(SHOWN),
    ({ webhook, number }) => `delivery ${number} of webhook ${webhook} ${what}`,
  );
}

export const webhooks: Check = {
  name: 'webhooks',
  looksAt: 'webhooks and deliveries',
  reads: ['webhooks', 'webhook_deliveries'],
  async look(on) {
    const { webhooks: hooks, webhookDeliveries: table, changes } = on.db.tables;
    const pending = sql`${table.state} = 'pending'`;
    const behind = isBehind(sql`${table}`);
    const of = (where: SQL) => sql`${table.webhook_id} in (select ${hooks.id} from ${hooks} where ${where})`;
    await sayDeliveries(on, 'is of none that is there', sql`not ${of(sql`true`)}`);
    await sayDeliveries(
      on,
      'is never tried',
      sql`${pending} and ${table.next_attempt_at} is null and ${of(sql`${hooks.status} = 'enabled'`)} and not ${behind}`,
    );
    await sayDeliveries(
      on,
      'is tried before an earlier one of its record',
      sql`${pending} and ${table.next_attempt_at} is not null and ${behind}`,
    );
    await sayDeliveries(
      on,
      'is over, and yet tried again',
      sql`not ${pending} and ${table.next_attempt_at} is not null`,
    );
    await faultsFrom(
      on,
      'webhooks beyond the log',
      (builder) =>
        builder
          .select({ id: hooks.id as Column, position: hooks.position as Column, ...FOUND })
          .from(hooks)
          .where(sql`${hooks.position} > (select coalesce(max(${changes.seq}), 0) from ${changes})`)
          .orderBy(hooks.id as Column)
          .limit(SHOWN),
      ({ id, position }) => `webhook ${id} stands at change ${position}, which is not there`,
    );
    const looked = rowsOf(on, 'webhooks') + rowsOf(on, 'webhook_deliveries');
    on.step(looked);
    return looked;
  },
};
