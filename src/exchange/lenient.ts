/** Schemas for what others write: types are held to, and what is blank is `''`, null or not there. */
import { type Static, type TSchema, Type } from 'typebox';
import { faultsOf, makeValidators } from '../engine/validate.ts';
import type { Fault } from '../errors.ts';

export const text = Type.String({ minLength: 1 });
export const blank = Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] }));
export const flag = Type.Optional(Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] }));
export const number = Type.Optional(Type.Unsafe<number | null>({ type: ['number', 'null'] }));

/** A list, or none. */
export const list = <T extends TSchema>(items: T) =>
  Type.Optional(Type.Unsafe<Static<T>[] | null>({ type: ['array', 'null'], items }));

/** An object, or none. */
export const part = <T extends TSchema>(schema: T) =>
  Type.Optional(Type.Unsafe<Static<T> | null>({ ...schema, type: ['object', 'null'] }));

/** Words are a list, or one alone. */
export const words = Type.Optional(
  Type.Unsafe<string[] | string | null>({ type: ['array', 'string', 'null'], items: { type: 'string' } }),
);

const compile = makeValidators([]);

/** What is wrong with a value, seen from its beginning; nothing where it is as its schema has it. */
export function faultsIn(schema: TSchema, value: unknown): Fault[] {
  const validate = compile('body', schema);
  return validate(value) ? [] : faultsOf(validate.errors ?? [], 'body');
}
