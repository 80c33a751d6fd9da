import fc from 'fast-check';
import t from 'tap';
import type { Content } from '../../src/engine/content.ts';
import { merge } from '../../src/engine/merge.ts';
import { redirectOf } from '../../src/engine/redirects.ts';
import { readStored, type Stored } from '../../src/engine/store.ts';
import { unmerge } from '../../src/engine/unmerge.ts';
import { create } from '../../src/engine/write.ts';
import { type Writer, writing } from '../../src/engine/writer.ts';
import { Problem } from '../../src/errors.ts';
import type { Kind } from '../../src/model/declare.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { type TestApp, testApp } from '../helper.ts';

/** What each record of a world is made of, from the records before it; `pick` gives one of a kind by number. */
type Made = (pick: (kind: string, at: number) => string, at: number) => Content;

const world: readonly (readonly [kind: string, many: number, made: Made])[] = [
  ['jurisdiction', 2, (_, at) => ({ name: `Place ${at}`, classification: 'municipality' })],
  [
    'organization',
    3,
    (pick, at) => ({
      name: `Body ${at % 2}`,
      jurisdiction_id: pick('jurisdiction', at),
      classification: 'council',
      other_names: [{ name: `Old ${at}` }],
    }),
  ],
  [
    'official',
    3,
    (_, at) => ({
      name: `Member ${at % 2}`,
      other_names: [{ name: `Member ${at}`, note: 'x' }],
      identifiers: [{ scheme: 'test', identifier: crypto.randomUUID() }],
    }),
  ],
  ['topic', 3, (pick, at) => ({ name: `Topic ${at}`, ...(at % 3 ? { parent_id: pick('topic', at) } : {}) })],
  ['publisher', 2, (_, at) => ({ name: `Paper ${at}`, kind: 'newspaper' })],
  [
    'source',
    3,
    (pick, at) => ({ kind: 'news_article', title: `Story ${at}`, publisher_id: pick('publisher', at) }),
  ],
  [
    'policy',
    4,
    (pick, at) => ({
      type: 'bill',
      title: `Bill ${at}`,
      jurisdiction_id: pick('jurisdiction', at),
      organization_id: pick('organization', at + 1),
      topics: [...new Set([pick('topic', at), pick('topic', at * 3 + 1)])],
      ...(at % 2 ? { parent_id: pick('policy', at) } : {}),
    }),
  ],
  [
    'action',
    3,
    (pick, at) => ({
      policy_id: pick('policy', at),
      description: `Step ${at}`,
      official_id: pick('official', at),
      classification: ['introduction'],
    }),
  ],
  [
    'vote_event',
    2,
    (pick, at) => ({
      policy_id: pick('policy', at),
      organization_id: pick('organization', at),
      votes: [0, 1, 2].map((vote) => ({
        name: `Voter ${vote}`,
        option: 'yes',
        ...(vote === at % 3 ? {} : { official_id: pick('official', at + vote) }),
      })),
    }),
  ],
  [
    'meeting',
    2,
    (pick, at) => ({
      organization_id: pick('organization', at),
      name: `Meeting ${at}`,
      agenda: [{ title: 'One', policy_id: pick('policy', at) }, { title: 'Two' }],
    }),
  ],
  [
    'membership',
    2,
    (pick, at) => ({
      official_id: pick('official', at),
      organization_id: pick('organization', at),
      role: 'Member',
    }),
  ],
  [
    'relation',
    2,
    (pick, at) => ({
      subject_id: pick('policy', 0),
      object_id: pick('policy', 1 + (at % 3)),
      type: 'amends',
    }),
  ],
  [
    'statement',
    3,
    (pick, at) => ({
      official_id: pick('official', at),
      speaker_name: 'Member 1',
      text: `We will do it, said number ${at % 2}.`,
      kind: 'other',
    }),
  ],
  [
    'statement_report',
    3,
    (pick, at) => ({
      statement_id: pick('statement', at),
      source_id: pick('source', at),
      quoted_text: 'We will do it, said number 1.',
      speaker_as_printed: `Member ${at % 3}`,
      form: 'verbatim',
    }),
  ],
  ['stance', 2, (pick, at) => ({ statement_id: pick('statement', at), topic_id: pick('topic', at) })],
  [
    'citation',
    4,
    (pick, at) => {
      const record_type = ['official', 'policy', 'topic', 'statement'][at % 4] as string;
      return { record_type, record_id: pick(record_type, at), source_id: pick('source', at) };
    },
  ],
];

/** Makes a world, each of its records from a number. */
async function makeWorld(writer: Writer, numbers: readonly number[]): Promise<Map<string, string[]>> {
  const ids = new Map<string, string[]>();
  const pick = (kind: string, at: number) => {
    const known = ids.get(kind) as string[];
    return known[at % known.length] as string;
  };
  let next = 0;
  for (const [name, many, made] of world) {
    const mine: string[] = [];
    for (let at = 0; at < many; at += 1) {
      ids.set(name, mine);
      // The first of a kind has none of its own to point at.
      const number = at === 0 ? 0 : (numbers[next % numbers.length] as number);
      next += 1;
      mine.push((await create(writer, kindNamed(name), made(pick, number))).id);
    }
  }
  return ids;
}

const MOVING = new Set(['version', 'updated_at', 'seq', 'moved_seq', 'shown_of', 'shown']);

/** Every row of every table of records, without what each write moves on; by table, in order. */
async function everything({ db }: TestApp): Promise<Record<string, string[]>> {
  const tables = [...db.tables.kinds, ...db.tables.rows, ['identifiers', db.tables.identifiers] as const];
  return db.read(async (session) => {
    const found: Record<string, string[]> = {};
    for (const [name, table] of tables) {
      const rows = await session.all(`test: all of ${name}`, (on) => on.select().from(table));
      const kept = rows.map((row) => Object.entries(row).filter(([column]) => !MOVING.has(column)));
      found[name] = kept.map((row) => JSON.stringify(Object.fromEntries(row))).sort();
    }
    return found;
  });
}

const author = { actor: 'test', reason: null };

interface Step {
  readonly kind: string;
  readonly merged: number;
  readonly into: number;
}

const mergeable = [
  'organization',
  'official',
  'topic',
  'source',
  'publisher',
  'policy',
  'statement',
  'jurisdiction',
];
const aStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...mergeable),
  merged: fc.nat(5),
  into: fc.nat(5),
});

/** Merges what a step names, when both live; says whether that was done. */
async function mergeStep(app: TestApp['app'], kind: Kind, merged: string, into: string): Promise<boolean> {
  try {
    await writing(app.engine, author, async (writer) => {
      const [one, other] = [await readStored(writer, kind, merged), await readStored(writer, kind, into)];
      await merge(writer, kind, one as Stored, other as Stored);
    });
    return true;
  } catch (error) {
    if (error instanceof Problem && error.problem === 'conflict') return false;
    throw error;
  }
}

t.test('merges taken back leave everything as it was, in any small world', async (t) => {
  const tested = await testApp(t);
  const { app } = tested;
  let done = 0;
  const property = fc.asyncProperty(
    fc.array(fc.nat(30), { minLength: 10, maxLength: 40 }),
    fc.array(aStep, { minLength: 1, maxLength: 4 }),
    async (numbers, steps) => {
      const ids = await writing(app.engine, author, (writer) => makeWorld(writer, numbers));
      const undo: [Kind, string][] = [];
      const states = [await everything(tested)];
      const gone = new Set<string>();
      for (const { kind: name, merged, into } of steps) {
        const mine = ids.get(name) as string[];
        const [from, to] = [mine[merged % mine.length] as string, mine[into % mine.length] as string];
        if (from === to || gone.has(from) || gone.has(to)) continue;
        const kind = kindNamed(name);
        if (!(await mergeStep(app, kind, from, to))) continue;
        done += 1;
        gone.add(from);
        undo.push([kind, from]);
        const state = await everything(tested);
        for (const rows of Object.values(state)) {
          // Tombstones stay as they are, and so do the rows beside them; both have the id first.
          const living = rows.filter((row) => !gone.has(/^\{"\w+":"([^"]*)"/.exec(row)?.[1] ?? ''));
          const left = living.filter((row) => row.includes(from));
          // A name that was taken along says where it comes from.
          const pointing = left.filter((row) => !row.includes(`the name of ${from}`));
          if (pointing.length > 0) throw new Error(`${pointing[0]} points at ${from} still`);
        }
        states.push(state);
      }
      for (const [kind, id] of undo.reverse()) {
        await writing(app.engine, author, async (writer) => {
          const redirect = await redirectOf(writer, id);
          await unmerge(
            writer,
            kind,
            (await readStored(writer, kind, id)) as Stored,
            redirect as never,
            false,
          );
        });
        states.pop();
        const [now, then] = [await everything(tested), states.at(-1)];
        for (const [table, rows] of Object.entries(now)) {
          const wrong = rows.find((row, at) => row !== then?.[table]?.[at]);
          if (wrong || rows.length !== then?.[table]?.length)
            throw new Error(`${table} is another: ${wrong}`);
        }
      }
    },
  );
  const result = await fc.check(property, { numRuns: 12, endOnFailure: false });
  t.notOk(
    result.failed,
    'all is as it was',
    result.failed ? { report: fc.defaultReportMessage(result), error: String(result.errorInstance) } : {},
  );
  t.ok(done > 5, `${done} merges were done and taken back`);
});
