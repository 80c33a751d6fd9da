/** What the Web API sends, as far as it is read (https://webapi.legistar.com/Help); anything but ids may be null. */
import { type Static, Type } from 'typebox';
import { blank, list, number, part } from '../lenient.ts';

const id = Type.Integer();

export const bodyFields = Type.Object({ BodyId: id, BodyName: blank, BodyTypeName: blank });

const officeFields = Type.Object({
  OfficeRecordId: id,
  OfficeRecordPersonId: number,
  OfficeRecordBodyId: number,
  OfficeRecordTitle: blank,
  OfficeRecordMemberType: blank,
  OfficeRecordStartDate: blank,
  OfficeRecordEndDate: blank,
});

export const personFields = Type.Object({
  PersonId: id,
  PersonFullName: blank,
  PersonFirstName: blank,
  PersonLastName: blank,
  PersonEmail: blank,
  PersonWWW: blank,
  PersonAddress1: blank,
  PersonCity1: blank,
  PersonState1: blank,
  PersonZip1: blank,
  PersonPhone: blank,
  PersonFax: blank,
  PersonAddress2: blank,
  PersonCity2: blank,
  PersonState2: blank,
  PersonZip2: blank,
  PersonPhone2: blank,
  PersonFax2: blank,
  /** From the list of all. */
  OfficeRecords: list(officeFields),
});

const voteFields = Type.Object({
  VotePersonId: number,
  VotePersonName: blank,
  VoteValueName: blank,
  VoteSort: number,
});

const historyFields = Type.Object({
  MatterHistoryId: id,
  MatterHistoryActionDate: blank,
  MatterHistoryActionName: blank,
  MatterHistoryActionText: blank,
  MatterHistoryActionBodyId: number,
  MatterHistoryPassedFlagName: blank,
  MatterHistoryVersion: blank,
  MatterHistoryAgendaNote: blank,
  MatterHistoryMinutesNote: blank,
  MatterHistoryRollCallFlag: number,
  Votes: list(voteFields),
});

export const matterFields = Type.Object({
  MatterId: id,
  MatterFile: blank,
  MatterName: blank,
  MatterTitle: blank,
  MatterTypeName: blank,
  MatterStatusName: blank,
  MatterIntroDate: blank,
  MatterPassedDate: blank,
  MatterEnactmentDate: blank,
  MatterEnactmentNumber: blank,
  MatterVersion: blank,
  MatterEXText5: blank,
  Histories: list(historyFields),
  Sponsors: list(
    Type.Object({
      MatterSponsorNameId: number,
      MatterSponsorName: blank,
      MatterSponsorSequence: number,
      MatterSponsorMatterVersion: blank,
    }),
  ),
  Attachments: list(
    Type.Object({ MatterAttachmentId: id, MatterAttachmentName: blank, MatterAttachmentHyperlink: blank }),
  ),
  Relations: list(Type.Object({ MatterRelationMatterId: number })),
  Text: part(
    Type.Object({ MatterTextId: id, MatterTextVersion: blank, MatterTextPlain: blank, MatterTextRtf: blank }),
  ),
});

const rollCallFields = Type.Object({
  RollCallPersonId: number,
  RollCallPersonName: blank,
  RollCallValueName: blank,
  RollCallSort: number,
});

const itemFields = Type.Object({
  EventItemId: id,
  EventItemAgendaSequence: number,
  EventItemMinutesSequence: number,
  EventItemAgendaNumber: blank,
  EventItemTitle: blank,
  EventItemActionName: blank,
  EventItemActionText: blank,
  EventItemPassedFlagName: blank,
  EventItemAgendaNote: blank,
  EventItemMinutesNote: blank,
  EventItemMatterId: number,
  EventItemMatterFile: blank,
  EventItemRollCallFlag: number,
  RollCalls: list(rollCallFields),
});

export const eventFields = Type.Object({
  EventId: id,
  EventBodyId: number,
  EventBodyName: blank,
  EventDate: blank,
  EventTime: blank,
  EventLocation: blank,
  EventComment: blank,
  EventAgendaStatusName: blank,
  EventMinutesStatusName: blank,
  EventInSiteURL: blank,
  EventAgendaFile: blank,
  EventMinutesFile: blank,
  EventVideoPath: blank,
  EventMedia: blank,
  EventItems: list(itemFields),
});

export type WebBody = Static<typeof bodyFields>;
export type WebPerson = Static<typeof personFields>;
export type WebMatter = Static<typeof matterFields>;
export type WebEvent = Static<typeof eventFields>;
export type WebVote = Static<typeof voteFields>;
export type WebRollCall = Static<typeof rollCallFields>;
