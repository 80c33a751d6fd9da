import type { Database } from '../db/database.ts';
import { revisionOf } from './list.ts';

/** A bell that rings when this process hears of a change, be it its own or, while somebody follows, another's. */
export class RevisionSignal {
  readonly #db: Pick<Database, 'onCommit' | 'read' | 'tables'>;
  #latest = 0;
  #rings = 0;
  readonly #waiting = new Set<() => void>();
  #followers = 0;
  #leave: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(db: Pick<Database, 'onCommit' | 'read' | 'tables'>) {
    this.#db = db;
  }

  /** How often it has rung: to be noted before the log is read, so that nothing is missed between that and waiting. */
  get rings(): number {
    return this.#rings;
  }

  /** Tells of the newest change that is committed; to be called after the commit, never before. */
  raise(revision: number): void {
    // A smaller number is news as well: the log was set back.
    if (revision === this.#latest) return;
    this.#latest = revision;
    this.#rings += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves once it has rung more often than this, after `ms` milliseconds, or when aborted; at once where that holds already. */
  after(rings: number, ms: number, aborted: AbortSignal): Promise<void> {
    if (this.#rings !== rings || aborted.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        aborted.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
      aborted.addEventListener('abort', wake);
    });
  }

  /** Hears of what other processes write as soon as it is committed; returns what ends that. */
  follow(): () => void {
    this.#followers += 1;
    this.#leave ??= this.#db.onCommit(() => void this.look().catch(() => undefined));
    let following = true;
    return () => {
      if (!following) return;
      following = false;
      this.#followers -= 1;
      if (this.#followers > 0) return;
      this.#leave?.();
      this.#leave = undefined;
    };
  }

  /** Looks at the log for what other processes wrote; whoever asks during a look is answered by the next one. */
  look(): Promise<void> {
    this.#again = this.#looking !== undefined;
    this.#looking ??= this.#lookUp();
    return this.#looking;
  }

  async #lookUp(): Promise<void> {
    try {
      do {
        this.#again = false;
        this.raise(await this.#db.read((session) => revisionOf(session, { db: this.#db })));
      } while (this.#again);
    } finally {
      this.#looking = undefined;
    }
  }
}
