/** One replica: how it stands, and when it may answer. */
import type { ReplicaState } from '../database.ts';
import type { Limits } from '../open.ts';
import { maskedUrl } from '../url.ts';
import { wasSilent } from './failure.ts';
import { type Server, serverAt } from './open.ts';
import { type ProbeSettings, probing, type Standing } from './probe.ts';
import { absenceOf, type Past } from './rotation.ts';

export class Replica {
  /** What its stamps begin with. */
  readonly name: string;
  readonly server: Server;
  readonly #url: string;
  readonly #turned: (state: ReplicaState) => void;
  #absence: ReplicaState['absence'] = 'unreachable';
  #revision = 0;
  #failed = Number.NEGATIVE_INFINITY;

  constructor(name: string, url: string, limits: Limits, turned: (state: ReplicaState) => void) {
    this.name = name;
    this.server = serverAt(url, limits, 'standby');
    this.#url = url;
    this.#turned = turned;
  }

  get state(): ReplicaState {
    return { name: maskedUrl(this.#url), absence: this.#absence, revision: this.#revision };
  }

  /** Whether it may answer, and is known to have a change. */
  has(revision: number): boolean {
    return this.#absence === undefined && this.#revision >= revision;
  }

  /** It failed: it answers no more until it has been heard of. */
  fail(): void {
    this.#failed = performance.now();
    this.#turn('unreachable');
  }

  /** Watches how it stands, beside a primary; returns what ends that. */
  watch(past: Past, tolerated: number, settings: ProbeSettings): () => void {
    return probing(this.#url, settings, (heard) => {
      if (heard instanceof Error) this.#miss(heard);
      else this.#hear(heard, absenceOf(heard, past, tolerated));
    });
  }

  #hear(standing: Standing, absence: ReplicaState['absence']): void {
    // It was asked before it failed.
    if (standing.asked < this.#failed) return;
    this.#revision = standing.revision;
    this.#turn(absence);
  }

  #miss(error: Error): void {
    this.fail();
    // Requests that wait for a server that says nothing would wait for as long as a statement may take.
    if (wasSilent(error)) this.server.pool.cut();
  }

  #turn(absence: ReplicaState['absence']): void {
    const turned = this.#absence !== absence;
    this.#absence = absence;
    if (turned) this.#turned(this.state);
  }
}
