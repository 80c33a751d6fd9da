/** The validators: a strict one that takes bodies at their word, and one that coerces the texts of an address. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Fault } from '../errors.ts';
import { formats } from './formats.ts';
import { hint, nearest } from './nearest.ts';

function makeAjv(coerce: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    // The schemas are made by our own code, and a test checks them; checking at every start takes seconds.
    validateSchema: false,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    verbose: true,
    // A validator is made while a first request waits for it: tidying its code takes two fifths of that.
    code: { optimize: false },
    coerceTypes: coerce,
    useDefaults: coerce,
    keywords: ['x-reference', 'x-expected', 'example', 'discriminator'],
  });
  addFormats.default(ajv, ['uuid', 'date-time', 'uri']);
  for (const [name, { validate }] of Object.entries(formats)) ajv.addFormat(name, validate);
  return ajv;
}

/** Where in a request a schema applies. */
export type Part = 'body' | 'querystring' | 'params' | 'headers';

/** Makes the validators of one app; `schemas` are the shared ones, each with its `$id`. Nothing is compiled before it is used, nor the same schema twice. */
export function makeValidators(schemas: readonly object[]): (part: Part, schema: object) => ValidateFunction {
  const made = new Map<boolean, Ajv2020>();
  const ajvFor = (coerce: boolean) => {
    const known = made.get(coerce);
    if (known) return known;
    const ajv = makeAjv(coerce);
    if (!coerce) for (const schema of schemas) ajv.addSchema(schema);
    made.set(coerce, ajv);
    return ajv;
  };
  return (part, schema) => ajvFor(part !== 'body').compile(schema);
}

/** Turns a validator's errors into faults that name the place, what would be right and what was sent. */
export function faultsOf(errors: readonly ErrorObject[], part: Part): Fault[] {
  // A value of the wrong type breaks other rules too; one fault for a place says enough.
  const typesFirst = [...errors].sort((a, b) => Number(b.keyword === 'type') - Number(a.keyword === 'type'));
  const told = new Map<string, Fault>();
  for (const error of typesFirst) {
    const place = placeOf(error);
    if (!told.has(place)) told.set(place, faultOf(error, part));
  }
  return [...new Set(errors.map(placeOf))].flatMap((place) => told.get(place) ?? []);
}

/** JSON Pointer to what is wrong: to a missing or unknown member itself, rather than to its object. */
function placeOf({ keyword, params, instancePath }: ErrorObject): string {
  const member = keyword === 'additionalProperties' ? params.additionalProperty : undefined;
  const name = keyword === 'required' ? params.missingProperty : member;
  if (name === undefined) return instancePath;
  return `${instancePath}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function faultOf(error: ErrorObject, part: Part): Fault {
  const { message, expected, got } = describe(error, part);
  const place = placeOf(error);
  const where =
    part === 'body'
      ? { pointer: place }
      : part === 'headers'
        ? { header: place.split('/')[1] ?? '' }
        : { parameter: place.split('/')[1] ?? '' };
  return {
    ...where,
    message,
    ...(expected ? { expected } : {}),
    ...(got === undefined ? {} : { got: shown(got) }),
  };
}

interface Described {
  message: string;
  expected?: string;
  got?: unknown;
}

function describe(error: ErrorObject, part: Part): Described {
  const { keyword, params, data, parentSchema } = error;
  const noun = part === 'body' ? 'field' : 'parameter';
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const known = Object.keys((parentSchema as { properties?: object }).properties ?? {});
      const near = nearest(name, known);
      return {
        message: `unknown ${noun} '${name}'${hint(name, known)}`,
        expected: near ? `'${near}'` : known.length > 0 ? `one of ${known.join(', ')}` : `no ${noun} at all`,
        got: name,
      };
    }
    case 'required':
      return {
        message: `the ${noun} '${params.missingProperty}' is required`,
        expected: expectation(
          (parentSchema as { properties?: Record<string, object> }).properties?.[params.missingProperty],
        ),
      };
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).filter((word) => word !== null).map(String);
      return {
        message: `is not one of the allowed values${typeof data === 'string' ? hint(data, allowed) : ''}`,
        expected: `one of ${allowed.join(', ')}`,
        got: data,
      };
    }
    case 'const':
      return {
        message: `must be ${JSON.stringify(params.allowedValue)}`,
        expected: JSON.stringify(params.allowedValue),
        got: data,
      };
    case 'format':
      return {
        message: 'is not in the right format',
        expected: formats[params.format]?.expected ?? params.format,
        got: data,
      };
    case 'pattern':
      return {
        message: 'does not have the right form',
        expected: expectation(parentSchema) ?? `a text that matches ${params.pattern}`,
        got: data,
      };
    case 'type':
      return {
        message: `must be ${[params.type].flat().join(' or ')}`,
        expected: expectation(parentSchema) ?? [params.type].flat().join(' or '),
        got: data,
      };
    case 'minimum':
    case 'maximum': {
      const { minimum, maximum } = parentSchema as { minimum?: number; maximum?: number };
      return {
        message: keyword === 'minimum' ? 'is too small' : 'is too large',
        expected: `a number ${bounds(minimum, maximum)}`,
        got: data,
      };
    }
    case 'minLength':
    case 'maxLength': {
      const { minLength, maxLength } = parentSchema as { minLength?: number; maxLength?: number };
      return {
        message: keyword === 'minLength' ? 'is too short' : 'is too long',
        expected:
          (parentSchema as { 'x-expected'?: string })['x-expected'] ??
          `a text of ${minLength ?? 0} to ${maxLength} characters`,
        got: data,
      };
    }
    case 'maxItems':
      return { message: 'has too many items', expected: `at most ${params.limit} items` };
    case 'uniqueItems':
      return { message: `has the same item at ${params.j} and ${params.i}`, expected: 'each item once' };
    default:
      return { message: error.message ?? 'is not valid', got: data };
  }
}

function bounds(least: number | undefined, most: number | undefined): string {
  if (least === undefined) return `of at most ${most}`;
  return most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
}

/** What a schema wants, in words. */
function expectation(schema: object | undefined): string | undefined {
  const wanted = schema as
    | {
        'x-expected'?: string;
        'x-reference'?: string;
        format?: string;
        enum?: unknown[];
        type?: string | string[];
      }
    | undefined;
  if (wanted === undefined) return undefined;
  if (wanted['x-expected']) return wanted['x-expected'];
  if (wanted['x-reference'])
    return `the id or slug of a ${wanted['x-reference'] === '*' ? 'record' : wanted['x-reference'].replaceAll('_', ' ')}`;
  if (wanted.format) return formats[wanted.format]?.expected ?? wanted.format;
  if (wanted.enum) return `one of ${wanted.enum.filter((word) => word !== null).join(', ')}`;
  return wanted.type === undefined ? undefined : [wanted.type].flat().join(' or ');
}

const SHOWN = 200;

/** A value as an error shows it: long ones are abridged. */
function shown(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text !== undefined && text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : value;
}

/** Faults of texts (keys too) that databases would change or refuse: NUL, and lone surrogates. */
export function unstorableTexts(value: unknown, pointer = ''): Fault[] {
  if (typeof value === 'string') {
    if (value.includes('\0'))
      return [{ pointer, message: 'has a NUL character', expected: 'text without U+0000' }];
    if (!value.isWellFormed())
      return [{ pointer, message: 'has a lone surrogate', expected: 'well-formed Unicode text' }];
    return [];
  }
  if (value === null || typeof value !== 'object') return [];
  const entries = Array.isArray(value)
    ? value.map((item, at) => [String(at), item] as const)
    : Object.entries(value);
  return entries.flatMap(([key, item]) => {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [...(Array.isArray(value) ? [] : unstorableTexts(key, pointer)), ...unstorableTexts(item, at)];
  });
}
