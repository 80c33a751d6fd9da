/** Readers that rebuild every record from the change log alone, while others write. */
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { PublicChange } from '../../src/engine/changes.ts';
import type { PublicRecord } from '../../src/model/declare.ts';
import { numbers } from '../drills/requests.ts';
import { send } from '../helper.ts';
import { openSource } from '../http/event-source.ts';
import { rowsOf, type World, worldOf, write, written } from './random-writers.ts';

/** A copy of all records, made of changes alone. */
export class Copy {
  /** Records by kind and id; deleted ones too. */
  readonly records = new Map<string, PublicRecord>();
  /** Number of the last change taken in. */
  last = 0;

  /** Takes a change in; one that is not the next, or not the next of its record, throws. */
  take({ seq, kind, record_id, version, content }: PublicChange): void {
    if (seq <= this.last) throw new Error(`change ${seq} came after ${this.last}`);
    const name = `${kind} ${record_id}`;
    const before = this.records.get(name);
    if (version !== (before?.version ?? 0) + 1)
      throw new Error(`${name}: version ${version} came after ${before?.version}`);
    this.records.set(name, content as PublicRecord);
    this.last = seq;
  }

  /** Names of the records that are not as the tables have them, and of those only one side has. */
  async differences(app: FastifyInstance): Promise<string[]> {
    const stored = new Map<string, string>();
    for (const kind of written)
      for (const record of await rowsOf(app, kind))
        stored.set(`${kind.name} ${record.id}`, canonical(record));
    const names = new Set([...stored.keys(), ...this.records.keys()]);
    return [...names].filter((name) => stored.get(name) !== canonical(this.records.get(name)));
  }
}

/** Reads the log to its end as it is now, page by page. */
async function follow(app: FastifyInstance, copy: Copy, key: string): Promise<void> {
  for (let url: string | null = `/v1/changes?after=${copy.last}&limit=50`; url !== null; ) {
    const { status, body, text } = await send(app, 'GET', url, { key });
    if (status !== 200) throw new Error(text);
    for (const change of body.data) copy.take(change);
    url = body.links.next;
  }
}

/** A record as text, whatever the order of its fields. */
function canonical(record: PublicRecord | undefined): string {
  return JSON.stringify(Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Follows the stream, hanging up at random and coming back with `Last-Event-ID`, until the copy has all up to the
 * number `until` gives (false while it is not known). Returns how often it connected.
 */
async function listen(
  address: string,
  copy: Copy,
  { key, seed, until }: { key: string; seed: number; until: () => number | false },
): Promise<number> {
  const random = numbers(seed);
  const done = () => {
    const end = until();
    return end !== false && copy.last >= end;
  };
  let connections = 0;
  while (!done()) {
    connections += 1;
    const source = await openSource(`${address}/v1/changes/stream`, {
      authorization: `Bearer ${key}`,
      ...(copy.last > 0 ? { 'last-event-id': String(copy.last) } : {}),
    });
    let left = Math.ceil(random() * 600);
    for await (const { data } of source.blocks) {
      if (data) copy.take(JSON.parse(data));
      left -= 1;
      if (left === 0 || done()) break;
    }
    source.close();
  }
  return connections;
}

/** What came of writing and reading at once. */
export interface Rebuilt {
  readonly world: World;
  readonly paged: Copy;
  readonly streamed: Copy;
  /** How often the stream was connected to. */
  readonly connections: number;
}

/** Lets a writer with each key make `count` requests while two readers rebuild every record, each in its way. */
export async function rebuild(
  app: FastifyInstance,
  keys: readonly [string, ...string[]],
  count: number,
): Promise<Rebuilt> {
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const world = await worldOf(app);
  const [paged, streamed] = [new Copy(), new Copy()];
  const [key] = keys;
  let writing = true;
  let end: number | false = false;
  const paging = async () => {
    for (; writing; await wait(20)) await follow(app, paged, key);
    await follow(app, paged, key);
    end = paged.last;
  };
  const reading = Promise.all([paging(), listen(address, streamed, { key, seed: 7, until: () => end })]);
  await Promise.all(keys.map((one, at) => write(app, world, { key: one, seed: at + 1, count })));
  writing = false;
  const [, connections] = await reading;
  return { world, paged, streamed, connections };
}
