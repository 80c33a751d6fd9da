/** What a limit answers with: the same requests as the service, and nothing else of it. */

type Awaitable<T> = T | Promise<T>;
type Body = Awaitable<string | Buffer>;

/** The requests of the workloads. */
export interface Answers {
  readonly one: (slug: string) => Body;
  readonly whole: (slug: string, includes: readonly string[]) => Body;
  readonly filtered: (type: string, status: string, limit: number) => Body;
  readonly including: (limit: number, includes: readonly string[]) => Body;
  readonly on: (key: string, id: string, limit: number) => Body;
  readonly search?: (words: string, limit: number) => Body;
  readonly changes?: (after: number, limit: number) => Body;
  readonly everything?: () => Iterable<string | Buffer>;
}

/** Durable writes of one row and one line of a log. */
export interface Writes {
  readonly each: (body: Record<string, unknown>) => Promise<void>;
  readonly grouped?: (body: Record<string, unknown>) => Promise<void>;
}

export interface Limit {
  /** JSON made by JavaScript of rows. */
  readonly objects: Answers;
  /** JSON made by the database. */
  readonly json?: Answers;
  readonly writes: Writes;
}
