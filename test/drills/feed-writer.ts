/**
 * Run as a process of its own: writes topics in transactions of random length until it has made so many changes, most of
 * them to records that others change, too. Now and then it undoes a transaction, and now and then it dawdles within one.
 */
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { buildApp } from '../../src/app.ts';
import { LIMITS, openDatabase } from '../../src/db/open.ts';
import { readStored } from '../../src/engine/store.ts';
import { create, replace } from '../../src/engine/write.ts';
import { type Writer, writing } from '../../src/engine/writer.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { SILENT } from '../databases.ts';
import { numbers } from './requests.ts';

/** What the drill tells a writer. */
export interface WriterTask {
  readonly url: string;
  readonly name: string;
  readonly seed: number;
  readonly changes: number;
  /** Ids of topics that all writers change. */
  readonly pool: readonly string[];
}

/** Longest transaction, in changes. */
const LONGEST = 500;
/** How often a transaction is undone, is slow, and how often a change makes a record. */
const [UNDONE, SLOW, MADE] = [0.05, 0.05, 0.2];

const { url, name, seed, changes, pool } = JSON.parse(process.argv[2] as string) as WriterTask;
const topic = kindNamed('topic');
const random = numbers(seed);
// Eight that write all the time wait for one another longer than a service does.
const db = await openDatabase(url, { ...LIMITS, wait: 120_000, statement: 120_000, connections: 2 });
const app = await buildApp({ config: SILENT, db });
await app.ready();

let [made, undone, transactions] = [0, 0, 0];

class Undo extends Error {}

async function some(writer: Writer, length: number, slow: boolean): Promise<void> {
  for (let at = 0; at < length; at += 1) {
    if (random() < MADE) await create(writer, topic, { name: `${name} ${made} ${undone} ${at}` });
    else await change(writer, pool[Math.floor(random() * pool.length)] as string, at);
    if (slow && at % 100 === 0) await pause(5);
    else if (at % 50 === 0) await turn();
  }
}

async function change(writer: Writer, id: string, at: number): Promise<void> {
  const stored = await readStored(writer, topic, id);
  if (stored === undefined) throw new Error(`${id} is not there`);
  const code = `${name} ${made} ${undone} ${at}`;
  await replace(writer, topic, stored, { name: stored.record.name, code });
}

while (made < changes) {
  const length = Math.min(1 + Math.floor(random() * LONGEST), changes - made);
  const [fails, slow] = [random() < UNDONE, random() < SLOW];
  try {
    await writing(
      app.engine,
      { actor: name, reason: null },
      async (writer) => {
        await some(writer, length, slow);
        if (fails) throw new Undo();
      },
      { alone: true },
    );
    made += length;
    transactions += 1;
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    undone += 1;
  }
}
await app.close();
await db.close();
process.send?.({ made, undone, transactions });
process.disconnect?.();
