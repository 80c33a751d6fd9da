/** JSON taken at its word: refused where reading it would lose something. */
import { visit } from 'jsonc-parser';
import { type Fault, Problem } from '../errors.ts';
import { unstorableTexts } from './validate.ts';

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
  // What is written again as it came lost nothing on the way; looking for what did costs ten times as much.
  if (JSON.stringify(value) !== text || text.includes('__proto__'))
    faults.push(...inexactNumbers(text), ...repeatedNames(text));
  faults.push(...unstorableTexts(value));
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

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
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
