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
import type { Alias } from './pending.ts';
import { type Reference, withReferences } from './references.ts';
import { meant, type Named, namedIn, type Target, targetOf } from './targets.ts';

/**
 * What becomes of a record that mentions something which is not there: while the input is `arriving` it waits; `without`
 * writes it without what it can be without, for now; at the `end` it is written so for good, or fails.
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
  const written = new Map<Target, Did>();
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
      written.set(target, 'unchanged');
      for (const place of placesIn(target, {})) jurisdictions.add(place);
    } else {
      const { body, ids, missing } = resolved(target, known, named, written);
      const needed = missing.filter(({ required }) => required);
      if (missing.length > 0 && (phase === 'arriving' || (phase === 'without' && needed.length > 0))) {
        waiting.push(item);
        continue;
      }
      if (needed.length > 0) {
        fail(
          item,
          needed.map((reference) => missingFault(reference, item)),
        );
        continue;
      }
      try {
        written.set(target, await write(writer, target, body, planFor(ids, target, named, known)));
      } catch (error) {
        fail(item, faultsIn(error));
        continue;
      }
      if (missing.length > 0) partly.add(item);
      for (const { pointer, to, value } of missing)
        unresolved.push({ item, id: target.id, pointer, to, name: calledIn(item, value) });
      for (const place of placesIn(target, body)) jurisdictions.add(place);
    }
  }
  return {
    written: [...written].map(([{ item }, did]) => ({ item, did })),
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
function planFor(ids: ReadonlySet<string>, { item: { kind }, id }: Target, named: Named, known: Known): Plan {
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
  { item }: Target,
  known: Known,
  named: Named,
  written: ReadonlyMap<Target, Did>,
): { readonly body: Content; readonly ids: ReadonlySet<string>; readonly missing: readonly Reference[] } {
  const missing: Reference[] = [];
  const ids = new Set<string>();
  let other = false;
  for (const { to, value } of item.references) {
    const found = meant({ to, value }, item, known, named);
    const id = typeof found === 'object' ? (written.has(found) ? found.id : undefined) : found;
    other ||= id !== value;
    if (id !== undefined) ids.add(id);
  }
  // Most records mention others by the very ids they have.
  if (!other) return { body: item.body, ids, missing };
  const body = withReferences(item.kind, item.body, (reference) => {
    const found = meant(reference, item, known, named);
    const id = typeof found === 'object' ? (written.has(found) ? found.id : undefined) : found;
    if (id === undefined) {
      missing.push(reference);
      return null;
    }
    ids.add(id);
    return id;
  });
  return { body, ids, missing };
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
