/**
 * A primary and its replicas as one database: what is asked within `replicas.reading` is answered by a replica that is
 * well and near enough; all else, and all that is written, by the primary.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, ReplicaState } from '../database.ts';
import { DatabaseFailure } from '../failure.ts';
import type { Limits, ReplicaSettings } from '../open.ts';
import { isExhausted, isLost, wasSilent } from './failure.ts';
import { openPrimary } from './open.ts';
import { type ProbeSettings, probing } from './probe.ts';
import { Replica } from './replica.ts';
import { Past } from './rotation.ts';

/** How often servers are asked how they stand, and how long they may take to answer, in milliseconds. */
const REPLICA: ProbeSettings = { every: 250, patience: 1000 };
/** A primary is given more time: nobody answers in its place. */
const PRIMARY: ProbeSettings = { every: 250, patience: 2500 };

/** What reads together: all of it on one server. */
interface Reading {
  readonly revision: number;
  /** Which replicas failed it. */
  readonly failed: Set<Replica>;
  /** Who answers; null for the primary. */
  by: Replica | null | undefined;
  /** Whether it has been given an answer: any further one must not be of an earlier state. */
  answered: boolean;
}

/** Opens a primary, migrating it, and its replicas, which need not be there yet. */
export async function openRouted(
  url: string,
  migrations: string | undefined,
  limits: Limits,
  { urls, lag }: ReplicaSettings,
): Promise<Database> {
  const { db: primary, pool } = await openPrimary(url, migrations, limits);
  const past = new Past();
  let reached = false;
  const heard: ((state: ReplicaState) => void)[] = [];
  const turned = (state: ReplicaState) => {
    for (const hear of heard) hear(state);
  };
  const replicas = urls.map((one, at) => new Replica(`replica-${at + 1}`, one, limits, turned));
  const ends = [
    probing(url, PRIMARY, (standing) => {
      reached = !(standing instanceof Error);
      if (!(standing instanceof Error)) past.note(standing);
      else if (wasSilent(standing)) pool.cut();
    }),
    ...replicas.map((replica) => replica.watch(past, lag, REPLICA)),
  ];
  const { reading, answer } = router(primary, replicas);
  const states = () => replicas.map(({ state }) => state);

  return {
    ...primary,
    read: (work) => answer((on) => on.read(work)),
    single: (shape, build, values) => answer((on) => on.single(shape, build, values)),
    stamp: () => answer(async (on, name) => (name === '' ? on.stamp() : `${name} ${await on.stamp()}`)),
    replicas: {
      reading,
      newest: () => {
        const answering = states().filter(({ absence }) => absence === undefined);
        return Math.max(
          (reached && past.newest?.revision) || 0,
          ...answering.map(({ revision }) => revision),
        );
      },
      states,
      onTurn: (hear) => void heard.push(hear),
    },
    statements: () => [primary, ...dbsOf(replicas)].reduce((sum, db) => sum + db.statements(), 0),
    async close() {
      for (const end of ends) end();
      await Promise.all([primary, ...dbsOf(replicas)].map((db) => db.close()));
    },
  };
}

const dbsOf = (replicas: readonly Replica[]) => replicas.map(({ server }) => server.db);

/** Whom reads are answered by. */
function router(primary: Database, replicas: readonly Replica[]) {
  const readings = new AsyncLocalStorage<Reading>();
  let turn = 0;

  /** The next replica in turn that may answer; null where the primary has to. */
  const choose = ({ revision, failed, answered }: Reading): Replica | null => {
    // What another replica shows may be from before what was answered.
    if (answered) return null;
    const able = replicas.filter((one) => one.has(revision) && !failed.has(one));
    turn += 1;
    return able[turn % able.length] ?? null;
  };
  const answer = async <T>(ask: (on: Database, name: string) => Promise<T>): Promise<T> => {
    const reading = readings.getStore();
    if (reading === undefined) return ask(primary, '');
    if (reading.by === undefined) reading.by = choose(reading);
    const { by } = reading;
    if (by === null) return ask(primary, '');
    try {
      const answered = await ask(by.server.db, by.name);
      reading.answered = true;
      return answered;
    } catch (error) {
      if (!mayBeAskedElsewhere(error)) throw error;
      if (isLost(error)) by.fail();
      reading.failed.add(by);
      // Others of the same reading may have met it as well, and chosen already.
      if (reading.by === by) reading.by = undefined;
      return answer(ask);
    }
  };
  return {
    answer,
    reading: <T>(revision: number, work: () => T): T =>
      readings.run({ revision, failed: new Set(), by: undefined, answered: false }, work),
  };
}

/**
 * Whether a read that failed on a replica is worth a try on another server: where the replica was lost, has no room for
 * one more connection, or could not show a state any longer that the primary has cleared away.
 */
function mayBeAskedElsewhere(error: unknown): boolean {
  if (!(error instanceof DatabaseFailure) || isExhausted(error)) return false;
  const { code } = error.cause as { code?: string };
  return error.reason === 'retry' || isLost(error) || code === '53300';
}
