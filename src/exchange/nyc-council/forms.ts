/** The files of the copy in the form that the mapping of Legistar's records takes. */
import type { Contact, Matter, Person, Sitting } from '../legistar/forms.ts';
import { dayOf, momentOf } from '../legistar/wording.ts';
import type { EventFile, MatterFile, PersonFile } from './files.ts';

/** A matter. */
export function matterIn(file: MatterFile): Matter {
  return {
    id: file.ID,
    file: file.File,
    type: file.TypeName ?? null,
    name: file.Name ?? null,
    title: file.Title ?? null,
    status: file.StatusName ?? null,
    introduced: dayOf(file.IntroDate),
    finalAction: dayOf(file.PassedDate),
    enacted: dayOf(file.EnactmentDate),
    lawNumber: file.LocalLaw || null,
    version: file.Version ?? null,
    summary: file.Summary ?? null,
    sponsors: (file.Sponsors ?? []).map(namedIn),
    steps: (file.History ?? []).map((step) => ({
      id: step.ID,
      date: dayOf(step.Date),
      action: step.Action ?? null,
      sentence: step.Description ?? null,
      bodyId: step.BodyID || null,
      passed: step.PassedFlagName ?? null,
      version: step.Version ?? null,
      agendaNote: step.AgendaNote ?? null,
      minutesNote: step.MinutesNote ?? null,
      votes: inOrder(step.Votes).map((vote) => ({ ...namedIn(vote), word: vote.Vote ?? '' })),
    })),
    attachments: (file.Attachments ?? []).map(({ ID, Name, Link }) => ({
      id: ID,
      name: Name ?? '',
      url: Link || null,
    })),
    text: file.TextID ? { id: file.TextID, plain: file.Text ?? null, rtf: file.RTF || null } : null,
  };
}

/** An id of 0 is nobody's. */
function namedIn({ ID, FullName }: { readonly ID?: number | null; readonly FullName?: string | null }) {
  return { personId: ID || null, name: FullName ?? '' };
}

/** As they were called; files have them in any order. */
function inOrder<T extends { readonly Sort?: number | null }>(called: readonly T[] | null | undefined): T[] {
  return [...(called ?? [])].sort((a, b) => (a.Sort ?? 0) - (b.Sort ?? 0));
}

/** A meeting. Its time has its true offset, other than those in the histories of matters. */
export function sittingIn(file: EventFile): Sitting {
  return {
    id: file.ID,
    bodyId: file.BodyID || null,
    bodyName: file.BodyName ?? '',
    at: momentOf(file.Date),
    location: file.Location ?? null,
    comment: file.Comment ?? null,
    agendaStatus: file.AgendaStatusName ?? null,
    minutesStatus: file.MinutesStatusName ?? null,
    page: file.InSiteURL || null,
    agendaFile: file.AgendaFile || null,
    minutesFile: file.MinutesFile || null,
    recordings: [file.VideoPath, file.Media].filter((url): url is string => Boolean(url)),
    items: (file.Items ?? []).map((item) => ({
      id: item.ID,
      agendaSequence: item.AgendaSequence ?? 0,
      minutesSequence: item.MinutesSequence ?? 0,
      number: item.AgendaNumber ?? null,
      title: item.Title ?? null,
      action: item.ActionName ?? null,
      sentence: item.ActionText ?? null,
      passed: item.PassedFlagName ?? null,
      agendaNote: item.AgendaNote ?? null,
      minutesNote: item.MinutesNote ?? null,
      matterId: item.MatterID || null,
      matterFile: item.MatterFile ?? null,
      rollCall: inOrder(item.RollCall).map((entry) => ({ ...namedIn(entry), word: entry.Value ?? '' })),
    })),
  };
}

/** A person. The addresses are of offices; a `Start` and `End` of the whole follow from those of the offices. */
export function personIn(file: PersonFile): Person {
  return {
    id: file.ID,
    fullName: file.FullName,
    firstName: file.FirstName ?? null,
    lastName: file.LastName ?? null,
    email: file.Email ?? null,
    website: file.WWW ?? null,
    contacts: [
      ...contactAt('district office', file.DistrictOffice),
      ...contactAt('legislative office', file.LegislativeOffice),
    ],
    offices: (file.OfficeRecords ?? []).map((office) => ({
      id: office.ID,
      bodyId: office.BodyID,
      title: office.Title ?? null,
      memberType: office.MemberType ?? null,
      start: dayOf(office.Start),
      end: dayOf(office.End),
    })),
  };
}

/** The lines of an address, the town behind them. */
function contactAt(label: string, office: PersonFile['DistrictOffice']): Contact[] {
  const { Address, City, State, Zip } = office ?? {};
  const town = [[City, State].filter(Boolean).join(', '), Zip].filter(Boolean).join(' ');
  const lines = `${Address ?? ''}\n${town}`.split(/\r?\n|\r/).map((line) => line.trim());
  const value = lines.filter(Boolean).join('\n');
  return value ? [{ type: 'address', label, value }] : [];
}
