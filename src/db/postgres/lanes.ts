/**
 * Connections that statements share, none of which waits for the answers to those before it: what is asked in one turn of
 * the event loop is sent in one piece, and the server goes from one to the next by itself.
 */
import type { Connection } from './connection.ts';
import { asFailure, isUnprepared, wasCut } from './failure.ts';
import type { Pool } from './pool.ts';

/** Lanes at most: a statement that takes long holds up those behind it on its own. */
const LANES = 4;

/** A connection that is shared until nobody waits for an answer on it; then it is given back. */
interface Lane {
  readonly connection: Promise<Connection>;
  connected: boolean;
  /** Whether a statement failed on it: what is prepared there is in doubt. */
  spoilt: boolean;
  waiting: number;
}

/** What lanes are made from. */
interface Source extends Pick<Pool, 'connect' | 'first'> {
  /** Whether somebody waits for a connection. */
  readonly isWaitedFor: () => boolean;
  /** Connections that there are at most. */
  readonly most: number;
}

/** Runs statements on lanes of a pool; see `Pool`. */
export function lanesOn({ connect, first, isWaitedFor, most }: Source): Pool['beside'] {
  let lanes: Lane[] = [];
  const leave = (left: Lane) => {
    lanes = lanes.filter((one) => one !== left);
  };
  const open = (): Lane => {
    const made: Lane = { connection: connect(), connected: false, spoilt: false, waiting: 0 };
    lanes.push(made);
    made.connection.then(
      () => {
        made.connected = true;
      },
      () => leave(made),
    );
    return made;
  };
  const take = (): Lane => {
    // Whoever waits for a connection gets one in turn: those that are lent are not held on to.
    const joined = isWaitedFor() ? lanes.filter(({ connected }) => !connected) : lanes;
    const [least] = joined.toSorted((one, other) => one.waiting - other.waiting);
    return least && lanes.length >= Math.min(LANES, most) ? least : open();
  };
  return async (run) => {
    const lane = take();
    lane.waiting += 1;
    let connection: Connection | undefined;
    let fresh = true;
    try {
      connection = await lane.connection;
      fresh = connection.fresh;
      connection.fresh = false;
      connection.gather();
      return await run(connection);
    } catch (error) {
      leave(lane);
      lane.spoilt = true;
      if (!isUnprepared(error) && (fresh || !wasCut(error))) throw asFailure(error);
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0 && connection) {
        leave(lane);
        if (lane.spoilt) connection.destroy();
        else connection.release();
      }
    }
    // Alone, so that it ends.
    return first(async (alone) => {
      const result = await run(alone);
      alone.release();
      return result;
    });
  };
}
