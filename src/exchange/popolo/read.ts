/**
 * Popolo: JSON documents with lists of persons, organizations, memberships, posts, areas, motions, votes and events, as
 * EveryPolitician and others write them, and this service (`/v1/exports/popolo.json`). A file or a folder of files, whose
 * lists are taken together. Areas, posts and periods are held in memory; everything else is read one at a time.
 */
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { unstorableTexts } from '../../engine/validate.ts';
import type { Fault } from '../../errors.ts';
import { type Input, InputError, type Place, type Read } from '../import/record.ts';
import { filesAt, fingerprintOf, type InputFile, sizeOf } from '../input-files.ts';
import { faultsIn } from '../lenient.ts';
import { unpacked } from '../lines.ts';
import { Context } from './context.ts';
import { membershipRecords } from './from-memberships.ts';
import { isPeriod, meetingRecords, motionRecords, voteEventRecords } from './from-motions.ts';
import { areaRecords, officialRecords, organizationRecords } from './from-people.ts';
import { Names } from './ids.ts';
import { type ClassName, classes, type Of } from './schemas.ts';
import { elementsOf } from './split.ts';

/** A document, or a folder of them. Throws an `InputError` where there is none. */
export async function openPopolo(path: string): Promise<Input> {
  const files = filesAt(path, ['.json', '.json.gz']);
  return {
    fingerprint: fingerprintOf(files),
    // Read three times over: what others name, then those, then what names them.
    total: sizeOf(files) * PASSES,
    read: (onProgress) => readPopolo(files, basename(resolve(path)), onProgress),
  };
}

const PASSES = 3;

/** What each pass reads; the first gives nothing but what the others look up. */
const LOOKED_UP = new Set<ClassName>(['areas', 'posts', 'events', 'organizations']);
const NAMED = new Set<ClassName>(['areas', 'organizations', 'persons']);
const NAMING = new Set<ClassName>([
  'persons',
  'organizations',
  'memberships',
  'motions',
  'events',
  'vote_events',
]);

/** Other names that lists go by. */
const ALSO: Readonly<Record<string, ClassName>> = { people: 'persons', voteevents: 'vote_events' };

function classIn(array: string): ClassName | undefined {
  const name = ALSO[array] ?? array;
  return Object.hasOwn(classes, name) ? (name as ClassName) : undefined;
}

interface Item {
  readonly name: ClassName;
  readonly place: Place;
  readonly data?: unknown;
  readonly faults?: readonly Fault[];
}

async function* readPopolo(
  files: readonly InputFile[],
  source: string,
  onProgress: (done: number) => void,
): AsyncGenerator<Read> {
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    onProgress(done);
  };
  const context = new Context(new Names(source));
  const others = new Map<string, { readonly place: Place; count: number }>();
  for await (const item of itemsOf(files, LOOKED_UP, onBytes, others))
    if ('data' in item) lookUp(item, context);
    else if (item.name === 'posts') yield unreadable(item);
  for (const [array, { place, count }] of others)
    yield { kind: null, place, note: `${count} of ${array} are not taken` };
  if (others.size === 0 && done === 0) throw new InputError('the input is empty');
  for await (const item of itemsOf(files, NAMED, onBytes)) {
    if (item.faults) yield unreadable(item);
    else if (item.name === 'areas') yield* areaRecords(item.place, item.data as Of<'areas'>, context);
    else if (item.name === 'persons') yield* officialRecords(item.place, item.data as Of<'persons'>, context);
    else yield* organizationRecords(item.place, item.data as Of<'organizations'>, context);
  }
  for await (const item of itemsOf(files, NAMING, onBytes)) yield* naming(item, context);
}

/** The kinds that classes become. */
const KINDS: Readonly<Record<ClassName, string>> = {
  areas: 'jurisdiction',
  organizations: 'organization',
  posts: 'membership',
  persons: 'official',
  memberships: 'membership',
  motions: 'policy',
  events: 'meeting',
  vote_events: 'vote_event',
};

const unreadable = ({ name, place, faults = [] }: Item): Read => ({ kind: KINDS[name], place, faults });

/** Keeps what other things only name. */
function lookUp({ name, data }: Item, context: Context): void {
  if (name === 'areas') context.addArea(data as Of<'areas'>);
  else if (name === 'posts') context.addPost(data as Of<'posts'>);
  else if (name === 'organizations') {
    const body = data as Of<'organizations'>;
    context.addBody(body);
    for (const post of body.posts ?? []) context.addPost({ organization_id: body.id, ...post });
  } else if (isPeriod(data as Of<'events'>)) context.addPeriod(data as Of<'events'>);
}

/** The records of what names others. */
function* naming(item: Item, context: Context): Generator<Read> {
  const { name, place, data } = item;
  if (item.faults) {
    // What is wrong with a person or body was told when those were read.
    if (!NAMED.has(name)) yield unreadable(item);
  } else if (name === 'persons') {
    const { id: person_id, memberships } = data as Of<'persons'>;
    for (const one of memberships ?? []) yield* membershipRecords(place, { person_id, ...one }, context);
  } else if (name === 'organizations') {
    const { id: organization_id, memberships } = data as Of<'organizations'>;
    for (const one of memberships ?? [])
      yield* membershipRecords(place, { organization_id, ...one }, context);
  } else if (name === 'memberships') yield* membershipRecords(place, data as Of<'memberships'>, context);
  else if (name === 'motions') yield* motionRecords(place, data as Of<'motions'>, context);
  else if (name === 'events') yield* meetingRecords(place, data as Of<'events'>, context);
  else yield* voteEventRecords(place, data as Of<'vote_events'>, context);
}

/** The elements of some lists; `others` is told of lists that are none of Popolo's classes. */
async function* itemsOf(
  files: readonly InputFile[],
  wanted: ReadonlySet<ClassName>,
  onBytes: (count: number) => void,
  others?: Map<string, { readonly place: Place; count: number }>,
): AsyncGenerator<Item> {
  for (const { path, name: file } of files) {
    const isWanted = (array: string) => {
      const name = classIn(array);
      return name !== undefined && wanted.has(name);
    };
    for await (const { array, index, bytes } of elementsOf(
      unpacked(counted(path, onBytes)),
      file,
      isWanted,
    )) {
      const name = classIn(array);
      const place = { file: `${file} ${array}/${index}`, line: null };
      if (name === undefined) {
        const other = others?.get(array) ?? { place: { file: `${file} ${array}`, line: null }, count: 0 };
        other.count += 1;
        others?.set(array, other);
      } else if (wanted.has(name)) yield { name, place, ...parsed(name, bytes) };
    }
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** What a text may hold that a database cannot keep, as JSON writes it. */
const SUSPICIOUS = /\\u0000|\\u[dD][89a-fA-F]|\0/;

function parsed(name: ClassName, bytes: Buffer | undefined): Pick<Item, 'data' | 'faults'> {
  if (bytes === undefined) return { faults: [{ pointer: '', message: 'is too long' }] };
  let data: unknown;
  let text: string;
  try {
    text = UTF8.decode(bytes);
    data = JSON.parse(text);
  } catch (error) {
    const message = error instanceof SyntaxError ? `is not JSON: ${error.message}` : 'is not valid UTF-8';
    return { faults: [{ pointer: '', message }] };
  }
  const unstorable = SUSPICIOUS.test(text) ? unstorableTexts(data) : [];
  const faults = unstorable.length > 0 ? unstorable : faultsIn(classes[name], data);
  return faults.length > 0 ? { faults } : { data };
}

async function* counted(path: string, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path)) {
    yield chunk as Buffer;
    onBytes((chunk as Buffer).length);
  }
}
