/** People and committees in YAML, one file each, as https://github.com/openstates/people has them. */
import { readFileSync } from 'node:fs';
import type { Input, Place, Read } from '../import/record.ts';
import { filesAt, fingerprintOf, type InputFile, sizeOf } from '../input-files.ts';
import { Mapping } from './mapping.ts';
import type { Committee, Municipality, Person } from './shapes.ts';
import { shapeFaults, sortOf } from './shapes.ts';
import { parseYaml } from './yaml.ts';

/** A folder of the repository, as much of it as is there, or one file. */
export async function openPeople(path: string): Promise<Input> {
  const files = inOrder(filesAt(path, ['.yml', '.yaml']));
  return {
    fingerprint: fingerprintOf(files),
    total: sizeOf(files),
    read: (onProgress) => readPeople(files, onProgress),
  };
}

/** Names of places first, then people, then the committees that mention them. */
function inOrder(files: readonly InputFile[]): InputFile[] {
  const rank = (name: string) =>
    /(^|\/)municipalities\.ya?ml$/.test(name) ? 0 : /(^|\/)(committees|organizations)\//.test(name) ? 2 : 1;
  return files.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function* readPeople(files: readonly InputFile[], onProgress: (done: number) => void): Generator<Read> {
  const mapping = new Mapping(files);
  let done = 0;
  for (const file of files) {
    yield* readFile(file, mapping);
    done += file.size;
    onProgress(done);
  }
}

function* readFile({ path, name }: InputFile, mapping: Mapping): Generator<Read> {
  const place: Place = { file: name, line: null };
  const parsed = parseYaml(readFileSync(path, 'utf8'));
  if (!('data' in parsed)) {
    yield { kind: null, place: { ...place, line: parsed.line }, faults: [parsed.fault] };
    return;
  }
  const sort = sortOf(parsed.data);
  if (sort === undefined) {
    yield { kind: null, place, note: 'is neither a person, a committee nor a list of municipalities' };
    return;
  }
  const faults = shapeFaults(sort, parsed.data);
  const kind = sort === 'person' ? 'official' : 'organization';
  if (faults.length > 0) yield { kind, place, faults };
  // Each has the shape that was just looked at.
  else if (sort === 'person') yield* mapping.person(parsed.data as Person, place);
  else if (sort === 'committee') yield* mapping.committee(parsed.data as Committee, place);
  else yield* mapping.municipalities(parsed.data as Municipality[], place);
}
