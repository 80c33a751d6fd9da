/**
 * What scrapers of pupa and Open States write: a folder of JSON files for each scrape, named by what they hold
 * (`bill_UUID.json`). Bodies and people of a place are held in memory; bills, votes and events are read one at a time.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Identifier } from '../../engine/rows.ts';
import { type Input, InputError, type Place, type Read } from '../import/record.ts';
import { notReadable } from '../input-files.ts';
import { billRecords, topicRecords } from './bills.ts';
import { meetingRecords } from './events.ts';
import { type File, Folder, kindOfFile } from './folder.ts';
import { Met } from './keys.ts';
import { membershipRecord, officialRecords, partyRecord } from './officials.ts';
import { Organizations } from './organizations.ts';
import { People } from './people.ts';
import { jurisdictionIdentifiers, jurisdictionRecord, organizationRecords } from './places.ts';
import type { FileKind } from './schemas.ts';
import type { Scrape } from './scrape.ts';
import { voteEventRecords } from './votes.ts';

/** The scrapes in a folder: the folder itself, or the folders in it. Throws an `InputError` where there is none. */
export function openOpenCivicData(path: string): Input {
  const folders = foldersIn(path);
  const hash = createHash('sha256');
  let total = 0;
  for (const folder of folders) {
    for (const name of filesIn(join(path, folder))) {
      const { size, mtimeMs } = statSync(join(path, folder, name));
      hash.update(`${folder}/${name}\n${size}\n${mtimeMs}\n`);
      total += 1;
    }
  }
  return {
    fingerprint: hash.digest('hex'),
    total,
    read: function* (onProgress) {
      let done = 0;
      for (const folder of folders) {
        yield* readScrape(new Folder(path, folder), () => {
          done += 1;
          onProgress(done);
        });
      }
    },
  };
}

const filesIn = (path: string) =>
  readdirSync(path)
    .filter((name) => kindOfFile(name) !== undefined)
    .sort();

function foldersIn(path: string): string[] {
  try {
    if (filesIn(path).length > 0) return [''];
    const folders = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && filesIn(join(path, entry.name)).length > 0)
      .map(({ name }) => name)
      .sort();
    if (folders.length > 0) return folders;
  } catch (error) {
    throw notReadable(path, error as NodeJS.ErrnoException);
  }
  throw new InputError(
    `${path} has no files of a scrape: their names are jurisdiction_….json, bill_….json, vote_event_….json and so on`,
  );
}

type Readable<K extends FileKind> = Extract<File<K>, { data: unknown }>;
type Broken = Extract<File<FileKind>, { faults: unknown }>;

/** The kinds that files become. */
const BECOME: Readonly<Record<FileKind, string>> = {
  jurisdiction: 'jurisdiction',
  organization: 'organization',
  person: 'official',
  post: 'membership',
  membership: 'membership',
  bill: 'policy',
  vote_event: 'vote_event',
  event: 'meeting',
};

/** The records of one scrape; `onFile` is called for each file that has been dealt with. */
export function* readScrape(folder: Folder, onFile: () => void): Generator<Read> {
  for (const name of folder.names())
    yield { kind: null, place: folder.placeOf(name), note: 'is no file that scrapers write' };
  const broken: Read[] = [];
  const whole = <K extends FileKind>(kind: K) => [...readable(folder, kind, broken)];
  const places = whole('jurisdiction');
  const [jurisdiction, another] = places;
  if (jurisdiction === undefined || another !== undefined)
    throw new InputError(
      jurisdiction === undefined
        ? `${folder.path || 'the folder'} has no jurisdiction_….json that can be read, so that nobody knows whose bills these are`
        : `${folder.path || 'the folder'} has scrapes of several jurisdictions: put each into a folder of its own`,
    );
  const { data } = jurisdiction;
  const organizations = new Organizations(data._id, whole('organization'));
  const files = { people: whole('person'), posts: whole('post'), memberships: whole('membership') };
  const scrape: Scrape = {
    place: data._id,
    jurisdiction: jurisdictionIdentifiers(data)[0] as Identifier,
    organizations,
    people: new People(data._id, organizations, files),
    sessions: data.legislative_sessions ?? [],
    bill: (id) => folder.bill(id),
  };
  yield* broken;
  yield jurisdictionRecord(jurisdiction.place, data);
  yield* bodiesAndPeople(scrape);
  for (const kind of EARLY) for (const _ of folder.names(kind)) onFile();
  const topics = new Set<string>();
  const bills = (file: Readable<'bill'>) => [
    ...topicRecords(file.place, file.data, topics),
    ...billRecords(file.place, file.data, scrape),
  ];
  yield* eachFile(folder, 'bill', bills, onFile);
  yield* eachFile(
    folder,
    'vote_event',
    (file) => [...voteEventRecords(file.place, file.data, scrape)],
    onFile,
  );
  yield* eachFile(folder, 'event', (file) => [...meetingRecords(file.place, file.data, scrape)], onFile);
}

/** Kinds of file that are read before any record is given. */
const EARLY = ['jurisdiction', 'organization', 'person', 'post', 'membership'] as const;

function* readable<K extends FileKind>(folder: Folder, kind: K, broken: Read[]): Generator<Readable<K>> {
  for (const file of folder.all(kind)) {
    if ('faults' in file) broken.push(unreadable(kind, file));
    else yield file;
  }
}

const unreadable = (kind: FileKind, { place, faults }: Broken): Read => ({
  kind: BECOME[kind],
  place,
  faults,
});

function* bodiesAndPeople(scrape: Scrape): Generator<Read> {
  const once = new Once();
  for (const body of scrape.organizations.all) yield* once.only(organizationRecords(body, scrape));
  for (const human of scrape.people.all) yield* once.only(officialRecords(human));
  for (const { place, data } of scrape.people.memberships) {
    const office = membershipRecord(place, data, scrape);
    const party = office.body.organization_id as Identifier | undefined;
    if (party?.identifier.startsWith('|party|') && once.first('organization', party))
      yield partyRecord(place, party);
    yield* once.only([office]);
  }
}

/** The records of the files of a kind, a file at a time. */
function* eachFile<K extends FileKind>(
  folder: Folder,
  kind: K,
  recordsOf: (file: Readable<K>) => Read[],
  onFile: () => void,
): Generator<Read> {
  const once = new Once();
  for (const file of folder.all(kind)) {
    if ('faults' in file) yield unreadable(kind, file);
    else yield* once.only(recordsOf(file), BECOME[kind]);
    onFile();
  }
}

/** Sees to it that no two files become one record, the later one over the earlier in silence. */
class Once {
  readonly #met = new Map<string, Met>();

  /** Whether a name of a kind is met for the first time. */
  first(kind: string, name: Identifier): boolean {
    const met = this.#met.get(kind) ?? new Met();
    this.#met.set(kind, met);
    return met.add(name);
  }

  /** The records of a file; `main` is the kind of the one that those after it hang on. */
  *only(reads: Iterable<Read>, main?: string): Generator<Read> {
    let again = false;
    for (const read of reads) {
      const [name] = 'body' in read ? (read.body.identifiers as Identifier[]) : [];
      const isMain = main === undefined || read.kind === main;
      if (name !== undefined && isMain) {
        again = !this.first(read.kind as string, name);
        if (again) yield twice(read.kind as string, read.place, name);
      }
      // What hangs on a record that is there already would be put in the place of what hangs on that.
      if (!again) yield read;
    }
  }
}

function twice(kind: string, place: Place, { identifier }: Identifier): Read {
  const message = `is the same ${kind.replaceAll('_', ' ')} as another file of the scrape, by all that tells them apart`;
  return { kind, place, faults: [{ pointer: '', message, got: identifier }] };
}
