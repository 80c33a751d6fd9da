/** From what a client sends to the whole content of a record: initial values, and ids in place of slugs. */
import type { Fault } from '../errors.ts';
import { type Field, type Kind, writableFields } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import type { Reading } from './belonging.ts';
import { survivorsAmong } from './redirects.ts';
import { type Known, lookUp } from './references.ts';

export type Content = Record<string, unknown>;

/** What clients write of a record, every field present. */
export function wholeContent(kind: Kind, body: Content): Content {
  return Object.fromEntries(writableFields(kind).map(([name, field]) => [name, filled(field, body[name])]));
}

/** What clients can write of a record, as they would send it. */
export function writable(kind: Kind, record: Content): Content {
  const names = [...(kind.slugFrom ? ['slug'] : []), ...writableFields(kind).map(([name]) => name)];
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

/** A value with everything optional made explicit: initial values, and nulls in objects. */
function filled(field: Field, value: unknown): unknown {
  if (value === undefined || value === null) return field.initial;
  if (field.items === undefined) return value;
  const items = Object.entries(field.items);
  const whole = (item: Content, at: number) =>
    Object.fromEntries(
      items.map(([name, part]) => [
        name,
        name === 'position' ? (item[name] ?? at + 1) : (item[name] ?? part.initial),
      ]),
    );
  return Array.isArray(value) ? value.map(whole) : whole(value as Content, 0);
}

export interface Mention {
  readonly pointer: string;
  readonly to: string;
  readonly name: string;
  readonly put: (id: string) => void;
}

/** Every place of a record that mentions another record. */
export function mentions(kind: Kind, content: Content): Mention[] {
  return writableFields(kind).flatMap(([name, field]) => {
    const value = content[name];
    if (value === null) return [];
    const to = field.kindField ? String(content[field.kindField]) : field.to;
    if (to && Array.isArray(value)) {
      return value.map((one, at) => ({
        pointer: `/${name}/${at}`,
        to,
        name: one,
        put: (id: string) => (value[at] = id),
      }));
    }
    if (to)
      return [{ pointer: `/${name}`, to, name: String(value), put: (id: string) => (content[name] = id) }];
    if (!field.items || !Array.isArray(value)) return [];
    return value.flatMap((item: Content, at) =>
      Object.entries(field.items ?? {}).flatMap(([part, { to: target }]) => {
        if (!target || item[part] === null) return [];
        const put = (id: string) => (item[part] = id);
        return [{ pointer: `/${name}/${at}/${part}`, to: target, name: String(item[part]), put }];
      }),
    );
  });
}

/** How the mentions of a record are understood. */
export interface Understanding {
  /** Records that the same transaction is about to write, which nothing knows of yet. */
  readonly planned?: Planned;
  /** Whether what was merged into another record stands for that; otherwise it is a fault. */
  readonly follow?: boolean;
}

/** The id of a record of a kind that is about to be written, by its id or slug. */
export type Planned = (kind: string, name: string) => string | undefined;

/** The record with ids in place of slugs, and a fault for each mention of what does not exist or was deleted. */
export async function withIds(
  reading: Reading,
  kind: Kind,
  given: Content,
  { planned, follow = false }: Understanding = {},
): Promise<{ content: Content; faults: Fault[] }> {
  const content = withOwnLists(kind, given);
  const faults: Fault[] = [];
  const unknown = mentions(kind, content).filter(({ to, name, put }) => {
    const id = planned?.(to, name);
    if (id !== undefined) put(id);
    return id === undefined;
  });
  for (const [to, mentioned] of Map.groupBy(unknown, (mention) => mention.to)) {
    const named = mentioned.map(({ name }) => name);
    const known = await lookUp(reading.session, reading.engine.db, kindNamed(to), named);
    const survivors = await survivorsAmong(reading, known);
    for (const { pointer, name, put } of mentioned) {
      const found = known.get(name);
      const survivor = found && survivors.get(found.id);
      if (found && !found.deleted) put(found.id);
      else if (survivor && follow) put(survivor);
      else faults.push(missing(pointer, to.replaceAll('_', ' '), name, found, survivor));
    }
  }
  for (const [name, field] of writableFields(kind)) {
    if (field.type !== 'references') continue;
    const value = content[name] as string[];
    const once = [...new Set(value)];
    if (follow) content[name] = once;
    else if (once.length < value.length) {
      faults.push({
        pointer: `/${name}`,
        message: 'names the same record twice',
        expected: 'each record once',
      });
    }
  }
  return { content, faults };
}

/** A copy whose references can be replaced without the original's changing. */
function withOwnLists(kind: Kind, given: Content): Content {
  const copy = { ...given };
  for (const [name, { to, kindField, items }] of writableFields(kind)) {
    const value = copy[name];
    if (!Array.isArray(value) || !(to || kindField || items)) continue;
    copy[name] = items ? value.map((item: Content) => ({ ...item })) : [...value];
  }
  return copy;
}

function missing(
  pointer: string,
  noun: string,
  got: string,
  found: Known | undefined,
  survivor: string | undefined,
): Fault {
  if (survivor)
    return { pointer, message: `the ${noun} '${got}' was merged into ${survivor}`, expected: survivor, got };
  const message = found ? `the ${noun} '${got}' was deleted` : `there is no ${noun} '${got}'`;
  return { pointer, message, expected: `the id or slug of a ${noun} that exists`, got };
}
