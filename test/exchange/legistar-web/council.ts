/** A service that answers as the Legistar Web API does, of an invented council: pages, filters, nulls, and bad days. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Input, Read } from '../../../src/exchange/import/record.ts';
import { openLegistar } from '../../../src/exchange/legistar-web/read.ts';

type Row = Record<string, unknown>;

/** What the council has: lists by their paths, and single things. */
export interface Council {
  readonly lists: Record<string, Row[] | null>;
  readonly things: Record<string, Row | null>;
}

/** A council with two bodies, three people, three matters and one sitting. */
export function council(): Council {
  const modified = '2024-01-01T00:00:00.12';
  const none = { Histories: [], Sponsors: [], Attachments: [], Relations: [], Versions: [] };
  const of = (id: number, lists: Record<string, Row[] | null>) =>
    Object.fromEntries(
      Object.entries({ ...none, ...lists }).map(([name, rows]) => [`/Matters/${id}/${name}`, rows]),
    );
  const matter = (id: number, fields: Row) => ({
    MatterId: id,
    MatterGuid: `G-${id}`,
    MatterLastModifiedUtc: modified,
    MatterFile: `CB ${id}`,
    MatterName: null,
    MatterTitle: null,
    MatterTypeName: 'Ordinance',
    MatterStatusName: null,
    MatterIntroDate: null,
    MatterPassedDate: null,
    MatterEnactmentDate: null,
    MatterEnactmentNumber: null,
    MatterVersion: null,
    ...fields,
  });
  return {
    lists: {
      '/Bodies': [
        { BodyId: 7, BodyName: 'Parks Committee', BodyTypeName: 'Standing Committee' },
        { BodyId: 9, BodyName: 'City Council', BodyTypeName: 'Primary Legislative Body' },
      ],
      '/Persons': [
        {
          PersonId: 1,
          PersonFullName: 'Ann Ames',
          PersonFirstName: 'Ann',
          PersonLastName: 'Ames',
          PersonEmail: 'ann@council.example',
          PersonAddress1: '1 City Hall',
          PersonCity1: 'Seatown',
          PersonState1: 'WA',
          PersonZip1: '98000',
          PersonPhone: '555-0100',
          PersonWWW: null,
        },
        {
          PersonId: 2,
          PersonFullName: 'Bo Berg',
          PersonFirstName: null,
          PersonLastName: null,
          PersonEmail: '',
        },
        {
          PersonId: 3,
          PersonFullName: 'A Clerk',
          PersonFirstName: null,
          PersonLastName: null,
          PersonEmail: null,
        },
      ],
      '/OfficeRecords': [
        {
          OfficeRecordId: 11,
          OfficeRecordPersonId: 1,
          OfficeRecordBodyId: 9,
          OfficeRecordTitle: 'Council Member',
          OfficeRecordMemberType: null,
          OfficeRecordStartDate: '2022-01-01T00:00:00',
          OfficeRecordEndDate: '2025-12-31T00:00:00',
        },
        {
          OfficeRecordId: 12,
          OfficeRecordPersonId: 2,
          OfficeRecordBodyId: 7,
          OfficeRecordTitle: 'Chair',
          OfficeRecordMemberType: null,
          OfficeRecordStartDate: '2022-01-01T00:00:00',
          OfficeRecordEndDate: null,
        },
      ],
      '/Matters': [
        matter(101, {
          MatterName: 'Parks',
          MatterTitle: 'AN ORDINANCE relating to parks',
          MatterStatusName: 'Passed',
          MatterIntroDate: '2024-01-09T00:00:00',
          MatterPassedDate: '2024-02-06T00:00:00',
          MatterVersion: '2',
        }),
        matter(102, {
          MatterTitle: 'A RESOLUTION',
          MatterTypeName: 'Resolution',
          MatterLastModifiedUtc: '2024-03-01T00:00:00',
        }),
        matter(103, {}),
      ],
      ...of(101, {
        Histories: [
          {
            MatterHistoryId: 1002,
            MatterHistoryActionDate: '2024-02-06T00:00:00',
            MatterHistoryActionName: 'pass',
            MatterHistoryActionText: 'The Council Bill was passed.',
            MatterHistoryActionBodyId: 9,
            MatterHistoryPassedFlagName: 'Pass',
            MatterHistoryRollCallFlag: null,
          },
          {
            MatterHistoryId: 1001,
            MatterHistoryActionDate: '2024-01-09T00:00:00',
            MatterHistoryActionName: 'referred',
            MatterHistoryActionText: null,
            MatterHistoryActionBodyId: 9,
            MatterHistoryPassedFlagName: null,
            MatterHistoryRollCallFlag: 0,
          },
        ],
        Sponsors: [
          {
            MatterSponsorNameId: 2,
            MatterSponsorName: 'Bo Berg',
            MatterSponsorSequence: 0,
            MatterSponsorMatterVersion: '1',
          },
          {
            MatterSponsorNameId: 2,
            MatterSponsorName: 'Bo Berg',
            MatterSponsorSequence: 1,
            MatterSponsorMatterVersion: '2',
          },
          {
            MatterSponsorNameId: 1,
            MatterSponsorName: 'Ann Ames',
            MatterSponsorSequence: 0,
            MatterSponsorMatterVersion: '2',
          },
        ],
        Attachments: [
          {
            MatterAttachmentId: 51,
            MatterAttachmentName: 'Summary',
            MatterAttachmentHyperlink: 'https://council.example/s.pdf',
          },
        ],
        Relations: [{ MatterRelationMatterId: 102 }],
        Versions: [
          { Key: '71', Value: '1' },
          { Key: '72', Value: '2' },
        ],
      }),
      ...of(102, { Relations: [{ MatterRelationMatterId: 101 }], Sponsors: null, Versions: null }),
      ...of(103, {}),
      '/EventItems/1002/Votes': [
        { VotePersonId: 2, VotePersonName: 'Bo Berg', VoteValueName: 'Absent', VoteSort: 2 },
        { VotePersonId: 1, VotePersonName: 'Ann Ames', VoteValueName: 'In Favor', VoteSort: 1 },
      ],
      '/Events': [
        {
          EventId: 501,
          EventLastModifiedUtc: modified,
          EventBodyId: 9,
          EventBodyName: 'City Council',
          EventDate: '2024-02-06T00:00:00',
          EventTime: '2:00 PM',
          EventLocation: 'City Hall',
          EventComment: null,
          EventAgendaStatusName: 'Final',
          EventMinutesStatusName: 'Final',
          EventInSiteURL: 'https://seatown.legistar.com/MeetingDetail.aspx?ID=501',
          EventAgendaFile: 'https://council.example/agenda.pdf',
          EventMinutesFile: null,
        },
      ],
      '/Events/501/EventItems': [
        {
          EventItemId: 1000,
          EventItemAgendaSequence: 1,
          EventItemMinutesSequence: 1,
          EventItemTitle: 'ROLL CALL',
          EventItemMatterId: null,
          EventItemRollCallFlag: 1,
        },
        {
          EventItemId: 1002,
          EventItemAgendaSequence: 2,
          EventItemMinutesSequence: 2,
          EventItemTitle: 'AN ORDINANCE relating to parks',
          EventItemMatterId: 101,
          EventItemMatterFile: 'CB 101',
          EventItemPassedFlagName: 'Pass',
          EventItemRollCallFlag: 0,
        },
      ],
      '/EventItems/1000/RollCalls': [
        {
          RollCallPersonId: 1,
          RollCallPersonName: 'Ann Ames',
          RollCallValueName: 'Present',
          RollCallSort: 1,
        },
      ],
    },
    things: {
      '/Matters/101/Texts/72': {
        MatterTextId: 72,
        MatterTextVersion: '2',
        MatterTextPlain: 'Parks are open.',
        MatterTextRtf: null,
      },
    },
  };
}

/** What a test makes go wrong: a status and headers for a request, told its path and how often it was asked for. */
export type Trouble = (
  path: string,
  times: number,
) =>
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string }
  | undefined;

export interface Served {
  /** Address of the council. */
  readonly base: string;
  /** What was asked for, in order. */
  readonly asked: URL[];
  /** Milliseconds that were waited, one after another. */
  readonly waits: number[];
  readonly folder: string;
  readonly open: (options?: { since?: string; environment?: Record<string, string> }) => Promise<Input>;
}

/** Serves a council on loopback until the test ends. */
export async function serve(
  t: Test,
  { lists, things }: Council,
  trouble: Trouble = () => undefined,
): Promise<Served> {
  const asked: URL[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url as string, 'http://here');
    asked.push(url);
    const path = url.pathname.replace('/v1/seatown', '');
    const times = asked.filter(({ pathname }) => pathname === url.pathname).length;
    const wrong = trouble(path, times);
    const send = (status: number, body: string, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(body);
    if (wrong) return send(wrong.status, wrong.text ?? '{"Message":"An error has occurred."}', wrong.headers);
    if (path in things) return send(200, JSON.stringify(things[path]));
    if (!(path in lists)) return send(404, '{"Message":"No HTTP resource was found."}');
    const rows = lists[path];
    return send(200, JSON.stringify(rows && paged(rows, url.searchParams)));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'civic-legistar-'));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/seatown`;
  const waits: number[] = [];
  let clock = 0;
  const outside = {
    fetch,
    // Time stands still but for waiting.
    wait: async (ms: number) => {
      waits.push(ms);
      clock += ms;
    },
    elapsed: () => clock,
    now: () => new Date('2024-05-01T00:00:00Z'),
  };
  const environment = {
    LEGISTAR_DIVISION: 'ocd-division/country:us/state:wa/place:seatown',
    LEGISTAR_FOLDER: folder,
  };
  const open: Served['open'] = ({ since, environment: more } = {}) =>
    openLegistar(base, { ...(since ? { since } : {}), environment: { ...environment, ...more } }, outside);
  return { base, asked, waits, folder, open };
}

/** Filters, order and pages of OData 3, as far as they are asked for; 1,000 rows at most. */
function paged(rows: readonly Row[], parameters: URLSearchParams): Row[] {
  const filter = parameters.get('$filter');
  const [by, direction] = (parameters.get('$orderby') ?? '').split(' ');
  const found = rows.filter((row) => filter === null || holds(filter, row));
  if (by) found.sort((a, b) => (Number(a[by]) - Number(b[by])) * (direction === 'desc' ? -1 : 1));
  const skip = Number(parameters.get('$skip') ?? 0);
  return found.slice(skip, skip + Math.min(1000, Number(parameters.get('$top') ?? 1000)));
}

function holds(filter: string, row: Row): boolean {
  return filter.split(/ and (?=\()/).every((part) =>
    part
      .replace(/^\(|\)$/g, '')
      .split(' or ')
      .some((condition) => {
        const found = /^(\w+) gt (?:datetime'([^']+)'|(\d+))$/.exec(condition);
        if (!found) throw new Error(`not understood: ${condition}`);
        const value = row[found[1] as string];
        return found[2] === undefined
          ? Number(value) > Number(found[3])
          : typeof value === 'string' && value > found[2];
      }),
  );
}

/** All that is read of an input. */
export async function readAll(input: Input): Promise<Read[]> {
  const reads: Read[] = [];
  for await (const read of input.read(() => undefined)) reads.push(read);
  return reads;
}
