/** An event as a meeting with its agenda, and what was handed out or recorded there as documents. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place, Read } from '../import/record.ts';
import { attached } from './attachments.ts';
import { dayOf, linksOf, momentOf, said, wordsOf } from './facts.ts';
import { named } from './keys.ts';
import { specOf } from './pseudo-ids.ts';
import type { Entity, Event } from './schemas.ts';
import { billKey, record, type Scrape, unplaced } from './scrape.ts';
import { sessionOn } from './sessions.ts';
import { documentWord } from './words.ts';

/** The meeting of an event, and its documents. */
export function* meetingRecords(place: Place, data: Event, scrape: Scrape): Generator<Read> {
  const time = said(data.start_date) ?? said(data.start_time);
  const session = sessionOn(scrape.sessions, dayOf(time) ?? '');
  const key = eventKey(data, time ?? '', scrape);
  const { organization, unknown, others } = participantsOf(data, scrape);
  const { links, others: addresses } = linksOf(
    [...(data.links ?? []), ...(data.sources ?? [])],
    () => 'legislation',
  );
  const { agenda, unmet } = agendaOf(data, scrape, session);
  if (organization && unknown !== undefined) {
    const { jurisdiction: jurisdiction_id } = scrape;
    const body = record('organization', place, {
      name: unknown,
      jurisdiction_id,
      identifiers: [organization],
    });
    yield { ...body, onlyIfNew: true };
  }
  yield record('meeting', place, {
    organization_id: organization,
    name: data.name,
    date: momentOf(time, data.all_day === true),
    status: said(data.status),
    location: said(data.location?.name),
    url: links[0]?.url,
    agenda,
    identifiers: [key],
    links,
  });
  const owner = { meeting_id: key };
  const files = { kind: 'document', owner, of: key, collection: key.identifier, word: documentWord } as const;
  yield* attached(place, data.documents, files);
  yield* attached(place, data.media, { ...files, word: recordingWord });
  for (const item of data.agenda ?? [])
    yield* attached(place, item.media, { ...files, word: recordingWord, under: item.description });
  yield* unplaced('meeting', place, { addresses, participants: others, 'on the agenda': unmet });
}

/** Recordings are documents of no particular kind. */
const recordingWord = () => 'other';

/** What an event is called: the scraper's own key, or its name and time. */
function eventKey({ upstream_id, dedupe_key, name }: Event, time: string, { place }: Scrape): Identifier {
  const own = said(upstream_id) ?? said(dedupe_key);
  return own === undefined ? named(place, 'event', name, time) : named(place, 'event of id', own);
}

const entityKind = ({ entity_type, type }: Entity) => entity_type ?? type ?? '';
const isBody = (entity: Entity) => ['organization', 'committee'].includes(entityKind(entity));

interface Participants {
  /** The body that meets. */
  readonly organization: Identifier | undefined;
  /** Its name, where the scrape has nothing else of it. */
  readonly unknown?: string | undefined;
  readonly others: readonly string[];
}

/** The body that meets: the participant that is one (the host before others), else the body at the head of the place. */
function participantsOf({ participants }: Event, { organizations }: Scrape): Participants {
  const all = participants ?? [];
  const bodies = all.filter(isBody);
  const host = bodies.find(({ note }) => /host/i.test(note ?? '')) ?? bodies[0];
  const others = all
    .filter((one) => one !== host)
    .map(({ name, note }) => [name, said(note)].filter(Boolean).join(', '));
  if (host === undefined) return { organization: organizations.head, others };
  const name = said(host.name);
  const pseudo = name === undefined ? undefined : `~${JSON.stringify({ name })}`;
  const organization = organizations.reference(host.organization_id ?? host.id ?? pseudo);
  const unknown = organization && organizations.isNameOnly(organization) ? name : undefined;
  return { organization, unknown, others };
}

interface Item {
  position: number;
  title: string;
  policy_id: Identifier | null;
  action: string | null;
}

/** The agenda in its order: an item with several bills is one for each, and what the event is about comes first. */
function agendaOf(
  { agenda, description, name }: Event,
  scrape: Scrape,
  session: string | undefined,
): { readonly agenda: Item[]; readonly unmet: string[] } {
  const items: Item[] = [];
  const unmet: string[] = [];
  const add = (title: string, policy_id: Identifier | null, action: string | null) =>
    items.push({ position: items.length + 1, title, policy_id, action });
  const about = said(description);
  if (about !== undefined && about !== name) add(about, null, null);
  for (const item of inOrder(agenda ?? [])) {
    const bills = (item.related_entities ?? []).filter((entity) => entityKind(entity) === 'bill');
    const notes = said(wordsOf(item.notes).join('\n')) ?? null;
    if (bills.length === 0) add(item.description, null, notes);
    for (const bill of bills) {
      const title = bills.length > 1 ? `${item.description}: ${bill.name ?? ''}` : item.description;
      add(title, billIn(bill, scrape, session) ?? null, notes);
    }
    const others = (item.related_entities ?? []).filter(
      (entity) => entityKind(entity) !== 'bill' && entity.name,
    );
    unmet.push(...others.map((entity) => entity.name as string));
  }
  return { agenda: items, unmet: [...new Set(unmet)] };
}

type AgendaItem = NonNullable<Event['agenda']>[number];

/** By `order` where each item has a number there; `1.10` comes after `1.9`. */
function inOrder(agenda: readonly AgendaItem[]): readonly AgendaItem[] {
  const places = agenda.map(({ order }) => String(order ?? ''));
  if (!places.every((one) => /^\d+(\.\d+)*$/.test(one))) return agenda;
  return [...agenda].sort((one, other) => NUMERIC.compare(String(one.order), String(other.order)));
}

const NUMERIC = new Intl.Collator('en', { numeric: true });

/** A bill on the agenda; where its session is not said, it is the one that the meeting lies in. */
function billIn(entity: Entity, scrape: Scrape, session: string | undefined): Identifier | undefined {
  const id = entity.bill_id ?? entity.id ?? '';
  const spec = specOf(id);
  const data = spec || id === '' ? undefined : scrape.bill(id);
  if (data) return billKey(scrape, data.legislative_session, data.identifier);
  const number = spec?.identifier ?? said(entity.name);
  const of = spec?.legislative_session__identifier ?? session;
  return number && of ? billKey(scrape, of, number) : undefined;
}
