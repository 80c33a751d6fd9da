/** What is known of a page's records and of those they mention: a few statements for each kind among them. */
import { kindsOf } from '../../engine/batch-plan.ts';
import { survivorsAmong } from '../../engine/redirects.ts';
import { type Known as Found, isId, lookUp } from '../../engine/references.ts';
import { identified } from '../../engine/taken.ts';
import type { Writer } from '../../engine/writer.ts';
import { kindNamed } from '../../model/kinds.ts';
import type { Checked } from './check.ts';
import { readAliases } from './pending.ts';

/** Records of one kind. */
interface OfKind {
  /** Who has an identifier, by `scheme:identifier`. */
  readonly holders: ReadonlyMap<string, string>;
  /** Records there are, by id and slug as they were asked for. */
  readonly found: ReadonlyMap<string, Found>;
  /** What merged records were merged into, by id. */
  readonly survivors: ReadonlyMap<string, string>;
  /** Records there are under other ids than those which the input gives them, by the latter. */
  readonly aliases: ReadonlyMap<string, string>;
}

export interface Known {
  readonly of: (kind: string) => OfKind;
  /** The kind of a record that has this id, whatever its kind. */
  readonly kindOf: (id: string) => string | undefined;
}

/** Looks up a page of a run. */
export async function lookUpAll(writer: Writer, run: string, items: readonly Checked[]): Promise<Known> {
  const names = new Map<string, Set<string>>();
  const ids = new Map<string, Set<string>>();
  const add = (to: Map<string, Set<string>>, kind: string, name: string) => {
    const set = to.get(kind) ?? new Set();
    to.set(kind, set.add(name));
  };
  for (const item of items) {
    const { kind, newId, references, called } = item;
    for (const name of item.names) add(names, kind.name, name);
    add(ids, kind.name, newId);
    for (const { to, value } of references) {
      const text = String(value);
      const name = called.get(text);
      if (name !== undefined) add(names, to, name);
      add(ids, to, isId(text) ? text.toLowerCase() : text);
    }
  }
  const here = new Set(items.map(({ newId }) => newId));
  const found = new Map<string, OfKind>();
  for (const kind of new Set([...names.keys(), ...ids.keys()])) {
    const asked = { names: [...(names.get(kind) ?? [])], ids: [...(ids.get(kind) ?? [])] };
    found.set(kind, await lookUpKind(writer, run, kind, asked, here));
  }
  const kindOf = await kindsOf(
    writer,
    items.map(({ given }) => given),
  );
  return { of: (kind) => found.get(kind) as OfKind, kindOf: (id) => kindOf.get(id) };
}

async function lookUpKind(
  writer: Writer,
  run: string,
  name: string,
  { names, ids }: { readonly names: readonly string[]; readonly ids: readonly string[] },
  here: ReadonlySet<string>,
): Promise<OfKind> {
  const kind = kindNamed(name);
  const { session, engine } = writer;
  const holders = new Map(
    (await identified(writer, kind, names)).map(({ name: held, record_id }) => [held, record_id]),
  );
  const asked = [...new Set([...ids, ...holders.values()])];
  const found = await lookUp(session, engine.db, kind, asked);
  // What the page itself has is found in it.
  const unknown = ids.filter((id) => isId(id) && !found.has(id) && !here.has(id));
  const aliases = await readAliases(writer, run, unknown);
  if (aliases.size > 0)
    for (const [id, one] of await lookUp(session, engine.db, kind, [...new Set(aliases.values())]))
      found.set(id, one);
  return { holders, found, survivors: await survivorsAmong(writer, found), aliases };
}
