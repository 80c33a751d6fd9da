/** The timeline of a policy: what was done, voted, written and said, in one order, with where it stood after each. */
import type { Engine } from '../engine/engine.ts';
import type { Including } from '../engine/include.ts';
import { revisionOf } from '../engine/list.ts';
import { type ReadOptions, visible } from '../engine/read.ts';
import type { PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { readCapped } from './capped.ts';
import { type Proofs, proofByReport, proofsOf } from './evidence/shown.ts';
import { type Dated, ENTRY_KINDS, type EntryKind, inOrder, ORDER_RULE } from './timeline-order.ts';
import { STATUS_RULE, standings } from './timeline-status.ts';

/** Most actions, votes, versions and statements, each, that a timeline has. */
export const MOST_ENTRIES = 200;
/** Most reports of each statement, as lists show them. */
export const MOST_REPORTS = 20;

/** How a timeline is made; documented and answered as it stands. */
export const RULE = `${ORDER_RULE} ${STATUS_RULE}`;

interface Entry extends Dated {
  readonly date_basis: unknown;
  /** What happened, in the words of the record. */
  readonly text: unknown;
  readonly status?: string | null;
  readonly record: PublicRecord;
}

/** More entries of a kind than are shown: those of the policy, or the reports of one statement. */
interface Rest {
  readonly kind: EntryKind;
  readonly statement_id: string | null;
  readonly shown: number;
  readonly more: string;
}

/** The timeline of one policy; 404, 410 and `Moved` as for the policy itself. The same number of statements whatever it has. */
export async function timeline(engine: Engine, name: string, options: Omit<ReadOptions, 'restricted'>) {
  return engine.db.read(async (session) => {
    const policy = await visible(
      engine,
      session,
      kindNamed('policy'),
      name,
      {},
      { ...options, restricted: false },
    );
    const revision = await revisionOf(session, engine);
    const context = { engine, session, restricted: false, single: false, revision };
    const { entries, rest } = await entriesOf(context, policy.id);
    const proofs = await proofsOf(
      context,
      ENTRY_KINDS.map((kind) => ({
        kind: kindNamed(kind),
        records: entries.filter((entry) => entry.kind === kind).map(({ record }) => record),
      })),
    );
    const ordered = inOrder(entries);
    const standing = standings(ordered, hiddenFrom(entries, rest));
    const reports = Map.groupBy(
      entries.filter(({ kind }) => kind === 'statement_report'),
      ({ of }) => of,
    );
    const data = ordered.map(({ entry, place }, at) => ({
      kind: entry.kind,
      id: entry.id,
      date: entry.date,
      date_basis: entry.date_basis ?? null,
      placed: { at: place.at, by: place.by },
      text: entry.text ?? null,
      ...standing[at],
      record: entry.record,
      evidence: withReports(proofs.get(entry.id), entry, reports.get(entry.id) ?? []),
    }));
    const { id, slug, title, status, status_as_of } = policy;
    const meta = { policy: { id, slug, title, status, status_as_of }, revision, rule: RULE, capped: rest };
    return { data, meta };
  });
}

async function entriesOf(context: Including, policyId: string): Promise<{ entries: Entry[]; rest: Rest[] }> {
  const entries: Entry[] = [];
  const rest: Rest[] = [];
  for (const [kind, { sort, include, make }] of Object.entries(PARTS) as [EntryKind, Part][]) {
    const wanting = { filters: { policy: [policyId] }, sort, limit: MOST_ENTRIES, include };
    const { records, more } = await readCapped(context, kindNamed(kind), wanting);
    entries.push(...records.flatMap(make));
    if (more) rest.push({ kind, statement_id: null, shown: records.length, more });
    for (const { id, reports } of records) {
      const beyond = (reports as { more: string | null } | undefined)?.more;
      if (beyond)
        rest.push({ kind: 'statement_report', statement_id: id, shown: MOST_REPORTS, more: beyond });
    }
  }
  return { entries, rest };
}

/** How one of the lists that make up a timeline is read, and the entries that a record of it makes. */
interface Part {
  readonly sort: string;
  readonly include: readonly string[];
  readonly make: (record: PublicRecord) => Entry[];
}

const text = (value: unknown) => (value ?? null) as string | null;

/** The parts of a timeline: each list is read from its earliest record on. */
const PARTS: Readonly<Partial<Record<EntryKind, Part>>> = {
  action: {
    sort: 'date',
    include: [],
    make: (record) => [
      {
        ...dated('action', record, record.description),
        position: record.position as number | null,
        status: text(record.status_after),
      },
    ],
  },
  vote_event: {
    sort: 'date',
    include: [],
    make: ({ votes: _, ...record }) => [
      { ...dated('vote_event', record as PublicRecord, record.motion), of: text(record.action_id) },
    ],
  },
  policy_version: {
    sort: 'date',
    include: [],
    make: (record) => [dated('policy_version', record, record.label ?? record.classification)],
  },
  statement: {
    sort: 'said_on',
    include: ['official', 'organization', 'stances', 'reports'],
    make: ({ reports, ...record }) => [
      {
        ...dated('statement', record as PublicRecord, record.text ?? record.summary),
        date: text(record.said_on),
        date_basis: record.said_on_basis,
      },
      ...(reports as { data: readonly PublicRecord[] }).data.map(reported),
    ],
  },
};

function dated(kind: EntryKind, record: PublicRecord, words: unknown): Entry {
  return {
    kind,
    id: record.id,
    date: text(record.date),
    date_basis: record.date_basis,
    text: words,
    record,
  };
}

/** A report, dated by when its source was published. */
function reported(record: PublicRecord): Entry {
  const source = record.source as PublicRecord | null;
  return {
    ...dated('statement_report', record, record.quoted_text ?? record.attribution_text),
    date: text(source?.published_on),
    date_basis: source?.published_on_basis,
    of: record.statement_id as string,
  };
}

/** The date from which on there are actions that are not shown; undefined where all are. */
function hiddenFrom(entries: readonly Entry[], rest: readonly Rest[]): string | undefined {
  if (!rest.some(({ kind }) => kind === 'action')) return undefined;
  return entries.findLast(({ kind }) => kind === 'action')?.date ?? '';
}

/** What an entry stands on: its citations and, of a statement, its reports; a report is evidence itself. */
function withReports(proofs: Proofs | undefined, entry: Entry, reports: readonly Entry[]): Proofs {
  const own = entry.kind === 'statement_report' ? [entry] : reports;
  const { data, more } = proofs ?? { data: [], more: null };
  return { data: [...data, ...own.map(({ record }) => proofByReport(record))], more };
}
