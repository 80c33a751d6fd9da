/** The records of what was fetched, by the mapping that copies of Legistar in files share. */
import type { TSchema } from 'typebox';
import type { Read } from '../import/record.ts';
import { fromBody, fromPlace } from '../legistar/bodies.ts';
import { type Client, idIn } from '../legistar/client.ts';
import type { Draft } from '../legistar/draft.ts';
import { fromMatter } from '../legistar/matters.ts';
import { fromSitting } from '../legistar/meetings.ts';
import { fromPerson } from '../legistar/people.ts';
import { faultsIn } from '../lenient.ts';
import type { WebBody, WebEvent, WebMatter, WebPerson } from './web-fields.ts';
import { bodyFields, eventFields, matterFields, personFields } from './web-fields.ts';
import { bodyIn, matterIn, personIn, sittingIn } from './web-forms.ts';
import type { Stage, Thing } from './web-things.ts';

/** The place of a council. */
export const placeRecord = (client: Client): Read => placed(fromPlace(client), client.name);

interface Kind {
  /** Where things of the kind stand in the Web API. */
  readonly path: string;
  readonly record: string;
  readonly fields: TSchema;
  readonly drafts: (client: Client, item: never) => Iterable<Draft>;
}

const KINDS: Readonly<Record<Stage, Kind>> = {
  body: {
    path: 'Bodies',
    record: 'organization',
    fields: bodyFields,
    drafts: (client, item: WebBody) => [fromBody(client, bodyIn(item))],
  },
  person: {
    path: 'Persons',
    record: 'official',
    fields: personFields,
    drafts: personDrafts,
  },
  matter: {
    path: 'Matters',
    record: 'policy',
    fields: matterFields,
    drafts: matterDrafts,
  },
  event: {
    path: 'Events',
    record: 'meeting',
    fields: eventFields,
    drafts: (client, item: WebEvent) => fromSitting(client, sittingIn(item)),
  },
};

/** The records of a thing; `whole` is whether all things of the council are there. */
export function* recordsOf(client: Client, { of, id, item, failed }: Thing, whole: boolean): Generator<Read> {
  const { path, record, fields, drafts } = KINDS[of];
  const file = `${path}/${id}`;
  const faults = failed === undefined ? faultsIn(fields, item) : [{ pointer: '', message: failed }];
  if (faults.length > 0) {
    yield { kind: record, place: { file, line: null }, faults };
    return;
  }
  // What is part of a matter or sitting is all there whenever that is.
  const collection = `${client.name} ${file}`;
  for (const draft of drafts(client, item as never)) {
    const read = placed(draft, file);
    const isPart = draft.at !== '' && of !== 'body';
    yield 'body' in read && (isPart || whole)
      ? { ...read, collection: isPart ? collection : `${client.name} ${path}` }
      : read;
  }
}

/** Most people that a council lists are of its staff, of whom nothing is told but that they have an account. */
function* personDrafts(client: Client, item: WebPerson): Generator<Draft> {
  const person = personIn(item);
  if (person.offices.length > 0) yield* fromPerson(client, person);
  else yield { kind: 'official', at: '', note: `${person.fullName.trim() || 'somebody'} has held no office` };
}

function* matterDrafts(client: Client, item: WebMatter): Generator<Draft> {
  yield* fromMatter(client, matterIn(item));
  for (const { MatterRelationMatterId: other } of item.Relations ?? []) {
    const at = `relation ${other}`;
    if (!other || other === item.MatterId) {
      yield { kind: 'relation', at, note: 'is of a matter to itself, or to none' };
      continue;
    }
    // Both matters tell of it: it is one relation, and Legistar does not say which way it goes.
    const [subject, object] = [item.MatterId, other].sort((a, b) => a - b) as [number, number];
    const body = {
      subject_id: idIn(client, subject),
      object_id: idIn(client, object),
      type: 'related',
      basis: 'stated',
      identifiers: [idIn(client, `${subject}-${object}`)],
    };
    yield { kind: 'relation', at, body };
  }
}

function placed({ at, ...draft }: Draft, file: string): Read {
  return { ...draft, place: { file: at ? `${file} ${at}` : file, line: null } };
}
