/** The files of `jehiah/nyc_legislation`, as far as they are read: held against this before anything is made of one. */
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import { makeValidators } from '../../engine/validate.ts';

/** Go leaves out what is empty, or writes null. */
const text = Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] }));
const number = Type.Optional(Type.Unsafe<number | null>({ type: ['integer', 'null'] }));
const id = Type.Integer({ minimum: 1 });
const list = <T extends TSchema>(items: T) =>
  Type.Optional(Type.Unsafe<Static<T>[] | null>({ type: ['array', 'null'], items }));

const person = { ID: number, FullName: text };

const vote = Type.Object({ ...person, Vote: text, Sort: number });
const history = Type.Object({
  ID: id,
  Date: text,
  Action: text,
  Description: text,
  BodyID: number,
  BodyName: text,
  EventID: number,
  PassedFlagName: text,
  Version: text,
  AgendaNote: text,
  MinutesNote: text,
  Votes: list(vote),
});

/** `introduction/`, `resolution/`, `land_use/` */
export const matterFile = Type.Object({
  ID: id,
  File: Type.String(),
  LocalLaw: text,
  Name: text,
  Title: text,
  TypeName: text,
  StatusName: text,
  BodyID: number,
  BodyName: text,
  IntroDate: text,
  PassedDate: text,
  EnactmentDate: text,
  Version: text,
  Sponsors: list(Type.Object(person)),
  History: list(history),
  Attachments: list(Type.Object({ ID: id, Name: text, Link: text })),
  Summary: text,
  TextID: number,
  Text: text,
  RTF: text,
  LastModified: text,
});
export type MatterFile = Static<typeof matterFile>;

const rollCall = Type.Object({ ...person, Value: text, Sort: number });
const item = Type.Object({
  ID: id,
  AgendaSequence: number,
  MinutesSequence: number,
  AgendaNumber: text,
  Title: text,
  ActionName: text,
  ActionText: text,
  PassedFlagName: text,
  AgendaNote: text,
  MinutesNote: text,
  MatterID: number,
  MatterFile: text,
  RollCall: list(rollCall),
});

/** `events/` */
export const eventFile = Type.Object({
  ID: id,
  BodyID: number,
  BodyName: text,
  Date: text,
  Location: text,
  Comment: text,
  AgendaStatusName: text,
  MinutesStatusName: text,
  InSiteURL: text,
  AgendaFile: text,
  MinutesFile: text,
  VideoPath: text,
  Media: text,
  Items: list(item),
});
export type EventFile = Static<typeof eventFile>;

const address = Type.Optional(
  Type.Unsafe<{
    readonly Address?: string | null;
    readonly City?: string | null;
    readonly State?: string | null;
    readonly Zip?: string | null;
  } | null>({
    type: ['object', 'null'],
    properties: Object.fromEntries(
      ['Address', 'City', 'State', 'Zip'].map((name) => [name, { type: ['string', 'null'] }]),
    ),
  }),
);

/** `people/` */
export const personFile = Type.Object({
  ID: id,
  FullName: Type.String(),
  FirstName: text,
  LastName: text,
  Email: text,
  WWW: text,
  OfficeRecords: list(
    Type.Object({ ID: id, BodyID: id, Title: text, MemberType: text, Start: text, End: text }),
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

/** Makes the check of one kind of file; compiled when it is first needed. */
export function checkOf(schema: TObject) {
  let made: ReturnType<ReturnType<typeof makeValidators>> | undefined;
  return (value: unknown) => {
    made ??= makeValidators([])('body', schema);
    return made(value) ? [] : (made.errors ?? []);
  };
}
