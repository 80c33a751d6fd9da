/**
 * The files that scrapers of pupa and Open States write, as far as they are read: what each holds, held against what is
 * there before anything is made of it. Blank is `''` or null; what is not named here is not looked at.
 */
import { type Static, Type } from 'typebox';
import { blank, flag, list, text, words } from '../lenient.ts';

const links = list(Type.Object({ url: blank, note: blank }));
const names = list(Type.Object({ name: text, note: blank, start_date: blank, end_date: blank }));
const identifiers = list(Type.Object({ identifier: text, scheme: blank }));
const contacts = list(Type.Object({ type: blank, value: blank, note: blank, label: blank }));
const entity = {
  name: blank,
  entity_type: blank,
  type: blank,
  note: blank,
  id: blank,
  person_id: blank,
  organization_id: blank,
  bill_id: blank,
};
/** A version, a document or a recording: several files, or one address of its own. */
const attachments = list(
  Type.Object({
    note: blank,
    name: blank,
    date: blank,
    classification: blank,
    url: blank,
    media_type: blank,
    links: list(Type.Object({ url: blank, media_type: blank, text: blank })),
  }),
);

const known = { _id: text, sources: links, links };

export const jurisdictionFile = Type.Object({
  ...known,
  id: blank,
  name: text,
  url: blank,
  division_id: blank,
  classification: blank,
  legislative_sessions: list(
    Type.Object({
      identifier: text,
      start_date: blank,
      end_date: blank,
      classification: blank,
      active: flag,
    }),
  ),
});

export const organizationFile = Type.Object({
  ...known,
  id: blank,
  name: text,
  classification: blank,
  parent_id: blank,
  founding_date: blank,
  dissolution_date: blank,
  other_names: names,
  identifiers,
});

export const personFile = Type.Object({
  ...known,
  id: blank,
  name: text,
  given_name: blank,
  family_name: blank,
  birth_date: blank,
  death_date: blank,
  image: blank,
  biography: blank,
  summary: blank,
  other_names: names,
  identifiers,
  contact_details: contacts,
});

export const postFile = Type.Object({ ...known, label: blank, role: blank, organization_id: blank });

export const membershipFile = Type.Object({
  ...known,
  person_id: blank,
  person_name: blank,
  organization_id: blank,
  post_id: blank,
  role: blank,
  label: blank,
  start_date: blank,
  end_date: blank,
  on_behalf_of_id: blank,
});

export const billFile = Type.Object({
  ...known,
  id: blank,
  identifier: text,
  legislative_session: text,
  title: text,
  classification: words,
  from_organization: blank,
  subject: list(text),
  abstracts: list(Type.Object({ abstract: text, note: blank })),
  other_titles: list(Type.Object({ title: text, note: blank })),
  other_identifiers: list(Type.Object({ identifier: text, note: blank, scheme: blank })),
  actions: list(
    Type.Object({
      description: text,
      date: blank,
      organization_id: blank,
      organization: blank,
      classification: words,
      related_entities: list(Type.Object(entity)),
    }),
  ),
  sponsorships: list(
    Type.Object({
      name: text,
      classification: blank,
      entity_type: blank,
      primary: flag,
      person_id: blank,
      organization_id: blank,
    }),
  ),
  related_bills: list(Type.Object({ identifier: text, legislative_session: text, relation_type: blank })),
  versions: attachments,
  documents: attachments,
  citations: list(
    Type.Object({
      publication: blank,
      citation: text,
      citation_type: blank,
      effective: blank,
      expires: blank,
      url: blank,
    }),
  ),
});

export const voteEventFile = Type.Object({
  ...known,
  identifier: blank,
  motion_text: blank,
  start_date: blank,
  result: blank,
  organization: blank,
  legislative_session: blank,
  bill: blank,
  bill_identifier: blank,
  bill_action: blank,
  related_bill_ids: list(text),
  votes: list(Type.Object({ option: text, voter_name: text, voter_id: blank, note: blank })),
  counts: list(Type.Object({ option: text, value: Type.Integer() })),
});

export const eventFile = Type.Object({
  ...known,
  name: text,
  start_date: blank,
  start_time: blank,
  all_day: flag,
  status: blank,
  description: blank,
  upstream_id: blank,
  dedupe_key: blank,
  location: Type.Optional(
    Type.Unsafe<{ name?: string | null } | null>({
      type: ['object', 'null'],
      properties: { name: { type: ['string', 'null'] } },
    }),
  ),
  documents: attachments,
  media: attachments,
  participants: list(Type.Object(entity)),
  agenda: list(
    Type.Object({
      description: text,
      order: Type.Optional(Type.Unsafe<string | number | null>({ type: ['string', 'number', 'null'] })),
      notes: words,
      media: attachments,
      related_entities: list(Type.Object(entity)),
    }),
  ),
});

/** Kinds of file, by how their names begin, in the order they are read. */
export const files = {
  jurisdiction: jurisdictionFile,
  organization: organizationFile,
  person: personFile,
  post: postFile,
  membership: membershipFile,
  bill: billFile,
  vote_event: voteEventFile,
  event: eventFile,
} as const;

export type FileKind = keyof typeof files;

/** What a file of a kind holds. */
export type FileOf<K extends FileKind> = Static<(typeof files)[K]>;

export type Jurisdiction = FileOf<'jurisdiction'>;
export type Organization = FileOf<'organization'>;
export type Person = FileOf<'person'>;
export type Post = FileOf<'post'>;
export type Membership = FileOf<'membership'>;
export type Bill = FileOf<'bill'>;
export type VoteEvent = FileOf<'vote_event'>;
export type Event = FileOf<'event'>;
export type Attachment = NonNullable<Bill['versions']>[number];
export type Entity = NonNullable<Event['participants']>[number];
