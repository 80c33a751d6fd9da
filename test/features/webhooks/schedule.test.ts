import fc from 'fast-check';
import t from 'tap';
import { GIVEN_UP, PAUSES, pauseAfter, retryAfter } from '../../../src/features/webhooks/schedule.ts';
import { verdictOf } from '../../../src/features/webhooks/settling.ts';
import type { Attempt, Delivery, Webhook } from '../../../src/features/webhooks/webhook.ts';

const NOW = new Date('2026-01-31T12:00:00.000Z');
const HOUR = 3_600_000;

t.test('what fails is tried again with growing pauses, for nearly three days', async (t) => {
  t.same(
    PAUSES.toSorted((a, b) => a - b),
    PAUSES,
    'none is shorter than the one before',
  );
  const all = PAUSES.reduce((sum, pause) => sum + pause);
  t.ok(all > 71 * HOUR && all <= GIVEN_UP && GIVEN_UP === 72 * HOUR);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 80 * HOUR }),
      fc.option(fc.integer({ min: 0, max: 100 * HOUR })),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (tries, since, asked, random) => {
        const pause = pauseAfter({ tries, since, asked }, random);
        const planned = PAUSES[tries - 1];
        if (planned === undefined || since >= GIVEN_UP) return pause === undefined;
        // Never beyond the three days, never sooner than asked or planned, but for the tenth.
        const least = Math.min(Math.max(planned * 0.9 - 1, asked ?? 0), GIVEN_UP - since);
        return pause !== undefined && pause >= least && since + pause <= GIVEN_UP;
      },
    ),
  );
  t.equal(pauseAfter({ tries: 1, since: 0, asked: null }, 0), 5000);
});

t.test('Retry-After is read in both its forms', async (t) => {
  t.equal(retryAfter('120', NOW), 120_000);
  t.equal(retryAfter('Sat, 31 Jan 2026 12:01:00 GMT', NOW), 60_000);
  t.equal(retryAfter('Sat, 31 Jan 2026 11:00:00 GMT', NOW), 0);
  for (const text of [undefined, 'soon', '-1', '1e9999']) t.equal(retryAfter(text, NOW), null, String(text));
});

const webhook = {
  status: 'enabled',
  failures: 0,
  failing_since: null,
  last_delivered_at: null,
  version: 1,
} as unknown as Webhook;
const delivery = { op: 'update', tries: 0, attempts: [], first_tried_at: null } as unknown as Delivery;
const attempt = (status: number | null): Attempt => ({
  at: NOW.toISOString(),
  status,
  duration_ms: 3,
  error: status === null ? 'ECONNREFUSED' : null,
});
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR).toISOString();
/** One that has been tried for three days. */
const old = { ...delivery, tries: PAUSES.length, first_tried_at: ago(71) };
const DONE = { claim: null, next_attempt_at: null, finished_at: NOW.toISOString() };

t.test('what follows from an answer', async (t) => {
  const rows: [name: string, status: number | null, webhook: object, delivery: object, wanted: object][] = [
    ['200 takes it', 200, {}, {}, { delivery: { ...DONE, state: 'delivered' }, over: true }],
    ['so does 299', 299, {}, {}, { delivery: { state: 'delivered' } }],
    [
      'and the receiver is well again',
      204,
      { failures: 9, failing_since: ago(5) },
      {},
      { webhook: { failures: 0, failing_since: null, last_delivered_at: NOW.toISOString() } },
    ],
    ...[100, 301, 302, 307, 308, 400, 401, 404, 409, 422, 429, 500, 503, null].map(
      (status): (typeof rows)[number] => [
        `${status} does not`,
        status,
        {},
        {},
        {
          delivery: { next_attempt_at: '2026-01-31T12:00:05.000Z', tries: 1, claim: null },
          webhook: { failures: 1, failing_since: NOW.toISOString() },
          over: false,
        },
      ],
    ),
    [
      '410 disables',
      410,
      {},
      {},
      {
        webhook: { status: 'disabled', disabled_reason: 'gone' },
        delivery: { next_attempt_at: null },
        over: false,
      },
    ],
    [
      'after three days one message is given up, where others were taken',
      500,
      { last_delivered_at: ago(1) },
      old,
      { delivery: { ...DONE, state: 'failed' }, over: true },
    ],
    [
      'where nothing was taken since, the webhook is disabled, and nothing is given up',
      500,
      { last_delivered_at: ago(100), failing_since: ago(71) },
      old,
      {
        webhook: { status: 'disabled', disabled_reason: 'failing' },
        delivery: { next_attempt_at: null },
        over: false,
      },
    ],
    ['nor where nothing ever was', null, {}, old, { webhook: { disabled_reason: 'failing' } }],
    [
      'a ping is tried once',
      500,
      {},
      { op: 'ping' },
      { delivery: { ...DONE, state: 'failed' }, webhook: {}, over: true },
    ],
    ['a ping may be answered 410 as well', 410, {}, { op: 'ping' }, { webhook: { disabled_reason: 'gone' } }],
    [
      'what is disabled meanwhile waits',
      500,
      { status: 'disabled' },
      {},
      { delivery: { next_attempt_at: null, tries: 1 }, webhook: {}, over: false },
    ],
    [
      'unless it was taken',
      200,
      { status: 'disabled' },
      {},
      { delivery: { state: 'delivered' }, over: true },
    ],
  ];
  for (const [name, status, of, tried, wanted] of rows) {
    const given = { attempt: attempt(status), asked: null };
    const verdict = verdictOf({ ...webhook, ...of }, { ...delivery, ...tried }, given, NOW, 0);
    t.match(verdict, wanted, name);
    if (wanted && 'delivery' in wanted && !('state' in (wanted.delivery as object)))
      t.notOk('state' in verdict.delivery, `${name}: it stays pending`);
  }
  const asked = verdictOf(webhook, delivery, { attempt: attempt(429), asked: 60_000 }, NOW, 0);
  t.equal(asked.delivery.next_attempt_at, '2026-01-31T12:01:00.000Z', 'the receiver may ask for more time');
});
