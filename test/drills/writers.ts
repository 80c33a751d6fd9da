/** Clients that write topics over HTTP without a pause, and remember which were acknowledged. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface Writers {
  /** Ids of the topics that were acknowledged. */
  readonly acknowledged: string[];
  /** How often each status was answered; 0 stands for no answer. */
  readonly statuses: Map<number, number>;
  /** What an answer should not have been. */
  readonly faults: string[];
  /** Resolves with the moment of the next acknowledged write. */
  readonly next: () => Promise<number>;
  /** Longest time that an answer took, in milliseconds. */
  readonly slowest: () => number;
  readonly stop: () => Promise<void>;
}

/** Begins to write with so many clients. */
export function startWriters(url: string, key: string, count: number): Writers {
  const acknowledged: string[] = [];
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  const waiting: ((at: number) => void)[] = [];
  let stopped = false;
  let slowest = 0;
  const write = async () => {
    const once = randomUUID();
    const began = performance.now();
    const answer = await fetch(`${url}/v1/topics`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': once,
      },
      body: JSON.stringify({ name: `Topic ${once}`, slug: `t-${once}` }),
    }).catch(() => undefined);
    const body = await answer?.json().catch(() => undefined);
    slowest = Math.max(slowest, performance.now() - began);
    const status = answer?.status ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 201) {
      acknowledged.push((body as { id: string }).id);
      for (const tell of waiting.splice(0)) tell(performance.now());
      return;
    }
    if (status !== 503) faults.push(`a write was answered ${status}: ${JSON.stringify(body)}`);
    else if (!answer?.headers.get('retry-after')) faults.push('a 503 came without Retry-After');
    await pause(20);
  };
  const clients = Array.from({ length: count }, async () => {
    while (!stopped) await write();
  });
  return {
    acknowledged,
    statuses,
    faults,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    slowest: () => slowest,
    async stop() {
      stopped = true;
      await Promise.all(clients);
    },
  };
}

/** Which of some topics a database does not have, or has no change for. */
export async function lost(url: string, ids: readonly string[]): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    `select id from unnest($1::uuid[]) as asked(id)
     where not exists (select from topics where topics.id = asked.id)
        or not exists (select from changes where changes.record_id = asked.id and op = 'create')`,
    [ids],
  );
  await client.end();
  return rows.map(({ id }) => id);
}
