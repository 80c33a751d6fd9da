/** Reading JSON bodies: UTF-8 only, taken at their word, and refused where reading them would lose something. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { visit } from 'jsonc-parser';
import { unstorableTexts } from '../engine/validate.ts';
import { type Fault, Problem } from '../errors.ts';

const MERGE_PATCH = 'application/merge-patch+json';

/** Body parsers for JSON and, on PATCH, JSON merge patch. */
export const body = fp(async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', async (request) => {
    if (!takesBody(request) && hasBody(request)) {
      throw new Problem('bad-request', `${request.method} takes no body here; send none.`);
    }
  });
  const parse = async (request: FastifyRequest, bytes: Buffer | string) => {
    // Some clients name a type even where they send nothing.
    if (!takesBody(request) && bytes.length === 0) return undefined;
    refuseMediaType(request);
    return parseJson(bytes as Buffer);
  };
  app.addContentTypeParser(['application/json', MERGE_PATCH], { parseAs: 'buffer' }, parse);
});

/** Whether the route describes a body; where there is no route, that is what is to be said. */
function takesBody({ routeOptions: { url, schema } }: FastifyRequest): boolean {
  return url === undefined || schema?.body !== undefined;
}

/** Whether a body is announced: one of no bytes is none. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function refuseMediaType(request: FastifyRequest): void {
  const [type, ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  const utf8 = charset === undefined || /^\s*charset="?utf-8"?\s*$/.test(charset);
  if (type?.trim() === MERGE_PATCH && request.method !== 'PATCH') {
    throw new Problem('unsupported-media-type', `${MERGE_PATCH} is for PATCH; send application/json.`);
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new Problem('unsupported-media-type', `Bodies are taken as they are, not encoded as ${encoding}.`);
  }
  if (!utf8) throw new Problem('unsupported-media-type', `Bodies are UTF-8, not ${charset?.trim()}.`);
}

/** Parses JSON bytes; throws a 400 for what is not UTF-8, is not JSON, or would not survive being read. */
export function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes);
  if (text === '') throw new Problem('bad-request', 'The body is empty; send a JSON object.');
  const faults: Fault[] = [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem('bad-request', `The body is not JSON: ${(error as Error).message}.`);
  }
  // Before anything walks the value by calling itself.
  if (isDeeper(value, DEPTH)) {
    throw new Problem('invalid-body', `The body is nested deeper than ${DEPTH} levels.`, {
      errors: [{ pointer: '', message: 'is nested too deep', expected: `at most ${DEPTH} levels` }],
    });
  }
  faults.push(...inexactNumbers(text), ...repeatedNames(text), ...unstorableTexts(value));
  if (faults.length > 0)
    throw new Problem('invalid-body', 'The body holds something that could not be kept as sent.', {
      errors: faults,
    });
  return value;
}

/** Most objects and arrays inside one another. */
const DEPTH = 100;

function isDeeper(value: unknown, depth: number): boolean {
  let level = [value];
  for (let at = 0; at <= depth; at += 1) {
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('bad-request', 'The body is not valid UTF-8.');
  }
}

const pointerTo = (path: readonly (string | number)[]) =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Members that stand twice in one object: JSON.parse would keep only the last. */
function repeatedNames(text: string): Fault[] {
  const faults: Fault[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (name, _offset, _length, _line, _character, path) => {
      const names = open.at(-1);
      const pointer = pointerTo([...path(), name]);
      if (names?.has(name))
        faults.push({ pointer, message: 'stands twice in its object', expected: 'each name once' });
      if (name === '__proto__')
        faults.push({ pointer, message: 'is not a name that can be used', expected: 'another name' });
      names?.add(name);
    },
  });
  return faults;
}

/** The digits of a number as written, without the zeros around them: what must be the same when it is written again. */
function digitsOf(written: string): string {
  const [mantissa = ''] = written.split(/e/i);
  return mantissa.replace(/\D/g, '').replace(/^0+|0+$/g, '');
}

/** Numbers that would read back with other digits than they were sent with. */
function inexactNumbers(text: string): Fault[] {
  if (!/[\d.]{16}|[eE]/.test(text)) return [];
  const faults: Fault[] = [];
  visit(text, {
    onLiteralValue: (value, offset, length, _line, _character, path) => {
      if (typeof value !== 'number') return;
      const written = text.slice(offset, offset + length);
      if (!Number.isFinite(value) || digitsOf(written) !== digitsOf(String(value))) {
        faults.push({
          pointer: pointerTo(path()),
          message: 'is a number that cannot be kept exactly',
          expected: 'a number of at most 15 digits, or a text',
          got: written,
        });
      }
    },
  });
  return faults;
}
