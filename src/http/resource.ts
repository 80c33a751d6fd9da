/** What is served under `/v1`: every kind, and the views narrowed from one. */
import { Type } from 'typebox';
import type { Narrowed } from '../engine/read.ts';
import type { Kind } from '../model/declare.ts';
import { kindNamed, kinds, views } from '../model/kinds.ts';

/** A kind as it is served under one path: whole, or narrowed to one value of a field. */
export interface Resource {
  readonly kind: Kind;
  readonly path: string;
  readonly title: string;
  readonly noun: string;
  readonly fixed?: Narrowed;
  readonly example: Readonly<Record<string, unknown>>;
  readonly exampleKey: string;
}

/** Every resource under `/v1`, in the order of the model. */
export const resources: readonly Resource[] = [
  ...kinds.map((kind) => {
    const { path, title, example, exampleKey } = kind;
    return { kind, path, title, noun: kind.name.replaceAll('_', ' '), example, exampleKey };
  }),
  ...views.map(({ path, of, title, field, value, example, exampleKey }) => {
    const fixed = { field, value };
    return { kind: kindNamed(of), path, title, noun: title.toLowerCase(), fixed, example, exampleKey };
  }),
];

/** Path parameters of one record. */
export const identified = (noun: string) =>
  Type.Object(
    { id: Type.String({ minLength: 1, maxLength: 200, description: `Id or slug of the ${noun}.` }) },
    { additionalProperties: false },
  );

/** The article of a noun. */
export const article = (noun: string) => (/^[aeio]/.test(noun) ? 'an' : 'a');
