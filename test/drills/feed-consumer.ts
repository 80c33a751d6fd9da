/**
 * Run as a process of its own: follows the change log of a service, page by page or as a stream that it leaves and takes
 * up again now and then, and holds each change against those before: its number is the next one, and its version the
 * next of its record. Ends once it has met the change that it is told of by a message.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openSource } from '../http/event-source.ts';
import { numbers } from './requests.ts';

/** What the drill tells a consumer. */
export interface ConsumerTask {
  readonly url: string;
  readonly how: 'pages' | 'stream';
  readonly after: number;
  /** Versions that records have already, by id. */
  readonly versions: Readonly<Record<string, number>>;
  readonly seed: number;
}

/** What a consumer tells the drill. */
export interface Consumed {
  readonly seen: number;
  readonly missed: number;
  readonly disordered: number;
  /** Times it asked, or connected. */
  readonly asked: number;
  readonly faults: readonly string[];
}

interface Change {
  readonly seq: number;
  readonly record_id: string;
  readonly version: number;
}

/** How many events a stream is followed for at most before it is left. */
const FOLLOWED = 20_000;

const { url, how, after, versions, seed } = JSON.parse(process.argv[2] as string) as ConsumerTask;
const random = numbers(seed);
const known = new Map(Object.entries(versions));
const faults: string[] = [];
let last = after;
let until = Number.POSITIVE_INFINITY;
let [seen, missed, disordered, asked] = [0, 0, 0, 0];
process.on('message', (message) => {
  until = message as number;
});

function meet({ seq, record_id, version }: Change): void {
  seen += 1;
  if (seq > last) missed += seq - last - 1;
  if (seq <= last) disordered += 1;
  if (version !== (known.get(record_id) ?? 0) + 1) disordered += 1;
  if (faults.length < 5 && seq !== last + 1) faults.push(`${seq} came after ${last}`);
  known.set(record_id, version);
  last = Math.max(last, seq);
}

async function readPages(): Promise<void> {
  while (last < until) {
    asked += 1;
    const answer = await fetch(`${url}/v1/changes?after=${last}&limit=1000&content=false`);
    if (answer.status === 503) await pause(100);
    if (answer.status !== 200) continue;
    const { data, links } = (await answer.json()) as { data: Change[]; links: { next: string | null } };
    for (const change of data) meet(change);
    // Now and then it comes late, and finds many transactions at once.
    if (links.next === null) await pause(random() * 200);
  }
}

async function follow(): Promise<void> {
  while (last < until) {
    asked += 1;
    const { response, blocks, close } = await openSource(`${url}/v1/changes/stream?content=false`, {
      'last-event-id': String(last),
    });
    if (response.statusCode !== 200) {
      close();
      await pause(100);
      continue;
    }
    let left = Math.ceil(random() * FOLLOWED);
    for await (const { event, data } of blocks) {
      if (event === 'change') {
        meet(JSON.parse(data as string));
        left -= 1;
      }
      if (left === 0 || last >= until) break;
    }
    close();
  }
}

await (how === 'pages' ? readPages() : follow());
process.send?.({ seen, missed, disordered, asked, faults } satisfies Consumed, () => process.exit());
