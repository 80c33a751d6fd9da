/** Whose turn it is to do what the processes of a tracker do one at a time, now and then; kept in a mark. */
import { randomUUID } from 'node:crypto';
import type { Session } from '../db/database.ts';
import type { Engine } from './engine.ts';
import { readMark, setMark } from './marks.ts';

/** How long a process that is at it may give no sign of life, in milliseconds. */
const LEASE = 300_000;
/** How often it gives one, in milliseconds. */
const SIGN = 60_000;
/** How long after one that failed the next is tried, in milliseconds; sooner where it is due more often. */
const RETRY = 900_000;

/** What is done in turns. */
export interface Duty {
  /** Name of its mark. */
  readonly name: string;
  /** How often it is due, in milliseconds. */
  readonly every: number;
}

/** The last time it was begun. Times are instants. */
interface Kept {
  readonly claim: string;
  readonly begun_at: string;
  readonly alive_at: string;
  readonly ended_at: string | null;
  /** Revision of the records that it was done at; null for one that failed, or goes on. */
  readonly revision: number | null;
}

type Keeping = Pick<Engine, 'db' | 'now'>;

/** Whether it is due. */
function isDue(kept: Kept | undefined, now: number, every: number): boolean {
  if (kept === undefined) return true;
  const since = (instant: string) => now - Date.parse(instant);
  if (kept.ended_at === null) return since(kept.alive_at) >= LEASE;
  return since(kept.begun_at) >= (kept.revision === null ? Math.min(every, RETRY) : every);
}

/** Takes the turn where it is due; false where it is not, or another process has it. */
export async function takeTurn(engine: Keeping, { name, every }: Duty, claim: string): Promise<boolean> {
  const due = async (session: Session) =>
    isDue(await readMark<Kept>(engine, session, name), engine.now().getTime(), every);
  // Looked at first without keeping writers waiting.
  if (!(await engine.db.read(due))) return false;
  return engine.db.write(async (session) => {
    if (!(await due(session))) return false;
    const at = engine.now().toISOString();
    const kept: Kept = { claim, begun_at: at, alive_at: at, ended_at: null, revision: null };
    await setMark(engine, session, name, kept);
    return true;
  });
}

/** Gives a sign of life; false where another process has taken the turn meanwhile. */
export function keepTurn(engine: Keeping, { name }: Duty, claim: string): Promise<boolean> {
  return change(engine, name, claim, (kept, at) => ({ ...kept, alive_at: at }));
}

/** Ends the turn with the revision that it was done at, or null where it failed. */
export function endTurn(
  engine: Keeping,
  { name }: Duty,
  claim: string,
  revision: number | null,
): Promise<boolean> {
  return change(engine, name, claim, (kept, at) => ({ ...kept, alive_at: at, ended_at: at, revision }));
}

function change(
  engine: Keeping,
  name: string,
  claim: string,
  to: (kept: Kept, at: string) => Kept,
): Promise<boolean> {
  return engine.db.write(async (session) => {
    const kept = await readMark<Kept>(engine, session, name);
    if (kept?.claim !== claim) return false;
    await setMark(engine, session, name, to(kept, engine.now().toISOString()));
    return true;
  });
}

/**
 * Does what is due where no other process does; returns what `work` returns, or undefined where it is not due. `work` is
 * given its claim, and tells the revision that it was done at once it has been done.
 */
export async function inTurn<T>(
  engine: Keeping,
  duty: Duty,
  work: (claim: string, done: (revision: number) => void) => Promise<T>,
): Promise<T | undefined> {
  const claim = randomUUID();
  if (!(await takeTurn(engine, duty, claim))) return undefined;
  const sign = setInterval(() => void keepTurn(engine, duty, claim).catch(() => undefined), SIGN);
  let revision: number | null = null;
  try {
    return await work(claim, (at) => {
      revision = at;
    });
  } finally {
    clearInterval(sign);
    await endTurn(engine, duty, claim, revision);
  }
}
