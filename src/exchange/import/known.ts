/** What is known of a page's records and of those they mention: a few statements for each kind among them. */
import { kindsOf } from '../../engine/batch-plan.ts';
import { survivorsAmong } from '../../engine/redirects.ts';
import { type Known as Found, isId, lookUp } from '../../engine/references.ts';
import { identified } from '../../engine/taken.ts';
import type { Writer } from '../../engine/writer.ts';
import { kindNamed } from '../../model/kinds.ts';
import type { Checked } from './check.ts';

/** Records of one kind. */
interface OfKind {
  /** Who has an identifier, by `scheme:identifier`. */
  readonly holders: ReadonlyMap<string, string>;
  /** Records there are, by id and slug as they were asked for. */
  readonly found: ReadonlyMap<string, Found>;
  /** What merged records were merged into, by id. */
  readonly survivors: ReadonlyMap<string, string>;
}

export interface Known {
  readonly of: (kind: string) => OfKind;
  /** The kind of a record that has this id, whatever its kind. */
  readonly kindOf: (id: string) => string | undefined;
}

/** Looks up a page. */
export async function lookUpAll(writer: Writer, items: readonly Checked[]): Promise<Known> {
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
  const found = new Map<string, OfKind>();
  for (const kind of new Set([...names.keys(), ...ids.keys()]))
    found.set(kind, await lookUpKind(writer, kind, [...(names.get(kind) ?? [])], [...(ids.get(kind) ?? [])]));
  const kindOf = await kindsOf(
    writer,
    items.map(({ given }) => given),
  );
  return { of: (kind) => found.get(kind) as OfKind, kindOf: (id) => kindOf.get(id) };
}

async function lookUpKind(
  writer: Writer,
  name: string,
  names: readonly string[],
  ids: readonly string[],
): Promise<OfKind> {
  const kind = kindNamed(name);
  const holders = new Map(
    (await identified(writer, kind, names)).map(({ name: held, record_id }) => [held, record_id]),
  );
  const asked = [...new Set([...ids, ...holders.values()])];
  const found = await lookUp(writer.session, writer.engine.db, kind, asked);
  return { holders, found, survivors: await survivorsAmong(writer, found) };
}
