/** The figures of all workers together: whichever is asked for them asks the others, through the process that watches all. */
import type { Figures } from '../http/metrics.ts';
import type { Line } from './turns.ts';

/** How long the others may take to tell theirs, in milliseconds; what has not come by then is left out. */
const PATIENCE = 500;

interface Open<Worker> {
  readonly asker: Worker;
  readonly ask: number;
  readonly told: Figures[];
  missing: number;
  readonly timer: NodeJS.Timeout;
}

/** Questions as whoever watches the workers passes them on; `ask` asks one of them, `answer` tells what all others told. */
export class Gatherings<Worker> {
  readonly #open = new Map<number, Open<Worker>>();
  readonly #ask: (worker: Worker, gathering: number) => void;
  readonly #answer: (asker: Worker, ask: number, told: readonly Figures[]) => void;
  #last = 0;

  constructor(
    ask: (worker: Worker, gathering: number) => void,
    answer: (asker: Worker, ask: number, told: readonly Figures[]) => void,
  ) {
    this.#ask = ask;
    this.#answer = answer;
  }

  /** A worker wants the figures of the others. */
  begin(asker: Worker, ask: number, others: readonly Worker[]): void {
    this.#last += 1;
    const gathering = this.#last;
    const timer = setTimeout(() => this.#end(gathering), PATIENCE);
    this.#open.set(gathering, { asker, ask, told: [], missing: others.length, timer });
    for (const other of others) this.#ask(other, gathering);
    if (others.length === 0) this.#end(gathering);
  }

  /** A worker tells its own. */
  told(gathering: number, figures: Figures): void {
    const open = this.#open.get(gathering);
    if (open === undefined) return;
    open.told.push(figures);
    open.missing -= 1;
    if (open.missing === 0) this.#end(gathering);
  }

  #end(gathering: number): void {
    const open = this.#open.get(gathering);
    if (open === undefined) return;
    clearTimeout(open.timer);
    this.#open.delete(gathering);
    this.#answer(open.asker, open.ask, open.told);
  }
}

/** The other workers' figures as a worker asks for them; it answers with its `own` when it is asked. */
export function askedFigures({ tell, hear, ended }: Line, own: () => Promise<Figures>) {
  let last = 0;
  let alone = false;
  const waiting = new Map<number, (told: readonly Figures[]) => void>();
  hear((message) => {
    if (message.tell === 'ask figures')
      void own().then((figures) => tell({ tell: 'own figures', gathering: message.gathering, figures }));
    if (message.tell !== 'figures') return;
    waiting.get(message.ask)?.(message.told);
    waiting.delete(message.ask);
  });
  ended(() => {
    alone = true;
    for (const go of waiting.values()) go([]);
    waiting.clear();
  });
  return (): Promise<readonly Figures[]> => {
    if (alone) return Promise.resolve([]);
    last += 1;
    const ask = last;
    return new Promise((resolve) => {
      waiting.set(ask, resolve);
      tell({ tell: 'want figures', ask });
    });
  };
}
