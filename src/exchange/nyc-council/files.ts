/** The files of `jehiah/nyc_legislation`, as far as they are read: held against this before anything is made of one. */
import { type Static, Type } from 'typebox';
import { blank, list, number, part } from '../lenient.ts';

const id = Type.Integer({ minimum: 1 });
const person = { ID: number, FullName: blank };

const vote = Type.Object({ ...person, Vote: blank, Sort: number });
const history = Type.Object({
  ID: id,
  Date: blank,
  Action: blank,
  Description: blank,
  BodyID: number,
  BodyName: blank,
  EventID: number,
  PassedFlagName: blank,
  Version: blank,
  AgendaNote: blank,
  MinutesNote: blank,
  Votes: list(vote),
});

/** `introduction/`, `resolution/`, `land_use/` */
export const matterFile = Type.Object({
  ID: id,
  File: Type.String(),
  LocalLaw: blank,
  Name: blank,
  Title: blank,
  TypeName: blank,
  StatusName: blank,
  BodyID: number,
  BodyName: blank,
  IntroDate: blank,
  PassedDate: blank,
  EnactmentDate: blank,
  Version: blank,
  Sponsors: list(Type.Object(person)),
  History: list(history),
  Attachments: list(Type.Object({ ID: id, Name: blank, Link: blank })),
  Summary: blank,
  TextID: number,
  Text: blank,
  RTF: blank,
  LastModified: blank,
});
export type MatterFile = Static<typeof matterFile>;

const rollCall = Type.Object({ ...person, Value: blank, Sort: number });
const item = Type.Object({
  ID: id,
  AgendaSequence: number,
  MinutesSequence: number,
  AgendaNumber: blank,
  Title: blank,
  ActionName: blank,
  ActionText: blank,
  PassedFlagName: blank,
  AgendaNote: blank,
  MinutesNote: blank,
  MatterID: number,
  MatterFile: blank,
  RollCall: list(rollCall),
});

/** `events/` */
export const eventFile = Type.Object({
  ID: id,
  BodyID: number,
  BodyName: blank,
  Date: blank,
  Location: blank,
  Comment: blank,
  AgendaStatusName: blank,
  MinutesStatusName: blank,
  InSiteURL: blank,
  AgendaFile: blank,
  MinutesFile: blank,
  VideoPath: blank,
  Media: blank,
  Items: list(item),
});
export type EventFile = Static<typeof eventFile>;

const address = part(Type.Object({ Address: blank, City: blank, State: blank, Zip: blank }));

/** `people/` */
export const personFile = Type.Object({
  ID: id,
  FullName: Type.String(),
  FirstName: blank,
  LastName: blank,
  Email: blank,
  WWW: blank,
  OfficeRecords: list(
    Type.Object({ ID: id, BodyID: id, Title: blank, MemberType: blank, Start: blank, End: blank }),
  ),
  DistrictOffice: address,
  LegislativeOffice: address,
});
export type PersonFile = Static<typeof personFile>;

/** `resubmit/` */
export const resubmitFile = Type.Object({
  Resubmitted: list(Type.Object({ FromFile: Type.String(), ToFile: Type.String() })),
});
export type ResubmitFile = Static<typeof resubmitFile>;
