/** Telling of commits: those who want to hear of them, and what finds out while there are any. */

/** Begins to find out of commits, of this process or others, and tells of each soon after; returns what ends it. */
export type Source = (tell: () => void) => () => void;

export interface Audience {
  /** Hears of commits from now on; returns what ends that. One call may stand for several commits, or for none. */
  readonly join: (heard: () => void) => () => void;
  readonly close: () => void;
}

/** Those who hear of what a source finds out, which runs only as long as somebody listens. */
export function audienceOf(source: Source): Audience {
  const all = new Set<() => void>();
  let end: (() => void) | undefined;
  const leave = () => {
    if (all.size > 0) return;
    end?.();
    end = undefined;
  };
  return {
    join(heard) {
      // The same function may be given twice.
      const one = () => heard();
      all.add(one);
      end ??= source(() => {
        for (const each of [...all]) each();
      });
      return () => {
        all.delete(one);
        leave();
      };
    },
    close() {
      all.clear();
      leave();
    },
  };
}

/** How often a stamp is looked at, in milliseconds. */
const LOOK = 50;

/** Finds out of commits by looking at a stamp, which has to cost next to nothing. */
export function lookingAt(stamp: () => string | Promise<string>): Source {
  return (tell) => {
    let known = '';
    const look = async () => {
      const now = await stamp();
      if (now !== known && known !== '') tell();
      known = now;
    };
    // A database that is away has committed nothing; what it did meanwhile is seen afterwards.
    const looking = () => void look().catch(() => undefined);
    looking();
    const timer = setInterval(looking, LOOK).unref();
    return () => clearInterval(timer);
  };
}
