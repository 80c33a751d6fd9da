/** What is fetched of a council: its bodies, its people with their offices, its matters and its sittings, each whole. */
import { PAGE, type Parameters, Refused, type WebClient } from './web-client.ts';

/** The kinds of thing, in the order they are fetched. */
export const STAGES = ['body', 'person', 'matter', 'event'] as const;
export type Stage = (typeof STAGES)[number];

/** Something that was fetched, whole; or why it could not be. */
export interface Thing {
  readonly of: Stage;
  readonly id: number;
  readonly item?: unknown;
  readonly failed?: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface List {
  readonly path: string;
  readonly id: string;
  /** What makes one of the list that has changed since an instant; without it all are fetched again. */
  readonly since?: (instant: string) => string;
}

/**
 * A matter's own instant is not moved by all that happens to it, so that its days count as well: a day to come, such as
 * that of the meeting it is on the agenda of, keeps it in sight until then.
 */
const later = (instant: string, ...fields: string[]) =>
  fields.map((field) => `${field} gt datetime'${instant}'`).join(' or ');

const LISTS: Readonly<Record<Stage, List>> = {
  body: { path: '/Bodies', id: 'BodyId' },
  person: { path: '/Persons', id: 'PersonId' },
  matter: {
    path: '/Matters',
    id: 'MatterId',
    since: (instant) =>
      later(
        instant,
        'MatterLastModifiedUtc',
        'MatterIntroDate',
        'MatterAgendaDate',
        'MatterPassedDate',
        'MatterEnactmentDate',
      ),
  },
  event: {
    path: '/Events',
    id: 'EventId',
    since: (instant) => later(instant, 'EventLastModifiedUtc', 'EventDate'),
  },
};

/** Where fetching has come to: what was fetched last. */
export type Reached = Pick<Thing, 'of' | 'id'>;

/** Everything beyond what was reached, in the order of the stages and, within them, of ids. */
export async function* thingsOf(
  client: WebClient,
  { since, reached }: { readonly since?: string | undefined; readonly reached?: Reached | undefined },
): AsyncGenerator<Thing> {
  const instant = since?.replace(/(\.\d+)?Z$/, '');
  for (const of of STAGES.slice(reached ? STAGES.indexOf(reached.of) : 0)) {
    const { path, id, since: changed } = LISTS[of];
    const filter = instant === undefined ? undefined : changed?.(instant);
    const whole = await wholeOf(client, of);
    for (let after = reached?.of === of ? reached.id : 0; ; ) {
      const page = (await client.page(path, id, after, filter)) as Fields[];
      for (const item of page) {
        after = Number(item[id]);
        yield await complete(of, after, () => whole(item));
      }
      if (page.length < PAGE) break;
    }
  }
}

/** The last id of a list: what progress is measured by. 0 where the list is empty. */
export async function lastId(client: WebClient, of: Stage): Promise<number> {
  const { path, id } = LISTS[of];
  const [last] = ((await client.get(path, { $orderby: `${id} desc`, $top: 1 })) ?? []) as Fields[];
  return Number(last?.[id] ?? 0);
}

async function complete(of: Stage, id: number, whole: () => Promise<unknown>): Promise<Thing> {
  try {
    return { of, id, item: await whole() };
  } catch (error) {
    if (error instanceof Refused) return { of, id, failed: error.message };
    throw error;
  }
}

/** How an item of a list is made whole. */
async function wholeOf(client: WebClient, of: Stage): Promise<(item: Fields) => Promise<unknown>> {
  if (of === 'matter') return (item) => matter(client, item);
  if (of === 'event') return (item) => event(client, item);
  if (of === 'body') return async (item) => item;
  const offices = Map.groupBy(await officesOf(client), ({ OfficeRecordPersonId }) => OfficeRecordPersonId);
  return async (item) => ({ ...item, OfficeRecords: offices.get(item.PersonId) ?? [] });
}

/** All offices: some thousands, which people of the list are given theirs of. */
async function officesOf(client: WebClient): Promise<Fields[]> {
  const all: Fields[] = [];
  for (;;) {
    const after = Number(all.at(-1)?.OfficeRecordId ?? 0);
    const page = (await client.page('/OfficeRecords', 'OfficeRecordId', after)) as Fields[];
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** Notes of agenda and minutes come only where they are asked for. */
const NOTES: Parameters = { AgendaNote: 1, MinutesNote: 1 };

async function matter(client: WebClient, item: Fields): Promise<Fields> {
  const path = `/Matters/${item.MatterId}`;
  const histories = (await client.all(`${path}/Histories`, NOTES)) as Fields[];
  const Histories: Fields[] = [];
  for (const step of histories) Histories.push({ ...step, Votes: await votesOf(client, step) });
  return {
    ...item,
    Histories,
    Sponsors: await client.all(`${path}/Sponsors`),
    Attachments: await client.all(`${path}/Attachments`),
    Relations: await client.all(`${path}/Relations`),
    Text: await textOf(client, path, item),
  };
}

/** Who voted how at a step, which is the item of an agenda that has its id; asked for where there was a vote. */
async function votesOf(client: WebClient, step: Fields): Promise<unknown[]> {
  const voted = step.MatterHistoryPassedFlagName || step.MatterHistoryRollCallFlag === 1;
  return voted ? client.all(`/EventItems/${step.MatterHistoryId}/Votes`) : [];
}

/** The text of the version that stands; of the last one where that is not said. */
async function textOf(client: WebClient, path: string, { MatterVersion }: Fields): Promise<unknown> {
  const versions = (await client.all(`${path}/Versions`)) as { Key?: unknown; Value?: unknown }[];
  const standing = versions.findLast(({ Value }) => Value === MatterVersion) ?? versions.at(-1);
  return standing?.Key ? client.get(`${path}/Texts/${standing.Key}`) : null;
}

async function event(client: WebClient, item: Fields): Promise<Fields> {
  const items = (await client.all(`/Events/${item.EventId}/EventItems`, NOTES)) as Fields[];
  const EventItems: Fields[] = [];
  for (const one of items) {
    const called = one.EventItemRollCallFlag === 1;
    const RollCalls = called ? await client.all(`/EventItems/${one.EventItemId}/RollCalls`) : [];
    EventItems.push({ ...one, RollCalls });
  }
  return { ...item, EventItems };
}
