/** Keys that end while their import runs: it stops with its next transaction, and says why. */
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import type { Row } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';
import type { WantedKey } from '../../src/http/keys.ts';
import { bytes, line } from '../exchange/import/bundle.ts';
import { testApp } from '../helper.ts';

/** More than go into one transaction of the service's imports. */
const RECORDS = 250;

const THERE = '00000000-0000-7000-8000-000000000002';

const ends: readonly [how: string, limits: Partial<WantedKey>, change: Row, error: RegExp][] = [
  ['revoked', {}, { revoked_at: '2026-01-31T12:00:00.000Z' }, /^The key .* has been revoked/],
  ['expired', {}, { expires_at: '2026-01-31T12:00:00.000Z' }, /^The key .* has expired/],
  ['left with reading', {}, { scopes: ['read'] }, /^The key .* may not write any more/],
  ['limited', {}, { jurisdiction_ids: [THERE] }, /^The key .* is limited to fewer jurisdictions/],
  ['given writes a day', {}, { daily_writes: 50 }, /may write 50 records a day.*50 are left/],
  ['at the end of its writes', { dailyWrites: 120 }, {}, /may write 120 records a day.*20 are left/],
];

t.test('a key that ends while its import runs ends it with the next transaction', async (t) => {
  const { db, call, key } = await testApp(t);
  const change = (row: Row) =>
    db.write((session) =>
      session.run(
        `test: change keys ${Object.keys(row)}`,
        (on) =>
          on
            .update(db.tables.apiKeys)
            .set(Object.fromEntries(Object.keys(row).map((name) => [name, sql.placeholder(name)])) as never),
        row,
      ),
    );
  // Transactions that nobody shares are those of the import.
  const { write } = db;
  let next: (() => Promise<unknown>) | undefined;
  Object.assign(db, {
    write: async (work: never, options?: { alone?: boolean }) => {
      const result = await write(work, options);
      const then = options?.alone ? next : undefined;
      if (then) next = undefined;
      await then?.();
      return result;
    },
  });
  for (const [at, [how, limits, row, error]] of ends.entries()) {
    const secret = await key('write', { name: how, ...limits });
    const topics = Array.from({ length: RECORDS }, (_, one) =>
      line('topic', `${how} ${one}`, { name: `${how} ${one}` }),
    );
    next = async () => Object.keys(row).length > 0 && (await change(row));
    const { headers } = await call('POST', '/v1/imports', {
      key: secret,
      headers: { 'content-type': 'application/x-ndjson' },
      payload: bytes(topics),
    });
    let { body: run } = await call('GET', String(headers.location));
    for (let tries = 0; run.ended_at === null && tries < 500; tries += 1) {
      await setTimeout(10);
      ({ body: run } = await call('GET', String(headers.location)));
    }
    t.match(run, { status: 'failed', read: 100, error, counts: [{ kind: 'topic', created: 100 }] }, how);
    const { body } = await call('GET', '/v1/topics?limit=1&count=exact');
    t.equal(body.meta.total, 100 * (at + 1), 'nothing further is written');
  }
});
