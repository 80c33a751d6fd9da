/**
 * What Legistar holds of a council, in one form, whoever read it: the Web API (`https://webapi.legistar.com/v1/CLIENT`,
 * whose names stand behind each field) or a copy of it in files (`jehiah/nyc_legislation` has the same fields under
 * shorter names). Readers make these; `matters.ts`, `meetings.ts`, `people.ts` and `bodies.ts` make records of them.
 *
 * A `Day` is `YYYY-MM-DD` by the council's own calendar (see `dayOf`). Texts are as the source has them: they are tidied
 * where records are made. Null is what the source leaves empty; whether it writes null, `""` or `0001-01-01` for that
 * ends with the reader.
 */

/** A day, `YYYY-MM-DD`; what is no day stays as it is, for the check of records to refuse. */
export type Day = string;

/** Somebody who sponsors or votes. */
export interface Named {
  /** PersonId; null where the source names nobody. */
  readonly personId: number | null;
  /** As printed here; may be empty. */
  readonly name: string;
}

/** Matter */
export interface Matter {
  /** MatterId */
  readonly id: number;
  /** MatterFile: `Int 0001-2022`. */
  readonly file: string;
  /** MatterTypeName: `Introduction`, `Resolution` … */
  readonly type: string | null;
  /** MatterName, the short title. */
  readonly name: string | null;
  /** MatterTitle */
  readonly title: string | null;
  /** MatterStatusName */
  readonly status: string | null;
  /** MatterIntroDate */
  readonly introduced: Day | null;
  /** MatterPassedDate, which is the day of final action whatever that was. */
  readonly finalAction: Day | null;
  /** MatterEnactmentDate */
  readonly enacted: Day | null;
  /** MatterEnactmentNumber: `2023/054`. */
  readonly lawNumber: string | null;
  /** MatterVersion: `*` for the original, then `A`, `B` … */
  readonly version: string | null;
  /** What it does in a few sentences; New York keeps it in MatterEXText5. */
  readonly summary: string | null;
  readonly sponsors: readonly Sponsor[];
  readonly steps: readonly Step[];
  readonly attachments: readonly Attachment[];
  readonly text: MatterText | null;
}

/** MatterSponsor, in the source's order (MatterSponsorSequence): MatterSponsorNameId, MatterSponsorName. */
export type Sponsor = Named;

/** MatterHistory, in the source's order. */
export interface Step {
  /** MatterHistoryId */
  readonly id: number;
  /** MatterHistoryActionDate */
  readonly date: Day | null;
  /** MatterHistoryActionName: `Referred to Comm by Council`. */
  readonly action: string | null;
  /** MatterHistoryActionText, a sentence made around it. */
  readonly sentence: string | null;
  /** MatterHistoryActionBodyId */
  readonly bodyId: number | null;
  /** MatterHistoryPassedFlagName: `Pass`, `Fail`. */
  readonly passed: string | null;
  /** MatterHistoryVersion */
  readonly version: string | null;
  /** MatterHistoryAgendaNote */
  readonly agendaNote: string | null;
  /** MatterHistoryMinutesNote */
  readonly minutesNote: string | null;
  /** Who voted how; empty where that is not known. */
  readonly votes: readonly Vote[];
}

/** Vote (VotePersonId, VotePersonName) and RollCall (RollCallPersonId, RollCallPersonName), in the source's order. */
export interface Vote extends Named {
  /** VoteValueName, RollCallValueName; may be empty. */
  readonly word: string;
}

/** MatterAttachment */
export interface Attachment {
  /** MatterAttachmentId */
  readonly id: number;
  /** MatterAttachmentName */
  readonly name: string;
  /** MatterAttachmentHyperlink */
  readonly url: string | null;
}

/** MatterText of the version that stands. */
export interface MatterText {
  /** MatterTextId */
  readonly id: number;
  /** MatterTextPlain */
  readonly plain: string | null;
  /** MatterTextRtf */
  readonly rtf: string | null;
}

/** Event */
export interface Sitting {
  /** EventId */
  readonly id: number;
  /** EventBodyId */
  readonly bodyId: number | null;
  /** EventBodyName */
  readonly bodyName: string;
  /** EventDate and EventTime: with its offset where that is known, else `YYYY-MM-DDThh:mm` by the local clock, or a day. */
  readonly at: string | null;
  /** EventLocation */
  readonly location: string | null;
  /** EventComment */
  readonly comment: string | null;
  /** EventAgendaStatusName */
  readonly agendaStatus: string | null;
  /** EventMinutesStatusName */
  readonly minutesStatus: string | null;
  /** EventInSiteURL */
  readonly page: string | null;
  /** EventAgendaFile */
  readonly agendaFile: string | null;
  /** EventMinutesFile */
  readonly minutesFile: string | null;
  /** EventVideoPath and EventMedia, where they are addresses. */
  readonly recordings: readonly string[];
  readonly items: readonly Item[];
}

/** EventItem */
export interface Item {
  /** EventItemId */
  readonly id: number;
  /** EventItemAgendaSequence; 0 for what came up in the sitting. */
  readonly agendaSequence: number;
  /** EventItemMinutesSequence; 0 before there are minutes. */
  readonly minutesSequence: number;
  /** EventItemAgendaNumber: `1.`, or a mark such as `~coupled`. */
  readonly number: string | null;
  /** EventItemTitle */
  readonly title: string | null;
  /** EventItemActionName */
  readonly action: string | null;
  /** EventItemActionText, a sentence made around it. */
  readonly sentence: string | null;
  /** EventItemPassedFlagName */
  readonly passed: string | null;
  /** EventItemAgendaNote */
  readonly agendaNote: string | null;
  /** EventItemMinutesNote */
  readonly minutesNote: string | null;
  /** EventItemMatterId */
  readonly matterId: number | null;
  /** EventItemMatterFile */
  readonly matterFile: string | null;
  /** EventItemRollCallInfo: who was there. */
  readonly rollCall: readonly Vote[];
}

/** Person */
export interface Person {
  /** PersonId */
  readonly id: number;
  /** PersonFullName */
  readonly fullName: string;
  /** PersonFirstName */
  readonly firstName: string | null;
  /** PersonLastName */
  readonly lastName: string | null;
  /** PersonEmail */
  readonly email: string | null;
  /** PersonWWW */
  readonly website: string | null;
  /** Offices: PersonAddress1, PersonCity1, PersonState1, PersonZip1, and the same with 2; PersonPhone. */
  readonly contacts: readonly Contact[];
  readonly offices: readonly Office[];
}

/** How an office of a person's is reached. */
export interface Contact {
  /** Popolo's word: address, voice, fax. */
  readonly type: 'address' | 'voice' | 'fax';
  /** Which office. */
  readonly label: string;
  readonly value: string;
}

/** OfficeRecord */
export interface Office {
  /** OfficeRecordId */
  readonly id: number;
  /** OfficeRecordBodyId */
  readonly bodyId: number;
  /** OfficeRecordTitle; may be empty. */
  readonly title: string | null;
  /** OfficeRecordMemberType */
  readonly memberType: string | null;
  /** OfficeRecordStartDate */
  readonly start: Day | null;
  /** OfficeRecordEndDate */
  readonly end: Day | null;
}

/** Body, under all names that were met. */
export interface Body {
  /** BodyId */
  readonly id: number;
  /** BodyName, the newest. */
  readonly name: string;
  /** BodyTypeName, where it is known. */
  readonly type: string | null;
  /** Names it had before. */
  readonly formerNames: readonly string[];
}
