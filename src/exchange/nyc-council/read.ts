/**
 * The New York City Council from a copy of its Legistar, in the layout of the public repository
 * `jehiah/nyc_legislation`: a folder with a JSON file for each matter, meeting and person.
 */
import { readFileSync, statSync } from 'node:fs';
import type { TObject } from 'typebox';
import type { Fault } from '../../errors.ts';
import type { ReaderOptions } from '../formats.ts';
import { type Input, InputError, type Read } from '../import/record.ts';
import { filesAt, fingerprintOf, sizeOf } from '../input-files.ts';
import { fromBody, fromPlace } from '../legistar/bodies.ts';
import type { Draft } from '../legistar/draft.ts';
import { fromMatter } from '../legistar/matters.ts';
import { fromSitting } from '../legistar/meetings.ts';
import { fromPerson } from '../legistar/people.ts';
import { faultsIn } from '../lenient.ts';
import {
  type EventFile,
  eventFile,
  type MatterFile,
  matterFile,
  type PersonFile,
  personFile,
  type ResubmitFile,
  resubmitFile,
} from './files.ts';
import { matterIn, personIn, sittingIn } from './forms.ts';
import { inReadingOrder, type Standing } from './layout.ts';
import { newYork } from './new-york.ts';
import { fromResubmissions } from './resubmissions.ts';
import { type Survey, survey } from './survey.ts';

/** The copy in a folder; rejects with an `InputError` where there is none. */
export async function openNycCouncil(path: string, { since }: ReaderOptions): Promise<Input> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new InputError(`${path} is a file: nyc-council wants the folder that has introduction/, events/ …`);
  const files = filesAt(path, ['.json']);
  const standing = inReadingOrder(files);
  if (standing.every(({ holds }) => holds === 'other'))
    throw new InputError(
      `${path} has none of introduction/, resolution/, land_use/, events/ and people/ with the JSON files of the copy`,
    );
  return {
    fingerprint: fingerprintOf(files) + (since ?? ''),
    total: sizeOf(files),
    read: (onProgress) => readCopy(standing, since, onProgress),
  };
}

/** The records of a copy: the place, its bodies, people, matters, meetings. */
function* readCopy(
  files: readonly Standing[],
  since: string | undefined,
  onProgress: (done: number) => void,
): Generator<Read> {
  const known = survey(files, since);
  yield placed(fromPlace(newYork), 'nyc-council');
  for (const body of known.bodies) yield placed(fromBody(newYork, body), body.file);
  let done = 0;
  for (const one of files) {
    yield* readOne(one, known);
    done += one.file.size;
    onProgress(done);
  }
}

/** What is to be made of one file. */
function* readOne({ file, holds, collection }: Standing, known: Survey): Generator<Read> {
  const place = { file: file.name, line: null };
  const kept = known.doubled.get(file.name);
  if (holds === 'other')
    yield { kind: null, place, note: 'is not a matter, meeting or person of the council' };
  else if (kept !== undefined)
    yield { kind: 'policy', place, note: `the same matter stands in ${kept}, where it was changed later` };
  else if (known.changed === undefined || known.changed.has(file.name) || holds === 'resubmissions') {
    const read = READERS[holds](readFileSync(file.path), known);
    if ('faults' in read) {
      yield { kind: read.kind, place, faults: read.faults };
      return;
    }
    // What has not changed is not met, so that nothing can be said of what a collection has no more.
    const member = known.changed ? {} : { collection };
    for (const draft of read.drafts) yield { ...placed(draft, file.name), ...member };
  }
}

/** A draft with its place. */
function placed({ at, ...draft }: Draft, file: string): Read {
  return { ...draft, place: { file: at ? `${file} ${at}` : file, line: null } };
}

/** What came of a file: what can be made of it, or what is wrong with it. */
type Parsed =
  | { readonly drafts: Iterable<Draft> }
  | { readonly kind: string; readonly faults: readonly Fault[] };

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a kind of file, whose whole is a record of `kind`. */
function reader<T>(kind: string, schema: TObject, make: (file: T, known: Survey) => Iterable<Draft>) {
  return (bytes: Buffer, known: Survey): Parsed => {
    let value: unknown;
    try {
      value = JSON.parse(UTF8.decode(bytes));
    } catch (error) {
      return {
        kind,
        faults: [{ pointer: '', message: `is not JSON in UTF-8: ${(error as Error).message}` }],
      };
    }
    const faults = faultsIn(schema, value);
    // Nothing is wrong with it, so it is what the schema says.
    return faults.length > 0 ? { kind, faults } : { drafts: make(value as T, known) };
  };
}

const READERS = {
  matter: reader<MatterFile>('policy', matterFile, (file) => fromMatter(newYork, matterIn(file))),
  event: reader<EventFile>('meeting', eventFile, (file) => fromSitting(newYork, sittingIn(file))),
  person: reader<PersonFile>('official', personFile, (file) => fromPerson(newYork, personIn(file))),
  resubmissions: reader<ResubmitFile>('relation', resubmitFile, (file, { numbers }) =>
    fromResubmissions(newYork, file, numbers),
  ),
};
