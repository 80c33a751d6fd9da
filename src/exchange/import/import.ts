/**
 * The one way in for records in bulk: checked like any request, upserted by identifier in large transactions, in
 * whatever order they come. An import that was interrupted goes on when it is run again, as each transaction keeps how
 * far it came; a second run of the same input changes nothing.
 */
import type { Session } from '../../db/database.ts';
import type { Did } from '../../engine/batch.ts';
import type { Engine } from '../../engine/engine.ts';
import { lookUp } from '../../engine/references.ts';
import { type Author, Outside, type Writer, writing, writingIn } from '../../engine/writer.ts';
import { type Fault, Problem } from '../../errors.ts';
import { kindNamed } from '../../model/kinds.ts';
import type { Checked } from './check.ts';
import { collectionsMet, disappearedFrom, noteMet } from './met.ts';
import { type Page, type Placed, pagesOf } from './paging.ts';
import {
  addPending,
  dropPending,
  isAnyPartly,
  noteAliases,
  notePending,
  type Pending,
  readPending,
  type Superseded,
  supersede,
} from './pending.ts';
import { type Input, InputError } from './record.ts';
import { beginRun, forgetProgress, holdClaim, type Run, saveRun, TakenOver, type Wanted } from './run.ts';
import {
  type Added,
  added,
  countsOf,
  type Failure,
  failuresOf,
  type Lost,
  listedWith,
  lostOf,
  type Noted,
  notedOf,
  type Tally,
  total,
  undone,
} from './tally.ts';
import { type Outcome, type Phase, writePage } from './write-page.ts';

/** Records of a transaction at most, where nobody else waits for the database. */
export const PAGE = 4000;

export interface ImportSettings extends Omit<Wanted, 'fingerprint'> {
  /** Records of a transaction at most. */
  readonly page?: number;
  /** Stops the import once its transaction has ended. */
  readonly signal?: AbortSignal;
  /** Whether a dry run leaves a row that tells of it. */
  readonly told?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onFailures?: (failures: readonly Failure[]) => void;
  readonly onLost?: (lost: readonly Lost[]) => void;
  readonly onLeftOut?: (leftOut: readonly Noted[]) => void;
  /** What it waits for before it begins to read. */
  readonly turn?: Promise<unknown>;
  /** Hears of the run once it is written down. */
  readonly onBegun?: (run: Run) => void;
}

/** What came of an import. */
export interface Imported {
  readonly run: Run;
  readonly status: 'done' | 'failed' | 'interrupted';
  readonly tally: Tally;
  /** Why it failed as a whole. */
  readonly error: string | null;
  /** What went wrong within the service, for its log. */
  readonly cause?: unknown;
}

/** Where an import writes: in transactions of its own, or all in one. */
interface Writing {
  readonly read: <T>(work: (on: Pick<Writer, 'engine' | 'session'>) => Promise<T>) => Promise<T>;
  readonly step: <T>(work: (writer: Writer) => Promise<T>) => Promise<T>;
  /** Whether all is one transaction, so that no part of it can be undone alone. */
  readonly single: boolean;
}

/** Imports an input; never rejects for what is wrong with it, or with the import as a whole. */
export async function importFrom(
  engine: Engine,
  author: Author,
  source: Input,
  settings: ImportSettings,
): Promise<Imported> {
  const wanted = { ...settings, fingerprint: source.fingerprint };
  const begun = await begin(engine, author, wanted);
  const { run } = begun;
  settings.onBegun?.(run);
  const importing = new Importing(run, begun.tally, source, settings);
  const single = run.strict || run.dryRun;
  try {
    await settings.turn;
    if (settings.signal?.aborted) throw new Stopped();
    if (single) await inOne(engine, author, importing);
    else await importing.go(inMany(engine, author));
    return await ended(engine, importing, 'done');
  } catch (error) {
    // What was written is undone where all was one transaction.
    if (single) importing.tally = undone(importing.tally);
    if (error instanceof Stopped) return ended(engine, importing, 'interrupted');
    if (error instanceof TakenOver)
      return { run, status: 'interrupted', tally: importing.tally, error: error.message };
    const told = error instanceof Problem || error instanceof InputError || error instanceof AllFail;
    const text = told ? (error as Error).message : 'an internal error; the log of the service says more';
    return { ...(await ended(engine, importing, 'failed', text)), ...(told ? {} : { cause: error }) };
  }
}

/** The import was told to stop. */
class Stopped extends Error {}
/** A dry run is over, and undone. */
class Undone extends Error {}
/** Some records failed, so that all do. */
class AllFail extends Error {}

/** Whether a run is written down: a dry run writes nothing, unless somebody waits for its row. */
const isKept = ({ dryRun }: Pick<Run, 'dryRun'>, { told }: ImportSettings) => !dryRun || told === true;

async function begin(engine: Engine, author: Author, wanted: Wanted & ImportSettings) {
  if (isKept(wanted, wanted))
    return engine.db.write((session) => beginRun({ engine, session }, author, wanted));
  return engine.db.read((session) => beginRun({ engine, session }, author, wanted, false));
}

/** New records from which an import changes what a database should plan by. */
const MANY = 1000;

async function ended(
  engine: Engine,
  { run, tally, settings }: Importing,
  status: Imported['status'],
  error: string | null = null,
): Promise<Imported> {
  if (isKept(run, settings)) {
    await engine.db.write(async (session) => {
      if (status === 'done') await forgetProgress({ engine, session }, run);
      const all = tally.jurisdictions;
      const jurisdictions = run.strict || run.dryRun ? await there(engine, session, all) : all;
      await saveRun({ engine, session }, run, status, { ...tally, jurisdictions }, error);
    });
  }
  if (total(tally, 'created') >= MANY) await engine.db.refreshStatistics();
  return { run, status, tally, error };
}

/** Those of some places that are there: what one transaction would have made, and did not, is not. */
async function there(engine: Engine, session: Session, ids: readonly string[]): Promise<string[]> {
  const known = await lookUp(session, engine.db, kindNamed('jurisdiction'), ids);
  return ids.filter((id) => known.has(id));
}

function inMany(engine: Engine, author: Author): Writing {
  return {
    single: false,
    read: (work) => engine.db.read((session) => work({ engine, session })),
    step: (work) => writing(engine, author, work, { alone: true }),
  };
}

/** Writes all in one transaction, and undoes it where it is only a try, or anything failed. */
async function inOne(engine: Engine, author: Author, importing: Importing): Promise<void> {
  let last = 0;
  const within = (session: Session): Writing => ({
    single: true,
    read: (work) => work({ engine, session }),
    step: async (work) => {
      const done = await writingIn(engine, session, author, work);
      last = done.last;
      return done.result;
    },
  });
  const { dryRun } = importing.run;
  try {
    await engine.db.write(
      async (session) => {
        await importing.go(within(session));
        const bad = total(importing.tally, 'failed');
        if (bad > 0 && importing.run.strict)
          throw new AllFail(`${bad} records cannot be written, so none was`);
        if (dryRun) throw new Undone();
      },
      { alone: true },
    );
    engine.revisions.raise(last);
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
}

/** Passes over what waits, at most: more than kinds stand in line. */
const PASSES = 12;
/** Waiting records read at a time; single ones can be large. */
const WAITING = 50;

/** An import that is under way. */
class Importing {
  readonly run: Run;
  readonly settings: ImportSettings;
  readonly #source: Input;
  readonly #begun: Tally;
  tally: Tally;

  constructor(run: Run, tally: Tally, source: Input, settings: ImportSettings) {
    this.run = run;
    this.#begun = tally;
    this.tally = tally;
    this.#source = source;
    this.settings = settings;
  }

  /** Reads the input to its end, then goes over what still waits for others. */
  async go(on: Writing): Promise<void> {
    // A transaction that the database wants to be run again begins anew.
    this.tally = this.#begun;
    for await (const page of pagesOf(this.#unread(), this.settings.page ?? PAGE))
      await this.#write(on, page, 'arriving');
    // One that was interrupted after these passes goes on behind them: of a circle, nobody waits who would now be first.
    const isBehind = await on.read((reading) => isAnyPartly(reading, this.run.id));
    const passes = isBehind ? 0 : PASSES;
    for (let pass = 1; pass <= passes && (await this.#passOver(on, 'arriving', pass % 2 === 0)); pass += 1);
    for (let pass = 1; pass <= PASSES && (await this.#passOver(on, 'without', false)); pass += 1);
    await this.#passOver(on, 'end', false);
    await this.#lookForDisappeared(on);
  }

  /** Looks for what earlier imports met and this one did not, in collections of which it met anything. */
  async #lookForDisappeared(on: Writing): Promise<void> {
    const { run } = this;
    const collections = await on.read((reading) => collectionsMet(reading, run));
    if (collections === undefined) return;
    let disappeared: NonNullable<Tally['disappeared']> = { count: 0, listed: [] };
    let after: Awaited<ReturnType<typeof disappearedFrom>>['next'];
    do {
      const from = after;
      const { gone, next } = await on.step((writer) => disappearedFrom(writer, run, collections, from));
      disappeared = listedWith(disappeared, gone);
      after = next;
    } while (after !== undefined);
    this.tally = { ...this.tally, disappeared };
  }

  /** What of the input has not been gone through before. */
  async *#unread(): AsyncGenerator<Placed> {
    const skip = this.tally.read;
    const { total: whole } = this.#source;
    let position = 0;
    for await (const read of this.#source.read((done) => this.settings.onProgress?.(done, whole))) {
      // A page may take long to fill, where records come from far away.
      if (this.settings.signal?.aborted) throw new Stopped();
      position += 1;
      if (position > skip) yield { read, position };
    }
  }

  /** Goes over the records that wait; says whether fewer wait now. */
  async #passOver(on: Writing, phase: Phase, backwards: boolean): Promise<boolean> {
    const waiting = new Map<number, Pending>();
    const { run } = this;
    const unwritten = phase !== 'end';
    async function* reads(): AsyncGenerator<Placed> {
      let after: number | undefined;
      for (;;) {
        const page = { after, most: WAITING, backwards, unwritten };
        const found = await on.read((reading) => readPending(reading, run.id, page));
        for (const pending of found) {
          waiting.set(pending.position, pending);
          yield { read: pending.record, position: pending.position };
        }
        if (found.length < WAITING) return;
        after = found.at(-1)?.position;
      }
    }
    let moved = false;
    for await (const read of pagesOf(reads(), this.settings.page ?? PAGE)) {
      const page = { ...read, items: read.items.filter(({ position }) => waiting.has(position)) };
      const { waiting: left } = await this.#write(on, page, phase, waiting);
      moved ||= left.length < page.items.length;
      for (const { position } of page.items) waiting.delete(position);
    }
    return moved;
  }

  /** Writes a page, and with it how far the import has come. */
  async #write(on: Writing, page: Page, phase: Phase, waiting?: Map<number, Pending>): Promise<Outcome> {
    if (this.settings.signal?.aborted) throw new Stopped();
    const aside = new Map<Checked, Fault>();
    for (;;) {
      let found: Outcome | undefined;
      try {
        const { outcome, more, superseded } = await on.step(async (writer) => {
          if (!on.single) await holdClaim(writer, this.run);
          found = await writePage(writer, this.run.id, page.items, phase, aside);
          return this.#kept(writer, on, page, found, phase, waiting);
        });
        for (const { position } of superseded) waiting?.delete(position);
        return this.#told(outcome, more);
      } catch (error) {
        if (!(error instanceof Outside) || found === undefined) throw error;
        const refused = error.ids.flatMap((id) => found?.ids.get(id) ?? []);
        if (refused.length === 0) throw error;
        for (const item of refused) aside.set(item, OUTSIDE);
        // What it has written stays in a transaction that goes on; it is undone as a whole.
        if (on.single) return this.#refused(waiting ? this.tally.read : page.position, page, found, aside);
      }
    }
  }

  /** Keeps what waits, and the row of the run, in the transaction of the page. */
  async #kept(
    writer: Writer,
    on: Writing,
    { items, failed, leftOut, position }: Page,
    outcome: Outcome,
    phase: Phase,
    waiting: ReadonlyMap<number, Pending> | undefined,
  ): Promise<{ outcome: Outcome; more: Added; superseded: readonly Superseded[] }> {
    const { id } = this.run;
    if (!waiting) await noteMet(writer, this.run, outcome.ids, failed);
    await noteAliases(writer, id, outcome.aliases);
    const stays = new Set(outcome.waiting);
    const partly = phase === 'without' ? outcome.partly : new Set<Checked>();
    const did = new Map(outcome.written.map((one) => [one.item, one.did]));
    // At the end all come in the order of the input.
    const stands = phase === 'end' ? [] : [...did.keys()].filter((one) => !one.onlyIfNew && !partly.has(one));
    const superseded = await supersede(writer, id, stands);
    for (const item of items) {
      if (!waiting) {
        if (stays.has(item)) await addPending(writer, id, item);
      } else if (partly.has(item)) await notePending(writer, id, item.position, did.get(item) ?? 'unchanged');
      else if (!stays.has(item)) await dropPending(writer, id, item.position);
    }
    const all = { ...outcome, leftOut, failed: [...failed, ...outcome.failed] };
    const more: Added = {
      read: waiting ? this.tally.read : position,
      did: [
        ...countsOf(all),
        ...superseded
          .filter(({ did, waits }) => did === null && !waits)
          .map(({ kind }) => ({ kind, to: 'skipped' as const })),
        ...recounted(items, did, stays, waiting),
      ],
      failures: failuresOf(all.failed),
      lost: lostOf(outcome.unresolved.filter(({ item }) => !partly.has(item))),
      leftOut: notedOf(leftOut),
      jurisdictions: outcome.jurisdictions,
    };
    if (!on.single) await saveRun(writer, this.run, 'running', added(this.tally, more));
    return { outcome, more, superseded };
  }

  #told(outcome: Outcome, more: Added): Outcome {
    this.tally = added(this.tally, more);
    if (more.failures.length > 0) this.settings.onFailures?.(more.failures);
    if (more.lost.length > 0) this.settings.onLost?.(more.lost);
    if (more.leftOut.length > 0) this.settings.onLeftOut?.(more.leftOut);
    return outcome;
  }

  /** Counts a page of which some records may not be written, where all is one transaction that will be undone. */
  #refused(read: number, page: Page, outcome: Outcome, aside: ReadonlyMap<Checked, Fault>): Outcome {
    const refused = [...aside].map(([{ kind, place }, fault]) => ({
      kind: kind.name,
      place,
      faults: [fault],
    }));
    const all = {
      ...outcome,
      written: outcome.written.filter(({ item }) => !aside.has(item)),
      leftOut: page.leftOut,
      failed: [...page.failed, ...outcome.failed, ...refused],
    };
    return this.#told(all, {
      read,
      did: countsOf(all),
      failures: failuresOf(all.failed),
      lost: [],
      leftOut: notedOf(page.leftOut),
      jurisdictions: outcome.jurisdictions,
    });
  }
}

const OUTSIDE: Fault = {
  pointer: '/record',
  message: 'does not belong to the jurisdictions of the key, or not to them alone',
  expected: 'what belongs to the jurisdictions that the key is limited to',
};

/**
 * What was counted when a record was first written, and stands: taking back what the second time adds, or what was
 * counted first where the second time failed.
 */
function recounted(
  items: readonly Checked[],
  written: ReadonlyMap<Checked, Did>,
  stays: ReadonlySet<Checked>,
  waiting: ReadonlyMap<number, Pending> | undefined,
): Added['did'] {
  if (!waiting) return [];
  return items.flatMap((item) => {
    const first = waiting.get(item.position)?.did;
    if (first == null || stays.has(item)) return [];
    const did = written.get(item);
    return { kind: item.kind.name, to: did === undefined || first === 'unchanged' ? first : did, by: -1 };
  });
}
