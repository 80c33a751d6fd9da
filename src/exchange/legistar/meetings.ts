/** A sitting as a meeting with its agenda, and its papers as documents. */
import type { Content } from '../../engine/content.ts';
import { bodyIn, type Client, idIn } from './client.ts';
import { mediaTypeOf } from './document-words.ts';
import { type Draft, filled, noAddress, told } from './draft.ts';
import type { Item, Sitting, Vote } from './forms.ts';
import { resultOf } from './vote-words.ts';
import { addressOf, prose, tidy } from './wording.ts';

/** The records of a sitting, the meeting first. */
export function* fromSitting(client: Client, sitting: Sitting): Generator<Draft> {
  const agenda = new Agenda(client);
  for (const item of [...sitting.items].sort(inOrder)) agenda.add(item);
  yield { kind: 'meeting', at: '', body: meetingOf(client, sitting, agenda.items) };
  yield* agenda.dropped;
  for (const printed of [sitting.page, ...sitting.recordings])
    if (printed && !addressOf(printed)) yield noAddress('', printed);
  yield* paperOf(client, sitting, 'agenda', sitting.agendaFile);
  yield* paperOf(client, sitting, 'minutes', sitting.minutesFile);
}

/** Its agenda or minutes, as they were published. */
function* paperOf(
  client: Client,
  { id, bodyName }: Sitting,
  classification: 'agenda' | 'minutes',
  file: string | null,
): Generator<Draft> {
  if (!file) return;
  const url = addressOf(file);
  yield {
    kind: 'document',
    at: classification,
    body: told({
      meeting_id: idIn(client, id),
      name: `${classification === 'agenda' ? 'Agenda' : 'Minutes'}, ${tidy(bodyName) ?? 'meeting'}`,
      classification,
      url,
      media_type: mediaTypeOf(file),
      identifiers: [idIn(client, `${id}-${classification}`)],
    }),
  };
  if (!url) yield noAddress(classification, file);
}

/** As things came up in the sitting; before there are minutes, as they stand on the agenda. */
function inOrder(a: Item, b: Item): number {
  const place = ({ minutesSequence, agendaSequence }: Item) => minutesSequence || agendaSequence;
  return place(a) - place(b) || a.agendaSequence - b.agendaSequence || a.id - b.id;
}

function meetingOf(client: Client, sitting: Sitting, agenda: readonly Content[]) {
  const body = tidy(sitting.bodyName) ?? 'Meeting';
  const comment = tidy(sitting.comment);
  const recordings = [...new Set(sitting.recordings.flatMap((printed) => addressOf(printed) ?? []))];
  return told({
    organization_id: bodyIn(client, sitting.bodyId) ?? idIn(client, client.council),
    name: comment ? `${body} (${comment})` : body,
    date: sitting.at,
    status: statusOf(sitting),
    location: tidy(sitting.location),
    url: sitting.page && addressOf(sitting.page),
    agenda,
    links: recordings.map((url) => ({ url, kind: 'other', note: 'Recording' })),
    identifiers: [idIn(client, sitting.id)],
  });
}

/** Minutes that are final are of a sitting that has been; one that was recessed has begun at least. */
function statusOf({ agendaStatus, minutesStatus }: Sitting): string | null {
  const words = (agendaStatus ?? '').trim().toLowerCase();
  if (/^(deferred|postponed)/.test(words)) return 'postponed';
  if (/^cancell?ed/.test(words)) return 'cancelled';
  if (/^recessed/.test(words) || /^final/i.test((minutesStatus ?? '').trim())) return 'passed';
  if (/^final/.test(words)) return 'confirmed';
  return /^draft|^tentative/.test(words) ? 'tentative' : null;
}

/** Longest account of what was done about an item. */
const LONGEST = 2000;

/** The items of one agenda, as they are made, and what of them could not be kept. */
class Agenda {
  readonly items: Content[] = [];
  readonly dropped: Draft[] = [];
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  add(item: Item): void {
    const at = `item ${item.id}`;
    const done = actionOf(item);
    // What only the minutes have has no title but what they say.
    const title = titleOf(item) ?? done;
    const action = title === done ? null : done;
    if (title === null) {
      this.dropped.push({ kind: null, at, note: 'an item of the agenda has no words and no matter' });
      return;
    }
    if (action !== null && action.length > LONGEST)
      this.dropped.push({
        kind: null,
        at,
        note: `what was done is ${action.length} characters long, of which the first ${LONGEST} are kept`,
      });
    this.items.push(
      filled({
        position: this.items.length + 1,
        title,
        policy_id: item.matterId ? idIn(this.#client, item.matterId) : null,
        action: action && cut(action),
        result: resultOf(item.passed),
      }),
    );
  }
}

function cut(text: string): string {
  // Not within a surrogate pair, as half of one cannot be kept.
  return text.length <= LONGEST
    ? text
    : text
        .slice(0, LONGEST)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}

/**
 * The numbers of the item and of the matter stand before the title: where the matter itself is not in the tracker,
 * its number is what is left of it. Behind it what the printed agenda says beyond the title.
 */
function titleOf({ number, title: printed, matterId, matterFile, agendaNote }: Item): string | null {
  // Marks such as `~coupled` are for whoever prints the agenda.
  const own = tidy(number)?.replace(/^~.*/, '');
  const file = tidy(matterFile) ?? (matterId === null ? null : `Matter ${matterId}`);
  const title = tidy(printed);
  const words = file && title ? `${file}: ${title}` : (file ?? title);
  const first = words && own ? `${own} ${words}` : words;
  const note = prose(agendaNote)?.trim();
  if (!first) return note ?? null;
  return note && !first.toLowerCase().includes(note.toLowerCase()) ? `${first}\n${note}` : first;
}

/** What was done, what the minutes say of it, and who was there. */
function actionOf({ sentence, action, minutesNote, rollCall }: Item): string | null {
  const lines = [tidy(sentence) ?? tidy(action), prose(minutesNote)?.trim(), attendance(rollCall)];
  return lines.filter(Boolean).join('\n') || null;
}

/** Who was there, by the source's words: `Present: …. Medical: …`. */
function attendance(rollCall: readonly Vote[]): string | null {
  const groups = Map.groupBy(rollCall, ({ word }) => tidy(word) ?? 'No word');
  const lines = [...groups].map(
    ([word, people]) => `${word}: ${people.map(({ name }) => tidy(name) ?? '(not named)').join('; ')}`,
  );
  return lines.join('\n') || null;
}
