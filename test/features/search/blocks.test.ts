/** Searching an index of many blocks, of which only those are read on that may have hits. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { NIL } from 'uuid';
import { sql } from '../../../src/db/drizzle.ts';
import { BLOCK } from '../../../src/features/search/doc-set.ts';
import { Held, matchBlocks } from '../../../src/features/search/matching.ts';
import { saveDocuments } from '../../../src/features/search/postings.ts';
import { parseQuery } from '../../../src/features/search/query.ts';
import { sumUp } from '../../../src/features/search/spans.ts';
import { wordsIn } from '../../../src/features/search/words.ts';
import { kindNamed } from '../../../src/model/kinds.ts';
import { createAll } from '../../engine/crawler.ts';
import { type TestApp, testApp } from '../../helper.ts';

const policy = kindNamed('policy');
const BLOCKS = 60;
const VOCABULARY = ['river', 'bridge', 'school', 'board', 'schoolhouse', 'it'];
/** Rarer the later they stand. */
const word = fc
  .nat(99)
  .map((chance) => VOCABULARY[Math.floor((chance / 100) ** 2 * VOCABULARY.length)] as string);
const text = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));

interface Told {
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly type: string;
}

/** Policies of which each stands in a block of its own. */
async function spread({ app, db }: TestApp): Promise<Told[]> {
  await createAll(app.engine, kindNamed('jurisdiction'), [
    { slug: 'here', name: 'Here', classification: 'municipality' },
  ]);
  const told: Told[] = [];
  for (const [at, [title, summary]] of fc
    .sample(fc.tuple(text, text), { numRuns: BLOCKS, seed: 11 })
    .entries()) {
    const place = { number: (at + 1) * BLOCK - 1, kind: 'policy', record_id: NIL, marks: [] };
    await db.write((session) => saveDocuments(db, session, [place]), { alone: true });
    const type = at % 3 === 0 ? 'bill' : 'ordinance';
    const one = { slug: `policy-${at}`, title: title || '—', summary: summary || '—', type };
    await createAll(app.engine, policy, [{ ...one, jurisdiction_id: 'here' }]);
    told.push(one);
    const { searchDocuments: table } = db.tables;
    await db.write(
      (session) => session.run('no place', (on) => on.delete(table).where(sql`${table.record_id} = ${NIL}`)),
      { alone: true },
    );
  }
  return told.reverse();
}

const spelt = (of: string) => [...wordsIn(of)].map((one) => one.word);
/** Whether a text has a term: a word, `begin*`, or words side by side. */
function has(of: string, term: string): boolean {
  if (term.endsWith('*')) return spelt(of).some((one) => one.startsWith(term.slice(0, -1)));
  return ` ${spelt(of).join(' ')} `.includes(` ${term.replaceAll('"', '')} `);
}

/** Slugs of what a query finds, in the order of hits. */
function expected(told: readonly Told[], terms: readonly string[], without: readonly string[]): string[] {
  const found = told.filter(
    ({ title, summary }) =>
      terms.every((term) => has(title, term) || has(summary, term)) &&
      without.every((term) => !has(title, term) && !has(summary, term)),
  );
  const tier = ({ title }: Told) => {
    const named = terms.filter((term) => has(title, term)).length;
    return named === 0 ? 0 : named === terms.length ? 2 : 1;
  };
  return found.sort((a, b) => tier(b) - tier(a)).map(({ slug }) => slug);
}

/** Holds what is found against what should be. */
async function holdAgainst(t: Test, app: TestApp, told: readonly Told[]): Promise<void> {
  const rows: [terms: string[], without?: string[]][] = [
    ...VOCABULARY.map((one): [string[]] => [[one]]),
    [['river', 'board']],
    [['board', 'river', 'bridge', 'school']],
    [['schoo*']],
    [['schoo*', 'it']],
    [['nowhe*']],
    [['schoolh*', 'riv*']],
    [['river', 'river*'], ['board']],
    [['"river bridge"']],
    [['"river river"', 'school']],
    [[], ['river']],
    [[], ['riv*', '"school it"']],
    [['bridge'], ['"river river"']],
    [['nowhere']],
  ];
  for (const [terms, without = []] of rows) {
    const q = [...terms, ...without.map((term) => `-${term}`)].join(' ');
    for (const type of ['', '&type=bill']) {
      const wanted = told.filter((one) => type === '' || one.type === 'bill');
      const slugs: string[] = [];
      let url: string | null =
        `/v1/policies?q=${encodeURIComponent(q)}${type}&limit=7&count=exact&facets=type`;
      for (let first = true; url !== null; first = false) {
        const { body } = await app.call('GET', url);
        slugs.push(...body.data.map((one: { slug: string }) => one.slug));
        url = body.links.next;
        if (!first) continue;
        const { total, total_is, facets } = body.meta;
        const counted = facets.type.values.reduce(
          (sum: number, { count }: { count: number }) => sum + count,
          0,
        );
        const right = expected(wanted, terms, without).length;
        const sure = !q.includes('"');
        t.equal(total_is, sure ? 'exact' : 'about', `${q}${type}`);
        t.equal(facets.type.exact, sure);
        if (sure) t.same([total, counted], [right, right]);
      }
      t.same(slugs, expected(wanted, terms, without), `${q}${type}`);
    }
  }
}

const never = new AbortController().signal;

t.test('hits are all that have the words, in their order, in however many blocks they stand', async (t) => {
  const app = await testApp(t);
  const told = await spread(app);
  await holdAgainst(t, app, told);
  t.ok((await sumUp(app.app.engine, never, 3)) > BLOCKS, 'in steps of any size');
  t.equal(await sumUp(app.app.engine, never), 0, 'nothing is left to sum up');
  // What was answered before is not answered again from memory.
  await createAll(app.app.engine, kindNamed('topic'), [{ slug: 'another', name: 'Another' }]);
  await holdAgainst(t, app, told);
});

t.test('what is written to blocks that are summed up is found, and what is taken out is not', async (t) => {
  const app = await testApp(t);
  const told = await spread(app);
  await sumUp(app.app.engine, never);
  const { slug } = told[50] as Told;
  const change = { key: await app.key('write'), ifMatch: '*' };
  const found = async (q: string) =>
    (await app.call('GET', `/v1/policies?q=${q}`)).body.data.map((one: { slug: string }) => one.slug);
  t.same(await found('lighthouse'), []);
  await app.call('PATCH', `/v1/policies/${slug}`, { ...change, body: { title: 'The lighthouse' } });
  t.same(await found('lighthouse'), [slug]);
  t.same(await found('lighthouse+-the'), []);
  await app.call('PATCH', `/v1/policies/${slug}`, {
    ...change,
    body: { title: 'The tower', summary: 'A lighthouse' },
  });
  t.same(await found('lighthouse'), [slug]);
  t.same(await found('%22the+tower%22'), [slug]);
  await app.call('DELETE', `/v1/policies/${slug}`, change);
  t.same(await found('lighthouse'), []);
});

t.test('far fewer rows are read of blocks that are summed up', async (t) => {
  const app = await testApp(t);
  await spread(app);
  const rows = async () => {
    const { db } = app;
    return db.read(async (session) => {
      const held = new Held(db, session);
      const query = parseQuery('river arch');
      await matchBlocks(
        held,
        { query, marks: [] },
        Array.from({ length: BLOCKS }, (_, at) => at),
      );
      return held.rows;
    });
  };
  const before = await rows();
  await sumUp(app.app.engine, never);
  t.ok(before > BLOCKS / 2, `${before} rows before`);
  t.ok((await rows()) < before / 4);
});
