/** Writing the records of a page: each after those it mentions, and each failing alone. */
import { type Did, faultsIn } from '../../engine/batch.ts';
import { type Content, writable } from '../../engine/content.ts';
import { type Identifier, identifierName } from '../../engine/rows.ts';
import { readStored, type Stored } from '../../engine/store.ts';
import { create, type Plan, replace } from '../../engine/write.ts';
import type { Writer } from '../../engine/writer.ts';
import type { Fault } from '../../errors.ts';
import type { Checked, Failed } from './check.ts';
import { inRecord } from './check.ts';
import { type Known, lookUpAll } from './known.ts';
import { type Alias, readPartly } from './pending.ts';
import { type Reference, withReferences } from './references.ts';
import { meant, type Named, namedIn, type Target, targetOf } from './targets.ts';

/**
 * What becomes of a record that mentions something which is not there: while the input is `arriving` it waits; `without`
 * writes it without what it can be without, for now; at the `end` it is written so for good, or fails. In a circle all
 * are written without one another first and then, at the end, with one another in the order of the input: where the
 * circle may not be closed, the last of it fails, however the input was cut into pages.
 */
export type Phase = 'arriving' | 'without' | 'end';

/** A reference that leads nowhere. */
export interface Unresolved {
  readonly item: Checked;
  readonly id: string;
  readonly pointer: string;
  readonly to: string;
  readonly name: string;
}

/** What became of a page. */
export interface Outcome {
  readonly written: readonly { readonly item: Checked; readonly did: Did }[];
  /** Those that were deleted, or merged into others. */
  readonly skipped: readonly Checked[];
  /** Those that wait for what they mention. */
  readonly waiting: readonly Checked[];
  /** Those that were written without some of what they mention. */
  readonly partly: ReadonlySet<Checked>;
  readonly unresolved: readonly Unresolved[];
  readonly failed: readonly Failed[];
  /** Places that the records name as theirs. */
  readonly jurisdictions: readonly string[];
  /** The ids of the records. */
  readonly ids: ReadonlyMap<string, Checked>;
  /** Records that are here under other ids than they were given. */
  readonly aliases: readonly Alias[];
}

/** Writes a page of a run; `aside` are records that are not to be written, with why not: they wait, or fail at the end. */
export async function writePage(
  writer: Writer,
  run: string,
  items: readonly Checked[],
  phase: Phase,
  aside: ReadonlyMap<Checked, Fault>,
): Promise<Outcome> {
  const known = await lookUpAll(writer, run, items);
  const targets = items.map((item) => targetOf(item, known));
  const named = namedIn(targets);
  const page: InPage = { known, named, written: new Map(), partly: new Set() };
  if (phase === 'without')
    for (const id of await readPartly(writer, run, mentionedIds(targets, page))) page.partly.add(id);
  const [skipped, waiting, failed]: [Checked[], Checked[], Failed[]] = [[], [], []];
  const partly = new Set<Checked>();
  const unresolved: Unresolved[] = [];
  const jurisdictions = new Set<string>();
  const fail = ({ kind, place }: Checked, faults: readonly Fault[]) =>
    failed.push({ kind: kind.name, place, faults });

  for (const target of inOrder(targets, known, named)) {
    const { item, state, faults } = target;
    const why = aside.get(item);
    if (faults.length > 0)
      fail(
        item,
        faults.map((fault) => (fault.pointer === '/id' ? fault : (inRecord([fault])[0] as Fault))),
      );
    else if (state === 'gone') skipped.push(item);
    else if (why && phase === 'end') fail(item, [why]);
    else if (why) waiting.push(item);
    else if (state === 'there' && item.onlyIfNew) {
      page.written.set(target, 'unchanged');
      for (const place of placesIn(target, {})) jurisdictions.add(place);
    } else {
      const fate = await fateOf(writer, target, page, phase);
      if (fate === 'waits') {
        waiting.push(item);
        continue;
      }
      if ('faults' in fate) {
        fail(item, fate.faults);
        continue;
      }
      const { did, body, missing } = fate;
      page.written.set(target, did);
      if (missing.length > 0) {
        partly.add(item);
        if (phase === 'without') page.partly.add(target.id);
      }
      for (const { pointer, to, value } of missing)
        unresolved.push({ item, id: target.id, pointer, to, name: calledIn(item, value) });
      for (const place of placesIn(target, body)) jurisdictions.add(place);
    }
  }
  return {
    written: [...page.written].map(([{ item }, did]) => ({ item, did })),
    skipped,
    waiting,
    partly,
    unresolved,
    failed,
    jurisdictions: [...jurisdictions],
    ids: new Map(targets.map(({ id, item }) => [id, item])),
    aliases: targets.filter(
      ({ id, item, state }) => item.given !== undefined && id !== item.given && state === 'there',
    ),
  };
}

/** What becomes of a record that may be written: how it was, with what, and what of it is not there; or why it was not. */
type Fate =
  | { readonly did: Did; readonly body: Content; readonly missing: readonly Reference[] }
  | { readonly faults: readonly Fault[] }
  | 'waits';

async function fateOf(writer: Writer, target: Target, page: InPage, phase: Phase): Promise<Fate> {
  const { item, state } = target;
  const { body, ids, missing } = resolved(target, page);
  const needed = missing.filter(({ required }) => required);
  // Nobody waits for one that is there: it keeps what it mentions, which may be what it is to mention at the end.
  const cannot = phase === 'arriving' || (phase === 'without' && (needed.length > 0 || state === 'there'));
  if (missing.length > 0 && cannot) return 'waits';
  if (needed.length > 0) return { faults: needed.map((reference) => missingFault(reference, item)) };
  const plan = planFor(ids, target, page);
  const did = await written(writer, target, body, plan);
  if (typeof did === 'string') return { did, body, missing };
  if (phase === 'end' && state === 'there') await writeWithout(writer, target, body, did.faults, plan);
  if (phase !== 'without' || missing.length === 0) return did;
  // It cannot be without some of what is missing: what is there already is given to it now.
  const all = resolved(target, { ...page, partly: new Set() });
  if (all.missing.length === missing.length) return 'waits';
  const done = await written(writer, target, all.body, planFor(all.ids, target, page));
  return typeof done === 'string' ? { did: done, body: all.body, missing: all.missing } : 'waits';
}

/** Writes a record; returns what was done, or what is wrong with it. */
async function written(
  writer: Writer,
  target: Target,
  body: Content,
  plan: Plan,
): Promise<Did | { readonly faults: readonly Fault[] }> {
  try {
    return await write(writer, target, body, plan);
  } catch (error) {
    return { faults: faultsIn(error) };
  }
}

/** What is known while a page is written. */
interface InPage {
  readonly known: Known;
  readonly named: Named;
  readonly written: Map<Target, Did>;
  /** Ids of records that were written without some of what they mention, for now. */
  readonly partly: Set<string>;
}

/** Ids of records there are that a page mentions and can be without. */
function mentionedIds(targets: readonly Target[], { known, named }: InPage): string[] {
  const ids = new Set<string>();
  for (const { item } of targets) {
    for (const reference of item.references) {
      const found = reference.required ? undefined : meant(reference, item, known, named);
      if (typeof found === 'string') ids.add(found);
    }
  }
  return [...ids];
}

/** Writes a record that may not be written with all that it mentions with the rest of it. */
async function writeWithout(
  writer: Writer,
  target: Target,
  body: Content,
  faults: readonly Fault[],
  plan: Plan,
): Promise<void> {
  const { item } = target;
  const wrong = new Set(faults.map(({ pointer }) => pointer));
  const left = withReferences(item.kind, body, ({ pointer, value, required }) =>
    !required && wrong.has(`/record${pointer}`) ? null : value,
  );
  // What is still wrong leaves it as it was written before, and has been told of.
  await written(writer, target, left, plan);
}

async function write(writer: Writer, { item, id, state }: Target, body: Content, plan: Plan): Promise<Did> {
  const { kind } = item;
  if (state === 'new') {
    await create(writer, kind, body, id, plan);
    return 'created';
  }
  const stored = (await readStored(writer, kind, id)) as Stored;
  const { version } = await replace(writer, kind, stored, added(item, stored.record, body), plan);
  return version === stored.record.version ? 'unchanged' : 'updated';
}

/**
 * What an input says of a record there is, laid over what is known: a field that it leaves out stays as it is (null
 * empties it), and names in other systems are added to those there are, which other inputs find the record by.
 */
function added({ kind, yields }: Checked, record: Content, body: Content): Content {
  const own = (record.identifiers ?? []) as Identifier[];
  const known = new Set(own.map(identifierName));
  const more = ((body.identifiers ?? []) as Identifier[]).filter((one) => !known.has(identifierName(one)));
  const stays = (name: string) => yields.includes(name) && record[name] != null;
  const given = Object.entries(body).filter(([name, value]) => value !== undefined && !stays(name));
  return { ...writable(kind, record), ...Object.fromEntries(given), identifiers: [...own, ...more] };
}

/** References have been looked up already; slugs that others of the page ask for are theirs. */
function planFor(
  ids: ReadonlySet<string>,
  { item: { kind }, id }: Target,
  { named, known }: Pick<InPage, 'named' | 'known'>,
): Plan {
  const { holders } = known.of(kind.name);
  return {
    planned: (_, name) => (ids.has(name) ? name : undefined),
    // No two of a page have one, so that nobody has taken it meanwhile.
    free: (name) => (holders.get(name) ?? id) === id,
    reserved: (slug) => (named.get(`${kind.name} ${slug}`)?.id ?? id) !== id,
  };
}

/** The body with the ids of what it mentions, and what of that is not there. */
function resolved(
  target: Target,
  page: InPage,
): { readonly body: Content; readonly ids: ReadonlySet<string>; readonly missing: readonly Reference[] } {
  const { item } = target;
  const missing: Reference[] = [];
  const ids = new Set<string>();
  let other = false;
  for (const reference of item.references) {
    const id = idOf(reference, target, page);
    other ||= id !== reference.value;
    if (id !== undefined) ids.add(id);
  }
  // Most records mention others by the very ids they have.
  if (!other) return { body: item.body, ids, missing };
  const body = withReferences(item.kind, item.body, (reference) => {
    const id = idOf(reference, target, page);
    if (id === undefined) {
      missing.push(reference);
      return null;
    }
    ids.add(id);
    return id;
  });
  return { body, ids, missing };
}

/** The id of what a reference stands for, as far as it is there by now; a record that mentions itself is. */
function idOf(
  reference: Reference,
  target: Target,
  { known, named, written, partly }: InPage,
): string | undefined {
  const found = meant(reference, target.item, known, named);
  const id =
    typeof found === 'object' ? (found === target || written.has(found) ? found.id : undefined) : found;
  return id !== undefined && !reference.required && id !== target.id && partly.has(id) ? undefined : id;
}

/** Records of a page that others mention come before those; in a circle, whichever comes first. */
function* inOrder(targets: readonly Target[], known: Known, named: Named): Generator<Target> {
  const entered = new Set<Target>();
  const done = new Set<Target>();
  // A stack of its own, as a page may be one long chain.
  for (const start of targets) {
    const stack = [start];
    for (let one = stack.at(-1); one !== undefined; one = stack.at(-1)) {
      const next = entered.has(one) ? [] : mentionedBy(one, known, named);
      entered.add(one);
      const open = next.filter((other) => !entered.has(other));
      if (open.length > 0) stack.push(...open.reverse());
      else {
        stack.pop();
        if (!done.has(one)) yield one;
        done.add(one);
      }
    }
  }
}

function mentionedBy({ item }: Target, known: Known, named: Named): Target[] {
  const mentioned = new Set<Target>();
  for (const reference of item.references) {
    const found = meant(reference, item, known, named);
    if (typeof found === 'object' && found.item !== item) mentioned.add(found);
  }
  return [...mentioned];
}

const calledIn = ({ called }: Checked, value: unknown) => called.get(String(value)) ?? String(value);

function missingFault({ pointer, to, value }: Reference, item: Checked): Fault {
  const [noun, name] = [to.replaceAll('_', ' '), calledIn(item, value)];
  return {
    pointer: `/record${pointer}`,
    message: `there is no ${noun} '${name}', here or in the input`,
    expected: `a ${noun} that exists, by id, slug or identifier`,
    got: name,
  };
}

function* placesIn({ item: { kind }, id }: Target, { jurisdiction_id }: Content): Generator<string> {
  if (kind.name === 'jurisdiction') yield id;
  else if (kind.fields.jurisdiction_id && typeof jurisdiction_id === 'string') yield jurisdiction_id;
}
