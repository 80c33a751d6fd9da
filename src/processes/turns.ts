/** Turns to write, given by the process that watches the workers, in the order in which they are asked for. */
import type { WriteTurns } from '../db/write-turns.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/**
 * How long one worker may have the turn while another waits, in milliseconds. Who writes for longer goes on, as the lock
 * of the database is its own; the others wait for that then.
 */
const LONGEST = 10_000;

interface Asked<Worker> {
  readonly worker: Worker;
  readonly turn: number;
}

/** The turns as whoever gives them keeps them; `give` tells a worker that one is its own. */
export class Turns<Worker> {
  readonly #waiting: Asked<Worker>[] = [];
  readonly #give: (worker: Worker, turn: number) => void;
  readonly #longest: number;
  #now: Asked<Worker> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(give: (worker: Worker, turn: number) => void, longest: number = LONGEST) {
    this.#give = give;
    this.#longest = longest;
  }

  /** A worker wants to write. */
  want(worker: Worker, turn: number): void {
    this.#waiting.push({ worker, turn });
    if (this.#now === undefined) this.#next();
  }

  /** A worker has written, or does not want to any more. */
  over(worker: Worker, turn: number): void {
    this.#drop((asked) => asked.worker === worker && asked.turn === turn);
  }

  /** A worker is gone, and whatever it had or wanted with it. */
  gone(worker: Worker): void {
    this.#drop((asked) => asked.worker === worker);
  }

  #drop(which: (asked: Asked<Worker>) => boolean): void {
    for (let at = this.#waiting.findIndex(which); at >= 0; at = this.#waiting.findIndex(which))
      this.#waiting.splice(at, 1);
    if (this.#now && which(this.#now)) this.#next();
  }

  #next(): void {
    clearTimeout(this.#timer);
    this.#now = this.#waiting.shift();
    if (this.#now === undefined) return;
    this.#timer = setTimeout(() => this.#next(), this.#longest);
    this.#timer.unref();
    this.#give(this.#now.worker, this.#now.turn);
  }
}

/** How a worker speaks with whoever watches it. */
export interface Line {
  readonly tell: (message: FromWorker) => void;
  readonly hear: (listener: (message: ToWorker) => void) => void;
  /** Calls once the other end is gone; from then on nothing is told or heard. */
  readonly ended: (listener: () => void) => void;
}

/** The turns as a worker asks for them; it asks for none once nobody gives any. */
export function askedTurns({ tell, hear, ended }: Line): WriteTurns {
  let last = 0;
  let alone = false;
  const waiting = new Map<number, () => void>();
  hear((message) => {
    if (message.tell !== 'yours') return;
    const mine = waiting.get(message.turn);
    if (mine) mine();
    // Given up meanwhile, which whoever gives them may not have heard of yet.
    else tell({ tell: 'over', turn: message.turn });
  });
  ended(() => {
    alone = true;
    for (const go of [...waiting.values()]) go();
  });
  return {
    take(ms) {
      if (alone) return Promise.resolve(() => undefined);
      last += 1;
      const turn = last;
      tell({ tell: 'wants', turn });
      return new Promise((resolve) => {
        const got = () => {
          clearTimeout(timer);
          waiting.delete(turn);
          resolve(() => tell({ tell: 'over', turn }));
        };
        // What is taken back once the write is over is the place among those who wait.
        const timer = setTimeout(got, ms);
        waiting.set(turn, got);
      });
    },
  };
}
