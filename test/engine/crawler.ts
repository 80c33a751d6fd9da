/** Crawls lists page by page while others write, and holds what was met against what should have been. */
import fc from 'fast-check';
import type { Bounds } from '../../src/engine/bounds.ts';
import { type Content, writable } from '../../src/engine/content.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { list, type Page } from '../../src/engine/list.ts';
import { type ListQuery, MAX_LIMIT } from '../../src/engine/parameters.ts';
import { remove, restore } from '../../src/engine/remove.ts';
import { readStored } from '../../src/engine/store.ts';
import { create, replace } from '../../src/engine/write.ts';
import { type Writer, writing } from '../../src/engine/writer.ts';
import type { Kind, PublicRecord } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';
import type { TestApp } from '../helper.ts';

const AUTHOR = { actor: 'a test', reason: null };

/** Pages a crawl may take before it counts as endless. */
const MOST_PAGES = 300;

/** Writes of one kind, through the engine, in transactions of their own. */
export function writes(engine: Engine, kind: Kind) {
  const change = <T>(work: (writer: Writer) => Promise<T>) => writing(engine, AUTHOR, work);
  const stored = async (writer: Writer, id: string) => {
    const found = await readStored(writer, kind, id);
    if (found === undefined) throw new Error(`there is no ${kind.name} ${id}`);
    return found;
  };
  return {
    create: (body: Content) => change((writer) => create(writer, kind, body)),
    update: (id: string, patch: Content) =>
      change(async (writer) => {
        const found = await stored(writer, id);
        return replace(writer, kind, found, { ...writable(kind, found.record), ...patch });
      }),
    remove: (id: string) => change(async (writer) => remove(writer, kind, await stored(writer, id), false)),
    restore: (id: string) => change(async (writer) => restore(writer, kind, await stored(writer, id))),
  };
}

/** Makes several records of a kind in one transaction, and returns their ids. */
export function createAll(engine: Engine, kind: Kind, bodies: readonly Content[]): Promise<string[]> {
  return writing(engine, AUTHOR, async (writer) => {
    const ids: string[] = [];
    for (const body of bodies) ids.push((await create(writer, kind, body)).id);
    return ids;
  });
}

/** One page of a list, past HTTP. */
export function page(engine: Engine, kind: Kind, query: Partial<ListQuery>): Promise<Page> {
  const place = { path: `/v1/${kind.path}`, fixed: {}, restricted: false };
  return list(engine, kind, { limit: 20, ...query }, place);
}

/** The cursor in a page's link to the next one. */
export function cursorOf({ links }: Page): string | undefined {
  return links.next === null ? undefined : (new URL(links.next, 'http://x').searchParams.get('cursor') ?? '');
}

export const idsOf = ({ data }: Page): string[] => data.map(({ id }) => id);

/** Empties every table, so that each run of a property starts alike. */
export async function clear({ db }: TestApp): Promise<void> {
  const { rows, kinds: own, identifiers, changes, sortMoves } = db.tables;
  const named = [...kinds].reverse().map(({ name }) => own.get(name));
  await db.write(async (session) => {
    for (const [at, table] of [...rows.values(), ...named, identifiers, changes, sortMoves].entries()) {
      if (table) await session.run(`empty ${at}`, (on) => on.delete(table));
    }
  });
}

/** Something another client does between two pages: to the record at a place, with a sort key, at a later moment. */
export interface Step {
  readonly does: 'create' | 'move' | 'touch' | 'delete' | 'restore' | 'bounce' | 'revive' | 'leave' | 'enter';
  /** Which record, counted round. */
  readonly which: number;
  readonly key: number;
  /** Milliseconds the clock goes on; clocks also go back. */
  readonly tick: number;
}

export const aStep: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom(
    'create',
    'move',
    'move',
    'touch',
    'delete',
    'restore',
    'bounce',
    'revive',
    'leave',
    'enter',
  ),
  which: fc.nat(11),
  key: fc.nat(11),
  tick: fc.constantFrom(0, 0, 1, 5, -3),
});

/** How a crawl goes: page sizes in turn, and what is done before each page after the first. */
export interface Story {
  readonly keys: readonly number[];
  readonly limits: readonly number[];
  readonly between: readonly (readonly Step[])[];
  /** A cursor to use once more at the end. */
  readonly again: number;
}

export const aStory: fc.Arbitrary<Story> = fc.record({
  keys: fc.array(fc.nat(11), { minLength: 1, maxLength: 12 }),
  limits: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  between: fc.array(fc.array(aStep, { maxLength: 5 }), { maxLength: 10 }),
  again: fc.nat(20),
});

/** What a story is played on. */
export interface Stage {
  readonly app: TestApp;
  readonly kind: Kind;
  readonly query: Partial<ListQuery>;
  /** Makes what the records refer to, as each story starts from empty tables. */
  readonly prepare: (engine: Engine) => Promise<void>;
  /** A body with the sort key of this number. */
  readonly body: (key: number) => Content;
  /** A change that moves no sort key, except that of `updated_at`. */
  readonly touch: (key: number) => Content;
  /** A change after which the filters no longer hold, and one after which they do. */
  readonly leave?: Content;
  readonly enter?: Content;
  /** What pages of the crawl may cost; stories whose first page is refused for that are passed over. */
  readonly bounds?: Bounds;
  /** Records of a page at most. */
  readonly most?: number;
  /** The kind that is crawled, where it is not the one that is written: the votes of an event. */
  readonly met?: Kind;
}

/** Plays a story; returns what is wrong with the crawl, or undefined. */
export async function play(stage: Stage, story: Story): Promise<string | undefined> {
  const { app, kind, query } = stage;
  const { engine } = app.app;
  await clear(app);
  await stage.prepare(engine);
  const world = new World(stage);
  for (const [at, key] of story.keys.entries()) {
    app.clock.now = new Date(Date.UTC(2026, 0, 1) + (at % 3 === 0 ? at : at - 1));
    await world.add(key);
  }
  const listed = stage.met ?? kind;
  const atFirst = idsOf(await page(engine, listed, { ...query, limit: 200 }));
  world.steady = new Set(atFirst);
  const wrongOrder = outOfOrder(listed, query.sort ?? listed.defaultSort, await whole(engine, listed, query));
  if (wrongOrder) return wrongOrder;

  const crawler = stage.bounds ? { ...engine, bounds: stage.bounds } : engine;
  const met: string[] = [];
  const cursors: string[] = [];
  const shown: number[] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < MOST_PAGES; turn += 1) {
    const limit = Math.min(story.limits[turn % story.limits.length] as number, stage.most ?? MAX_LIMIT);
    const asked = { ...query, limit, ...(cursor ? { cursor } : {}) };
    const got = await page(crawler, listed, asked).catch((error: unknown) => {
      if (turn > 0 || !stage.bounds) throw error;
    });
    if (got === undefined) return undefined;
    const dead = idsOf(got).find((id) => !world.visible.has(id));
    if (dead) return `page ${turn + 1} shows ${dead}, which cannot be seen now`;
    met.push(...idsOf(got));
    cursor = cursorOf(got);
    if (cursor === undefined) break;
    cursors.push(cursor);
    shown.push(met.length);
    for (const step of story.between[turn] ?? []) await world.take(step);
  }
  if (cursor !== undefined) return 'the crawl does not end';
  const twice = met.find((id, at) => met.indexOf(id) < at);
  if (twice) return `${twice} is met twice`;
  const steady = (ids: readonly string[]) => ids.filter((id) => world.steady.has(id));
  const expected = steady(atFirst);
  const wrong = differs(expected, steady(met));
  if (wrong) return `the crawl ${wrong}`;

  const again = cursors.length > 0 ? story.again % cursors.length : undefined;
  if (again === undefined) return undefined;
  const before = steady(met.slice(0, shown[again]));
  const rest = await crawl(crawler, listed, { ...query, limit: 2, cursor: cursors[again] as string });
  const wrongAgain = differs(expected.slice(before.length), steady(rest));
  return wrongAgain ? `the cursor used again ${wrongAgain}` : undefined;
}

/** All ids from a page on. */
export async function crawl(engine: Engine, kind: Kind, query: Partial<ListQuery>): Promise<string[]> {
  const met: string[] = [];
  let { cursor, ...rest } = query;
  for (let turn = 0; turn < MOST_PAGES; turn += 1) {
    const got = await page(engine, kind, { ...rest, ...(cursor ? { cursor } : {}) });
    met.push(...idsOf(got));
    cursor = cursorOf(got);
    if (cursor === undefined) return met;
  }
  throw new Error('the crawl does not end');
}

async function whole(
  engine: Engine,
  kind: Kind,
  query: Partial<ListQuery>,
): Promise<readonly PublicRecord[]> {
  return (await page(engine, kind, { ...query, limit: 200 })).data;
}

function differs(expected: readonly string[], got: readonly string[]): string | undefined {
  const missed = expected.filter((id) => !got.includes(id));
  if (missed.length > 0) return `misses ${missed.length} of ${expected.length} that lived throughout`;
  if (expected.join() !== got.join())
    return `meets them in another order: ${got.join()}, not ${expected.join()}`;
  return undefined;
}

/** Whether records do not stand in the order that the sort's own key says, by code point, then by id. */
function outOfOrder(kind: Kind, sort: string, records: readonly PublicRecord[]): string | undefined {
  const name = sort.replace('-', '');
  const keyOf = (record: PublicRecord) => kind.sorts[name]?.key(record) ?? String(record[name]);
  const sign = sort.startsWith('-') ? -1 : 1;
  for (const [at, after] of records.slice(1).entries()) {
    const before = records[at] as PublicRecord;
    const order = sign * (byCodePoint(keyOf(before), keyOf(after)) || byCodePoint(before.id, after.id));
    if (order > 0) return `${keyOf(before)} stands before ${keyOf(after)}`;
  }
  return undefined;
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (const [at, char] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    const difference = (char.codePointAt(0) as number) - (other.codePointAt(0) as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The records of a story, and which of them the list shows now. */
class World {
  readonly visible = new Set<string>();
  /** Of those that the first page's list held, the ones seen ever since. */
  steady = new Set<string>();
  readonly #stage: Stage;
  readonly #write: ReturnType<typeof writes>;
  readonly #all: { readonly id: string; gone: boolean }[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#write = writes(stage.app.app.engine, stage.kind);
  }

  async add(key: number): Promise<void> {
    const { id } = await this.#write.create(this.#stage.body(key));
    this.#all.push({ id, gone: false });
    await this.#look();
  }

  async take({ does, which, key, tick }: Step): Promise<void> {
    const { app, body, touch, leave, enter } = this.#stage;
    app.clock.now = new Date(app.clock.now.getTime() + tick);
    const it = this.#all[which % this.#all.length];
    if (it === undefined || does === 'create') return this.add(key);
    if (it.gone) {
      if (does === 'restore') await this.#restore(it);
      return;
    }
    if (does === 'touch') await this.#update(it.id, touch(key));
    if (does === 'move') await this.#update(it.id, body(key));
    if (does === 'bounce') for (const to of [key, key + 1, key]) await this.#update(it.id, body(to));
    if (does === 'leave' && leave) await this.#update(it.id, leave);
    if (does === 'enter' && enter) await this.#update(it.id, enter);
    if (does === 'delete' || does === 'revive') {
      await this.#write.remove(it.id);
      it.gone = true;
      await this.#look();
    }
    if (does === 'revive') await this.#restore(it);
  }

  async #update(id: string, patch: Content): Promise<void> {
    await this.#write.update(id, patch);
    await this.#look();
  }

  async #restore(it: { readonly id: string; gone: boolean }): Promise<void> {
    await this.#write.restore(it.id);
    it.gone = false;
    await this.#look();
  }

  async #look(): Promise<void> {
    const { app, kind, query, met = kind } = this.#stage;
    this.visible.clear();
    for (const id of idsOf(await page(app.app.engine, met, { ...query, limit: 200 }))) this.visible.add(id);
    this.steady = this.steady.intersection(this.visible);
  }
}
