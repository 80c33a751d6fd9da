/**
 * Clients that write over HTTP until the service is gone, and remember what they asked, what was acknowledged, and
 * the one request that was not answered. Each has records of its own, and marks every text it writes.
 */
import { randomUUID } from 'node:crypto';

/** Texts that are marked, by path. */
export const MARKED: Readonly<Record<string, string>> = {
  topics: 'description',
  policies: 'summary',
  actions: 'description',
};

/** A request as it is sent, and sent again after a crash. */
export interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Marks of the records it makes, in order. */
  readonly makes: readonly string[];
  /** What is known of the one record it changes, if it changes one. */
  readonly changes?: {
    readonly record: Own;
    readonly op: 'update' | 'delete' | 'restore';
    readonly mark: string | null;
  };
}

/** A record that a client made. */
export interface Own {
  readonly kind: string;
  readonly id: string;
  version: number;
  deleted: boolean;
  parts: boolean;
}

/** A write that the service has said is done. */
export interface Acknowledged {
  readonly id: string;
  readonly version: number;
  readonly op: 'create' | 'update' | 'delete' | 'restore';
  /** Text that the record has since; null where the write did not say. */
  readonly mark: string | null;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

/** A place for policies, without which none can be written. */
export async function makePlace(url: string, key: string): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'Springfield', classification: 'municipality', slug: 'springfield' });
  const answer = await fetch(`${url}/v1/jurisdictions`, { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

export class Client {
  readonly acknowledged: Acknowledged[] = [];
  /** What was sent, of what makes something, with its first answer. */
  readonly repeatable: { attempt: Attempt; text: string }[] = [];
  /** Marks of all that was asked for, whether or not it was answered. */
  readonly asked = new Set<string>();
  pending: Attempt | undefined;
  /** Answers that should not have been given. */
  readonly refused: string[] = [];
  readonly #own: Own[] = [];
  readonly #name: string;
  readonly #key: string;
  readonly #random: () => number;
  #made = 0;

  constructor(name: string, key: string, random: () => number = Math.random) {
    this.#name = name;
    this.#key = key;
    this.#random = random;
  }

  /** Writes until an answer fails to come, or `until` says that it is enough. */
  async run(url: string, until: () => boolean = () => false): Promise<void> {
    while (!until()) {
      try {
        const attempt = await this.#next(url);
        this.pending = attempt;
        this.#take(attempt, await this.#send(url, attempt));
        this.pending = undefined;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        // The connection is gone.
        return;
      }
    }
  }

  /** Asks again for what was not answered, as a client that knows nothing of what became of it. */
  async settle(url: string): Promise<void> {
    const attempt = this.pending;
    if (attempt === undefined) return;
    const answer = await this.#send(url, attempt);
    const { changes } = attempt;
    // A change has no key of its own: its ETag says whether it was done. The log has to bear that out.
    const done = changes && changes.op !== 'restore' && [410, 412].includes(answer.status);
    if (done) this.#changed(changes, changes.record.version + 1);
    else this.#take(attempt, answer);
    this.pending = undefined;
  }

  /** Repeats some requests that were answered; the answers have to be the same. */
  async repeat(url: string, count: number): Promise<number> {
    const some = this.repeatable.splice(-count);
    for (const { attempt, text } of some) {
      const again = await this.#send(url, attempt);
      if (again.text !== text || !again.replayed)
        this.refused.push(`a repeat was answered otherwise: ${attempt.path} ${again.status} ${again.text}`);
    }
    this.repeatable.length = 0;
    return some.length;
  }

  async #send(url: string, { method, path, headers, body }: Attempt): Promise<Answer> {
    const answer = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      text: await answer.text(),
      replayed: answer.headers.get('idempotent-replayed') === 'true',
    };
  }

  /** Remembers what an answer says was done. */
  #take(attempt: Attempt, { status, text }: Answer): void {
    if (status < 200 || status > 299) {
      this.refused.push(`${attempt.method} ${attempt.path}: ${status} ${text.slice(0, 300)}`);
      return;
    }
    if (attempt.headers['idempotency-key']) this.repeatable.push({ attempt, text });
    const { changes, makes } = attempt;
    const said = text === '' ? undefined : JSON.parse(text);
    if (changes) {
      this.#changed(changes, said?.version ?? changes.record.version + 1);
      return;
    }
    const kind = attempt.path.split('/')[2] as string;
    const made: { id: string; version: number }[] = said.data ?? [said];
    if (made.length !== makes.length)
      this.refused.push(`${makes.length} records asked for, ${made.length} made`);
    for (const [at, { id, version }] of made.entries()) {
      this.#own.push({ kind, id, version, deleted: false, parts: false });
      this.acknowledged.push({ id, version, op: 'create', mark: makes[at] as string });
    }
  }

  #changed({ record, op, mark }: NonNullable<Attempt['changes']>, version: number): void {
    record.version = version;
    if (op !== 'update') record.deleted = op === 'delete';
    this.acknowledged.push({ id: record.id, version, op, mark });
  }

  #mark(): string {
    this.#made += 1;
    const mark = `${this.#name}-${this.#made}`;
    this.asked.add(mark);
    return mark;
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }

  async #next(url: string): Promise<Attempt> {
    const dice = this.#random();
    const live = this.#own.filter(({ deleted }) => !deleted).slice(-50);
    const one = this.#pick(live);
    if (dice < 0.3 || one === undefined) return this.#create('topics', { name: 'A topic' });
    if (dice < 0.5) return this.#createPolicy();
    if (dice < 0.55) return this.#batch();
    if (dice < 0.65) {
      const policy = this.#pick(live.filter(({ kind }) => kind === 'policies'));
      if (policy === undefined) return this.#createPolicy();
      policy.parts = true;
      return this.#create('actions', { policy_id: policy.id });
    }
    const gone = this.#pick(this.#own.filter(({ deleted }) => deleted).slice(-10));
    if (dice < 0.7 && gone) return this.#restore(gone);
    // A part moves the version of its owner too.
    if (one.parts) await this.#refresh(url, one);
    return dice < 0.8 && one.kind !== 'policies' ? this.#delete(one) : this.#patch(one);
  }

  #create(kind: string, body: object, mark = this.#mark()): Attempt {
    return {
      method: 'POST',
      path: `/v1/${kind}`,
      headers: { 'idempotency-key': randomUUID() },
      body: { ...body, [MARKED[kind] as string]: mark },
      makes: [mark],
    };
  }

  #createPolicy(): Attempt {
    const mark = this.#mark();
    const identifiers = [{ scheme: 'drill', identifier: mark }];
    const body = { type: 'ordinance', title: 'A policy', jurisdiction_id: 'springfield', identifiers };
    return this.#create('policies', body, mark);
  }

  #batch(): Attempt {
    const makes = [this.#mark(), this.#mark(), this.#mark()];
    return {
      method: 'POST',
      path: '/v1/topics/batch',
      headers: { 'idempotency-key': randomUUID() },
      body: {
        items: makes.map((description) => ({ op: 'create', record: { name: 'One of three', description } })),
      },
      makes,
    };
  }

  #patch(record: Own): Attempt {
    const mark = this.#mark();
    return {
      method: 'PATCH',
      path: `/v1/${record.kind}/${record.id}`,
      headers: { 'if-match': `"${record.version}"` },
      body: { [MARKED[record.kind] as string]: mark },
      makes: [],
      changes: { record, op: 'update', mark },
    };
  }

  #delete(record: Own): Attempt {
    const path = `/v1/${record.kind}/${record.id}`;
    const headers = { 'if-match': `"${record.version}"` };
    return { method: 'DELETE', path, headers, makes: [], changes: { record, op: 'delete', mark: null } };
  }

  #restore(record: Own): Attempt {
    const path = `/v1/${record.kind}/${record.id}/restore`;
    const headers = { 'idempotency-key': randomUUID() };
    return { method: 'POST', path, headers, makes: [], changes: { record, op: 'restore', mark: null } };
  }

  async #refresh(url: string, record: Own): Promise<void> {
    const answer = await fetch(`${url}/v1/${record.kind}/${record.id}`);
    record.version = ((await answer.json()) as { version: number }).version;
  }
}
