/** What the Web API sends in the form that the mapping of Legistar's records takes. */
import type { Body, Contact, Matter, Person, Sitting } from '../legistar/forms.ts';
import { dayOf } from '../legistar/wording.ts';
import type { WebBody, WebEvent, WebMatter, WebPerson } from './web-fields.ts';

/** A body; the Web API knows nothing of the names it had before. */
export function bodyIn({ BodyId: id, BodyName, BodyTypeName }: WebBody): Body {
  return { id, name: BodyName ?? '', type: BodyTypeName ?? null, formerNames: [] };
}

/** A person, with the offices of the list of all. */
export function personIn(person: WebPerson): Person {
  return {
    id: person.PersonId,
    fullName: person.PersonFullName ?? '',
    firstName: person.PersonFirstName ?? null,
    lastName: person.PersonLastName ?? null,
    email: person.PersonEmail || null,
    website: person.PersonWWW || null,
    contacts: [
      ...officeAt('first office', {
        lines: [person.PersonAddress1, person.PersonCity1, person.PersonState1, person.PersonZip1],
        voice: person.PersonPhone,
        fax: person.PersonFax,
      }),
      ...officeAt('second office', {
        lines: [person.PersonAddress2, person.PersonCity2, person.PersonState2, person.PersonZip2],
        voice: person.PersonPhone2,
        fax: person.PersonFax2,
      }),
    ],
    offices: (person.OfficeRecords ?? []).map((office) => ({
      id: office.OfficeRecordId,
      bodyId: office.OfficeRecordBodyId ?? 0,
      title: office.OfficeRecordTitle ?? null,
      memberType: office.OfficeRecordMemberType ?? null,
      start: dayOf(office.OfficeRecordStartDate),
      end: dayOf(office.OfficeRecordEndDate),
    })),
  };
}

interface Reached {
  /** Street, city, state and code. */
  readonly lines: readonly (string | null | undefined)[];
  readonly voice: string | null | undefined;
  readonly fax: string | null | undefined;
}

function officeAt(label: string, { lines, voice, fax }: Reached): Contact[] {
  const [street, city, state, code] = lines.map((line) => (line ?? '').trim());
  const town = [[city, state].filter(Boolean).join(', '), code].filter(Boolean).join(' ');
  // A city without a street is where the council is, which is no way of reaching anybody.
  const address = street ? [street, town].filter(Boolean).join('\n') : '';
  const found = [
    ['address', address],
    ['voice', (voice ?? '').trim()],
    ['fax', (fax ?? '').trim()],
  ] as const;
  return found.flatMap(([type, value]) => (value ? [{ type, label, value }] : []));
}

/** A matter with all that was fetched of it. */
export function matterIn(matter: WebMatter): Matter {
  return {
    id: matter.MatterId,
    file: matter.MatterFile ?? '',
    type: matter.MatterTypeName ?? null,
    name: matter.MatterName ?? null,
    title: matter.MatterTitle ?? null,
    status: matter.MatterStatusName ?? null,
    introduced: dayOf(matter.MatterIntroDate),
    finalAction: dayOf(matter.MatterPassedDate),
    enacted: dayOf(matter.MatterEnactmentDate),
    lawNumber: matter.MatterEnactmentNumber || null,
    version: matter.MatterVersion ?? null,
    summary: matter.MatterEXText5 || null,
    sponsors: sponsorsIn(matter),
    steps: inTime(matter.Histories ?? []).map((step) => ({
      id: step.MatterHistoryId,
      date: dayOf(step.MatterHistoryActionDate),
      action: step.MatterHistoryActionName ?? null,
      sentence: step.MatterHistoryActionText ?? null,
      bodyId: step.MatterHistoryActionBodyId || null,
      passed: step.MatterHistoryPassedFlagName ?? null,
      version: step.MatterHistoryVersion ?? null,
      agendaNote: step.MatterHistoryAgendaNote ?? null,
      minutesNote: step.MatterHistoryMinutesNote ?? null,
      votes: sorted(step.Votes, ({ VoteSort }) => VoteSort).map((vote) => ({
        personId: vote.VotePersonId || null,
        name: vote.VotePersonName ?? '',
        word: vote.VoteValueName ?? '',
      })),
    })),
    attachments: (matter.Attachments ?? []).map((one) => ({
      id: one.MatterAttachmentId,
      name: one.MatterAttachmentName ?? '',
      url: one.MatterAttachmentHyperlink || null,
    })),
    text: textIn(matter),
  };
}

/** Sponsors are listed anew for each version: those of the latest count, in their order. */
function sponsorsIn({ Sponsors }: WebMatter): Matter['sponsors'] {
  const all = Sponsors ?? [];
  const versionOf = ({ MatterSponsorMatterVersion: version }: (typeof all)[number]) => rank(version);
  const latest = all.map(versionOf).sort().at(-1);
  const own = all.filter((sponsor) => versionOf(sponsor) === latest);
  return sorted(own, ({ MatterSponsorSequence }) => MatterSponsorSequence).map((sponsor) => ({
    personId: sponsor.MatterSponsorNameId || null,
    name: sponsor.MatterSponsorName ?? '',
  }));
}

/** Versions in order: none, `*` for the original, numbers, letters. */
const rank = (version: string | null | undefined) => {
  const text = (version ?? '').trim();
  return text === '*' ? ' ' : /^\d+$/.test(text) ? text.padStart(6, '0') : text;
};

/** Steps by their days; those of a day as they were sent. */
function inTime<T extends { MatterHistoryActionDate?: string | null | undefined }>(steps: readonly T[]): T[] {
  const day = (step: T) => step.MatterHistoryActionDate ?? '';
  return [...steps].sort((a, b) => (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : 0));
}

function sorted<T>(all: readonly T[] | null | undefined, by: (one: T) => number | null | undefined): T[] {
  return [...(all ?? [])].sort((a, b) => (by(a) ?? 0) - (by(b) ?? 0));
}

function textIn({ Text }: WebMatter): Matter['text'] {
  if (!Text) return null;
  return { id: Text.MatterTextId, plain: Text.MatterTextPlain || null, rtf: Text.MatterTextRtf || null };
}

/** A sitting with the items of its agenda. */
export function sittingIn(event: WebEvent): Sitting {
  return {
    id: event.EventId,
    bodyId: event.EventBodyId || null,
    bodyName: event.EventBodyName ?? '',
    at: momentIn(event.EventDate, event.EventTime),
    location: event.EventLocation ?? null,
    comment: event.EventComment ?? null,
    agendaStatus: event.EventAgendaStatusName ?? null,
    minutesStatus: event.EventMinutesStatusName ?? null,
    page: event.EventInSiteURL || null,
    agendaFile: event.EventAgendaFile || null,
    minutesFile: event.EventMinutesFile || null,
    recordings: [event.EventVideoPath, event.EventMedia].filter((url): url is string =>
      /^http/i.test(url ?? ''),
    ),
    items: (event.EventItems ?? []).map((item) => ({
      id: item.EventItemId,
      agendaSequence: item.EventItemAgendaSequence ?? 0,
      minutesSequence: item.EventItemMinutesSequence ?? 0,
      number: item.EventItemAgendaNumber ?? null,
      title: item.EventItemTitle ?? null,
      action: item.EventItemActionName ?? null,
      sentence: item.EventItemActionText ?? null,
      passed: item.EventItemPassedFlagName ?? null,
      agendaNote: item.EventItemAgendaNote ?? null,
      minutesNote: item.EventItemMinutesNote ?? null,
      matterId: item.EventItemMatterId || null,
      matterFile: item.EventItemMatterFile ?? null,
      rollCall: sorted(item.RollCalls, ({ RollCallSort }) => RollCallSort).map((one) => ({
        personId: one.RollCallPersonId || null,
        name: one.RollCallPersonName ?? '',
        word: one.RollCallValueName ?? '',
      })),
    })),
  };
}

/** `2:30 PM`; some write dots, or nothing between. */
const TIME = /^(\d{1,2})(?::(\d{2}))?\s*([ap])\.?\s*m\.?$/i;

/** Day and time by the local clock, `YYYY-MM-DDThh:mm`; the day alone where the time is no time. */
export function momentIn(date: string | null | undefined, time: string | null | undefined): string | null {
  const day = dayOf(date);
  const found = TIME.exec((time ?? '').trim());
  if (day === null || found === null) return day;
  const [, hour = '', minute = '00', half = ''] = found;
  if (Number(hour) < 1 || Number(hour) > 12 || Number(minute) > 59) return day;
  const hours = (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return `${day}T${String(hours).padStart(2, '0')}:${minute}`;
}
