/** Whose turn it is to make a snapshot: of the processes of a tracker one at a time, kept in a mark. */
import type { Session } from '../../db/database.ts';
import type { Engine } from '../../engine/engine.ts';
import { readMark, setMark } from '../../engine/marks.ts';

/** Name of the mark. */
export const SNAPSHOT_MARK = 'snapshot';

/** How long a process that makes one may give no sign of life, in milliseconds. */
const LEASE = 300_000;
/** How long after one that failed the next is tried, in milliseconds; sooner where they are made more often. */
const RETRY = 900_000;

/** The last snapshot that was begun. Times are instants. */
interface Kept {
  readonly claim: string;
  readonly begun_at: string;
  readonly alive_at: string;
  readonly ended_at: string | null;
  /** Revision it was taken at; null for one that failed, or is being made. */
  readonly revision: number | null;
}

type Keeping = Pick<Engine, 'db' | 'now'>;

/** Whether a snapshot is due, `every` so many milliseconds. */
function isDue(kept: Kept | undefined, now: number, every: number): boolean {
  if (kept === undefined) return true;
  const since = (instant: string) => now - Date.parse(instant);
  if (kept.ended_at === null) return since(kept.alive_at) >= LEASE;
  return since(kept.begun_at) >= (kept.revision === null ? Math.min(every, RETRY) : every);
}

/** Takes the turn where a snapshot is due; false where it is not, or another process has it. */
export async function takeTurn(engine: Keeping, every: number, claim: string): Promise<boolean> {
  const due = async (session: Session) =>
    isDue(await readMark<Kept>(engine, session, SNAPSHOT_MARK), engine.now().getTime(), every);
  // Looked at first without keeping writers waiting.
  if (!(await engine.db.read(due))) return false;
  return engine.db.write(async (session) => {
    if (!(await due(session))) return false;
    const at = engine.now().toISOString();
    const kept: Kept = { claim, begun_at: at, alive_at: at, ended_at: null, revision: null };
    await setMark(engine, session, SNAPSHOT_MARK, kept);
    return true;
  });
}

/** Gives a sign of life; false where another process has taken the turn meanwhile. */
export function keepTurn(engine: Keeping, claim: string): Promise<boolean> {
  return change(engine, claim, (kept, at) => ({ ...kept, alive_at: at }));
}

/** Ends the turn with the revision of the snapshot, or null where it failed. */
export function endTurn(engine: Keeping, claim: string, revision: number | null): Promise<boolean> {
  return change(engine, claim, (kept, at) => ({ ...kept, alive_at: at, ended_at: at, revision }));
}

function change(engine: Keeping, claim: string, to: (kept: Kept, at: string) => Kept): Promise<boolean> {
  return engine.db.write(async (session) => {
    const kept = await readMark<Kept>(engine, session, SNAPSHOT_MARK);
    if (kept?.claim !== claim) return false;
    await setMark(engine, session, SNAPSHOT_MARK, to(kept, engine.now().toISOString()));
    return true;
  });
}
