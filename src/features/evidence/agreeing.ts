/** Whether what a source says of a field is what a record holds, or what another source says. */
import { isDeepStrictEqual } from 'node:util';
import type { Field, Kind } from '../../model/declare.ts';
import { wordsOf } from '../wording.ts';

/** The field a JSON Pointer leads to: of the kind itself, or of the items of its list or object. */
export function fieldAt(kind: Kind, pointer: string): Field | undefined {
  const [name = '', ...rest] = partsOf(pointer);
  const field = kind.fields[name];
  const member = rest.find((part) => field?.items && part in field.items);
  return member === undefined ? field : field?.items?.[member];
}

/** The value a JSON Pointer leads to; undefined where there is none. The empty pointer leads to none. */
export function valueAt(record: Readonly<Record<string, unknown>>, pointer: string): unknown {
  if (pointer === '') return undefined;
  return partsOf(pointer).reduce<unknown>(
    (value, part) => (value !== null && typeof value === 'object' ? Reflect.get(value, part) : undefined),
    record,
  );
}

/** The reference tokens of a JSON Pointer (RFC 6901). */
export function partsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Whether two values of a field say the same: texts by their words (case, marks and punctuation aside), dates where
 * the vaguer takes in the other, a list where it holds all of the other's items. Symmetric, except for lists.
 */
export function saysSame(field: Field | undefined, held: unknown, said: unknown): boolean {
  if (Array.isArray(held)) {
    const items = Array.isArray(said) ? said : [said];
    return items.every((item) => held.some((one) => saysSame(field, one, item)));
  }
  if (typeof held === 'string' && typeof said === 'string') {
    if (field?.filter === 'date') return held.startsWith(said) || said.startsWith(held);
    const [left, right] = [wordsOf(held), wordsOf(said)];
    return left.length + right.length === 0 ? held === said : left.join(' ') === right.join(' ');
  }
  return isDeepStrictEqual(held, said);
}

/**
 * Whether two values of a field are one and the same: dates as exact as each other, lists with the same items, texts
 * with the same words. Unlike `saysSame` it holds for all values of a group when it holds for one of them.
 */
export function isSameValue(field: Field | undefined, one: unknown, other: unknown): boolean {
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (field?.filter === 'date' && !Array.isArray(one)) return one === other;
  return saysSame(field, one, other) && saysSame(field, other, one);
}
