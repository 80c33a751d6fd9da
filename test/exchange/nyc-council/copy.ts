/** A small copy of a council's Legistar in the layout of `jehiah/nyc_legislation`; its facts are invented. */
type Fields = Readonly<Record<string, unknown>>;

const stamp = '2023-01-05T10:00:00.1Z';
const none = '0001-01-01T00:00:00Z';
const benches = { BodyID: 3, BodyName: 'Committee on Benches' };
const council = { BodyID: 1, BodyName: 'City Council' };

export const ada = { ID: 7, Slug: 'ada-doe', FullName: 'Ada Doe' };
export const ben = { ID: 8, Slug: 'ben-roe', FullName: 'Ben Roe' };

export const matter = (ID: number, File: string, more: Fields = {}): Fields => ({
  ID,
  GUID: 'not read',
  File,
  Name: `Short title of ${File}`,
  Title: `A Local Law in relation to ${File}\r\n`,
  TypeID: 2,
  TypeName: 'Introduction',
  StatusID: 3,
  StatusName: 'Committee',
  ...benches,
  IntroDate: '2022-01-20T00:00:00Z',
  PassedDate: none,
  EnactmentDate: none,
  Version: '*',
  Sponsors: [ada, { ID: 0, Slug: '', FullName: '' }, { ...ben, FullName: 'Ben Roe ' }],
  History: [step(ID * 10, 'Introduced by Council', council)],
  Attachments: [
    { ID: ID * 10, LastModified: stamp, Name: 'Committee Report', Link: `https://example.org/${ID}.pdf` },
  ],
  Summary: '',
  TextID: ID * 10,
  Text: `Be it enacted: ${File}`,
  RTF: '',
  LastModified: stamp,
  ...more,
});

export const step = (ID: number, Action: string, body: Fields, more: Fields = {}): Fields => ({
  ID,
  Date: '2022-01-20T23:30:00Z',
  ActionID: 27,
  Action,
  Description: '',
  ...body,
  Version: '*',
  MatterStatusID: 0,
  LastModified: stamp,
  ...more,
});

export const event = (ID: number, more: Fields = {}): Fields => ({
  ID,
  ...benches,
  Date: '2022-02-01T10:00:00-05:00',
  AgendaStatusName: 'Final',
  MinutesStatusName: 'Final',
  Location: 'City Hall',
  Items: [
    {
      ID: ID * 10,
      AgendaSequence: 1,
      MinutesSequence: 1,
      Title: 'Roll Call',
      RollCallFlag: 1,
      RollCall: [{ ...ada, ValueID: 13, Value: 'Present', Sort: 1 }],
      LastModified: stamp,
    },
    {
      ID: ID * 10 + 1,
      AgendaSequence: 2,
      MinutesSequence: 2,
      Title: 'Benches',
      MatterID: 500,
      MatterFile: 'Int 0001-2022',
      LastModified: stamp,
    },
    {
      ID: ID * 10 + 2,
      AgendaSequence: 3,
      MinutesSequence: 3,
      Title: 'Letter',
      MatterID: 999,
      MatterFile: 'M 0009-2022',
      LastModified: stamp,
    },
  ],
  AgendaFile: `https://example.org/${ID}-agenda.pdf`,
  LastModified: stamp,
  ...more,
});

export const person = ({ ID, Slug, FullName }: typeof ada, more: Fields = {}): Fields => ({
  ID,
  Slug,
  FullName,
  FirstName: FullName.split(' ')[0],
  LastName: FullName.split(' ')[1],
  Email: '',
  WWW: '',
  LastModified: stamp,
  OfficeRecords: [
    {
      ID: ID * 10,
      ...council,
      Title: 'Council Member',
      MemberType: 'PRIMARY COUNCIL MEMBERS',
      Start: '2022-01-01T00:00:00Z',
      End: '2023-12-31T00:00:00Z',
      LastModified: stamp,
    },
  ],
  DistrictOffice: { Address: '1 Main St\r\nFloor 2', City: 'New York', State: 'NY', Zip: '10007' },
  LegislativeOffice: { Address: '', City: '', State: '', Zip: '' },
  ...more,
});

const vote = (whom: typeof ada, Vote: string, Sort: number) => ({ ...whom, VoteID: 15, Vote, Sort });

/** Files by name; the second matter became law, and is the first of an earlier session put forward again. */
export const copy = (
  more: Readonly<Record<string, Fields | string | undefined>> = {},
): Record<string, string> => {
  const files: Record<string, Fields | string | undefined> = {
    'people/ada-doe.json': person(ada),
    'people/ben-roe.json': person(ben),
    'introduction/2022/0001.json': matter(500, 'Int 0001-2022'),
    'introduction/2022/0002.json': matter(501, 'Int 0002-2022', {
      StatusName: 'Enacted',
      LocalLaw: '2022/054',
      PassedDate: '2022-05-30T00:00:00Z',
      EnactmentDate: '2022-05-30T00:00:00Z',
      History: [
        step(5010, 'Introduced by Council', council),
        step(5011, 'Approved by Committee', benches, {
          PassedFlagName: 'Pass',
          Votes: [vote(ada, 'Affirmative', 20), vote(ben, 'Jury Duty', 10)],
        }),
        step(5012, 'Approved by Council', council, { Date: '2022-05-01T13:30:00Z', PassedFlagName: 'Pass' }),
      ],
    }),
    'introduction/2018/0003.json': matter(300, 'INT 0003-2018'),
    'events/2022/2022-02-01_10_00_benches_40.json': event(40),
    'resubmit/2022.json': {
      Resubmitted: [
        { FromFile: 'Int 0003-2018', ToFile: 'Int 0002-2022' },
        { FromFile: 'Int 0099-2014', ToFile: 'Int 0001-2022' },
      ],
    },
    ...more,
  };
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, file]) =>
      file === undefined ? [] : [[name, typeof file === 'string' ? file : JSON.stringify(file, null, 2)]],
    ),
  );
};
