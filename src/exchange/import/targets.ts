/** Which record each of a page is, and which ones they mention. */

import { isId } from '../../engine/references.ts';
import { severalHolders } from '../../engine/taken.ts';
import type { Fault } from '../../errors.ts';
import type { Checked } from './check.ts';
import type { Known } from './known.ts';
import type { Reference } from './references.ts';

/** A record of the page, and the one in the database that it is or becomes. */
export interface Target {
  readonly item: Checked;
  readonly id: string;
  /** Whether there is one; `gone` where it was deleted, or merged into another. */
  readonly state: 'new' | 'there' | 'gone';
  readonly faults: readonly Fault[];
}

/** Finds what a record is about: whoever has one of its identifiers, else whoever has its id. */
export function targetOf(item: Checked, known: Known): Target {
  const { kind, names, given, newId } = item;
  const { holders, found } = known.of(kind.name);
  const held = names.flatMap((name) => {
    const record_id = holders.get(name);
    return record_id === undefined ? [] : [{ name, record_id }];
  });
  const [holder, another] = new Set(held.map(({ record_id }) => record_id));
  if (another !== undefined) return { item, id: newId, state: 'new', faults: severalHolders(kind, held) };
  // A record that was merged keeps its id, while its identifiers went to the survivor: it is left as it was left.
  const own = found.get(newId);
  const id = own?.deleted ? newId : (holder ?? newId);
  const other = given === undefined || holder !== undefined ? undefined : known.kindOf(given);
  if (other !== undefined && other !== kind.name) {
    const noun = kind.name.replaceAll('_', ' ');
    const message = `is the id of a record of another kind (${other.replaceAll('_', ' ')})`;
    const faults = [{ pointer: '/id', message, expected: `the id of a ${noun}, or a new one`, got: given }];
    return { item, id, state: 'new', faults };
  }
  const there = found.get(id);
  return { item, id, state: there === undefined ? 'new' : there.deleted ? 'gone' : 'there', faults: [] };
}

/** The records of a page by what others may call them. */
export type Named = ReadonlyMap<string, Target>;

export function namedIn(targets: readonly Target[]): Named {
  const named = new Map<string, Target>();
  for (const target of targets) {
    const { kind, names, newId, body } = target.item;
    const calls = [target.id, newId, ...names.map((name) => `=${name}`)];
    if (kind.slugFrom && typeof body.slug === 'string') calls.push(body.slug);
    for (const call of calls) {
      const name = `${kind.name} ${call}`;
      if (!named.has(name)) named.set(name, target);
    }
  }
  return named;
}

/** What a reference stands for: a record there is, one of the page, or nothing so far. */
export function meant(
  { to, value }: Pick<Reference, 'to' | 'value'>,
  item: Checked,
  known: Known,
  named: Named,
): string | Target | undefined {
  const text = String(value);
  const name = isId(text) ? text.toLowerCase() : text;
  const called = item.called.get(text);
  const { holders, found, survivors, aliases } = known.of(to);
  const live = (id: string) => {
    const there = found.get(id);
    const survivor = there && survivors.get(there.id);
    return there && (!there.deleted || survivor) ? (survivor ?? there.id) : undefined;
  };
  const holder = called === undefined ? undefined : holders.get(called);
  const alias = aliases.get(name);
  return (
    live(holder ?? name) ??
    (called === undefined ? undefined : named.get(`${to} =${called}`)) ??
    named.get(`${to} ${name}`) ??
    (alias === undefined ? undefined : live(alias))
  );
}
