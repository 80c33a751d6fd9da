/** Several processes that serve on one port: one starts them, starts anew what dies, and stops them; it serves nothing itself. */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { COMPILED, programOf } from '../loading.js';
import { Gatherings } from './figures.ts';
import { notListening, type Place, placeFrom, refuseOthers, SHARES_PORTS, trackerOf } from './listening.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { Turns } from './turns.ts';

/** How long the workers may take to stop before they are killed, in milliseconds: longer than each gives itself. */
const LIMIT = 9_800;

/** How long after a worker has died another takes its place, in milliseconds; twice as long each time, up to the last. */
const [SOON, LATE] = [250, 30_000];

/** How long after one worker the next is told to stop, in milliseconds. */
const APART = 10;

/** How long a worker has to have lived for its death to be the first, in milliseconds. */
const WELL = 60_000;

/** A worker that did not come to serve; it has said why itself. */
class Unstarted extends Error {}

/**
 * Starts `WORKERS` processes and watches them until a signal comes. The first prepares the database before the others
 * start. When one does not come to serve, all of them end, and this process with status 1: it has said why.
 */
export async function supervise(config: Config): Promise<void> {
  if (!SHARES_PORTS)
    throw new Error('WORKERS is more than 1: on this system processes cannot share a port; leave it out');
  const { WORKERS, LOG_LEVEL } = config;
  const log = pino({ level: LOG_LEVEL });
  const place = placeFrom(config, process.env);
  await refuseOthers(place, trackerOf(config.DATABASE_URL)).catch((error: unknown) => {
    throw notListening(config, error);
  });
  const crew = new Crew((worker) => log.warn(`worker ${worker} has died; another takes its place`));
  process.once('exit', () => crew.kill());
  const ending = closeWithGrace({ delay: LIMIT, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'stopping after an error');
    else log.info(`stopping on ${signal}`);
    await crew.stop();
  });
  try {
    const { address, port } = await crew.start(place);
    // A port that was picked for the first is that of all.
    const shared = 'fd' in place ? place : { ...place, port };
    await Promise.all(Array.from({ length: WORKERS - 1 }, () => crew.start(shared)));
    crew.keep(shared);
    log.info(`Server listening at ${address} with ${WORKERS} processes`);
  } catch (error) {
    if (crew.stopping) return;
    ending.uninstall();
    await crew.stop();
    if (!(error instanceof Unstarted)) throw error;
    process.exitCode = 1;
  }
}

/** Where a worker listens. */
interface Listening {
  readonly address: string;
  readonly port: number;
}

/** The workers that there are. */
class Crew {
  stopping = false;
  readonly #workers = new Set<ChildProcess>();
  readonly #turns = new Turns<ChildProcess>((worker, turn) => tell(worker, { tell: 'yours', turn }));
  readonly #gatherings = new Gatherings<ChildProcess>(
    (worker, gathering) => tell(worker, { tell: 'ask figures', gathering }),
    (worker, ask, told) => tell(worker, { tell: 'figures', ask, told }),
  );
  readonly #died: (pid: number | undefined) => void;
  #place: Place | undefined;

  constructor(died: (pid: number | undefined) => void) {
    this.#died = died;
  }

  /** Starts a worker; resolves once it listens, rejects with `Unstarted` when it ends before. */
  start(place: Place, deaths = 0): Promise<Listening> {
    const passed = 'fd' in place ? place.fd : 'ignore';
    // Looked up anew: what was built when this process started may be gone, or newer.
    const program = fileURLToPath(programOf('processes/worker.ts'));
    const worker = fork(program, [JSON.stringify(place)], {
      // A terminal's signal is for this process, which passes it on.
      detached: true,
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
      stdio: ['ignore', 'inherit', 'inherit', passed, 'ipc'],
    });
    const since = performance.now();
    this.#workers.add(worker);
    return new Promise((resolve, reject) => {
      worker.on('message', (message) => {
        const told = message as FromWorker;
        if (told.tell === 'listening') resolve(told);
        else this.#hear(worker, told);
      });
      worker.once('error', reject);
      worker.once('exit', () => {
        this.#workers.delete(worker);
        this.#turns.gone(worker);
        reject(new Unstarted('a worker ended before it served'));
        if (this.stopping || this.#place === undefined) return;
        this.#died(worker.pid);
        this.#replace(this.#place, performance.now() - since > WELL ? 0 : deaths);
      });
      if (this.stopping) tell(worker, { tell: 'stop' });
    });
  }

  #hear(worker: ChildProcess, told: Exclude<FromWorker, { tell: 'listening' }>): void {
    if (told.tell === 'wants') this.#turns.want(worker, told.turn);
    else if (told.tell === 'over') this.#turns.over(worker, told.turn);
    else if (told.tell === 'own figures') this.#gatherings.told(told.gathering, told.figures);
    else {
      const others = [...this.#workers].filter((one) => one !== worker);
      this.#gatherings.begin(worker, told.ask, others);
    }
  }

  /** Has each worker that dies from now on replaced. */
  keep(place: Place): void {
    this.#place = place;
  }

  #replace(place: Place, deaths: number): void {
    const wait = Math.min(SOON * 2 ** deaths, LATE);
    setTimeout(() => {
      // One that dies before it serves is replaced like any other.
      if (!this.stopping) this.start(place, deaths + 1).catch(() => undefined);
    }, wait);
  }

  /** Has all workers stop; resolves once they have. */
  async stop(): Promise<void> {
    this.stopping = true;
    const gone = [...this.#workers].map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of this.#workers) {
      tell(worker, { tell: 'stop' });
      // What is moved from one that gives up its socket must not come to another that does at the same moment.
      await pause(APART);
    }
    await Promise.all(gone);
  }

  /** Ends what is left of them. */
  kill(): void {
    for (const worker of this.#workers) worker.kill('SIGKILL');
  }
}

function tell(worker: ChildProcess, message: ToWorker): void {
  // One that is on its way out hears nothing any more.
  if (worker.connected) worker.send(message, () => undefined);
}
