/** How PostgreSQL goes about the statements of a request: which index each walks, and how many rows it looks at. */
import pg from 'pg';

/** A statement as the service sent it. */
interface Sent {
  readonly text: string;
  readonly values: unknown[];
}

/** Hears what the service sends while some work is done; its statements and the driver's are the same. */
export async function sentDuring(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const { query } = pg.Client.prototype;
  // The driver takes a statement in many forms; the service uses this one.
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [config, values] = args as [Partial<Sent> | string, unknown[] | undefined];
    const text = typeof config === 'string' ? config : config.text;
    const given = values ?? (typeof config === 'string' ? undefined : config.values);
    if (text && /^\s*(select|with)\b/i.test(text)) sent.push({ text, values: given ?? [] });
    return Reflect.apply(query, this, args);
  } as typeof query;
  try {
    await work();
    return sent;
  } finally {
    pg.Client.prototype.query = query;
  }
}

/** A step of a plan, as `explain (format json)` writes it. */
interface Step {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Step[];
}

/** What a plan reads of a table, and how. */
export interface Reading {
  readonly how: string;
  /** Rows it looked at, those that a filter then left out included. */
  readonly rows: number;
}

/** Every reading of a table in the plan of a statement, as it was run. */
export async function readingsOf(client: pg.Client, { text, values }: Sent): Promise<Reading[]> {
  const { rows } = await client.query(`explain (analyze, timing off, format json) ${text}`, values);
  const readings: Reading[] = [];
  const visit = (step: Step) => {
    const { 'Relation Name': table, 'Index Name': index, 'Node Type': type } = step;
    if (table || index) {
      const looked = (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'];
      readings.push({ how: `${type}: ${index ?? table}`, rows: Math.round(looked) });
    }
    for (const inner of step.Plans ?? []) visit(inner);
  };
  visit(rows[0]['QUERY PLAN'][0].Plan);
  return readings;
}
