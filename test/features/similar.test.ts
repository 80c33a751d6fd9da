import fc from 'fast-check';
import t, { type Test } from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import { create } from '../../src/engine/write.ts';
import { writing } from '../../src/engine/writer.ts';
import { fillWordings } from '../../src/features/wordings-fill.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { chanceFrom, voiceOf } from '../bench/utterances.ts';
import { cases } from '../cases.ts';
import { readingApp, type TestApp, testApp } from '../helper.ts';

interface Found {
  readonly score: number;
  readonly statement: { readonly id: string; readonly slug: string; readonly text: string | null };
  readonly explanation: Record<string, unknown> & {
    readonly wording: Readonly<Record<string, string | null>>;
  };
}

const at = (text: string, more = '') => `/v1/statements/similar?text=${encodeURIComponent(text)}${more}`;

/** What a quotation finds. */
async function found({ call }: Pick<TestApp, 'call'>, text: string, more = ''): Promise<Found[]> {
  const { status, body } = await call('GET', at(text, more));
  if (status !== 200) throw new Error(`${text} is answered with ${status}`);
  return body.data;
}

const slugs = (answers: readonly Found[]) => answers.map(({ statement }) => statement.slug);

/** A seeded tracker with so many more statements. */
async function among(t: Test, others: number): Promise<TestApp & { readonly said: readonly string[] }> {
  const app = await testApp(t, 'seeded');
  const voice = voiceOf('seeds', chanceFrom(7));
  const said = Array.from({ length: others }, voice.utterance);
  const kind = kindNamed('statement');
  await writing(app.app.engine, { actor: 'test', reason: null }, async (writer) => {
    for (const [at, text] of said.entries())
      await create(writer, kind, { speaker_name: 'Someone', text, slug: `other-${at}` });
  });
  return { ...app, said };
}

t.test('among hundreds of others', async (parent) => {
  const app = await among(parent, 700);

  parent.test('a quotation finds what was said, however it is altered', async (t) => {
    const goldberg = 'goldberg-not-running-in-fear';
    const [deporting, together] = ['homan-nothing-will-stop-deportations', 'homan-with-you-or-without-you'];
    const altered: readonly (readonly [how: string, text: string, slug: string])[] = [
      ['as it is', 'Nothing will stop us from deporting migrant criminals.', deporting],
      [
        'in another outlet’s words',
        'There is nothing stopping us from deporting criminal immigrants',
        deporting,
      ],
      ['words replaced', 'Nothing can stop us from removing migrant criminals', deporting],
      ['words left out', 'Nothing will stop us deporting criminals', deporting],
      ['cut', 'fight you, every inch of the way', goldberg],
      ['cut, with an ellipsis', 'not going to be running in fear … every inch of the way', goldberg],
      [
        'sentences swapped',
        'We’re going to fight you, every inch of the way. We’re not going to be running in fear',
        goldberg,
      ],
      ['joined with more', 'We are going to do the job with you or without you, that much is sure', together],
      ['in other case and marks', 'WERE GOING TO—“do the job”—with you; or: without you!!', together],
    ];
    for (const [how, text, slug] of altered) t.equal(slugs(await found(app, text))[0], slug, how);
  });

  parent.test('a quotation of nobody finds nothing', async (t) => {
    const nobody = [
      'The library on the hill opens its doors at nine each morning',
      'Kukaku lomimi rentari stavolo delquinta',
      'Nobody asked the gardener how many roses he had planted that spring',
      '人们都说今天的天气很好',
    ];
    for (const text of nobody) t.same(slugs(await found(app, text)), [], text);
  });

  parent.test('a question costs five statements, whatever is asked', async (t) => {
    for (const text of ['fear', 'the', app.said.slice(0, 12).join(' ').slice(0, 1900)]) {
      const before = app.db.statements();
      await found(app, text, '&limit=50');
      t.ok(app.db.statements() - before <= 6, text.slice(0, 20));
    }
  });

  parent.test('what holds of every quotation', async (t) => {
    const said = fc.constantFrom(...app.said);
    const shape = (answers: readonly Found[]) => answers.map(({ score, statement }) => [statement.id, score]);

    await fc.assert(
      fc.asyncProperty(
        said,
        fc.array(fc.constantFrom(' ', ' — ', ', ', ' “', '” ', '; ', '\n'), { minLength: 60, maxLength: 60 }),
        fc.boolean(),
        async (text, marks, up) => {
          const words = text.replace(/[.,]/g, '').split(' ');
          const altered = words.map((word, at) => (up ? word.toUpperCase() : word) + marks[at]).join('');
          t.same(shape(await found(app, altered)), shape(await found(app, words.join(' '))));
        },
      ),
      { numRuns: cases(25) },
    );
    t.pass('case, quote marks and dashes change nothing');

    await fc.assert(
      fc.asyncProperty(said, fc.nat(), fc.nat(), async (text, from, more) => {
        const words = text.split(' ');
        const length = Math.min(words.length, 6 + (more % 20));
        const part = words
          .slice(from % (words.length - length + 1))
          .slice(0, length)
          .join(' ');
        const answers = await found(app, part, '&limit=50');
        const right = answers.find(({ statement }) => statement.text === text);
        return right?.explanation.coverage_of_quotation === 1 && right.explanation.in_order === true;
      }),
      { numRuns: cases(60) },
    );
    t.pass('six words or more of a wording find it');
  });
});

t.test('what was said is found though hundreds said the same and more', async (t) => {
  const app = await testApp(t);
  const words = 'we are going to do all that we can';
  const kind = kindNamed('statement');
  await writing(app.app.engine, { actor: 'test', reason: null }, async (writer) => {
    for (let at = 0; at < 260; at += 1)
      await create(writer, kind, {
        speaker_name: 'Someone',
        text: `${words}, number ${at}`,
        slug: `more-${at}`,
      });
    await create(writer, kind, { speaker_name: 'Someone', text: words, slug: 'no-more' });
  });
  const [first, second] = await found(app, words.toUpperCase());
  t.match(
    first,
    { score: 1, statement: { slug: 'no-more' } },
    'the same words, though all were known to others before',
  );
  t.ok((second?.score as number) < 1);
  t.same(
    slugs(await found(app, `${words} number 259`)).slice(0, 1),
    ['more-259'],
    'by what it has of its own',
  );
  t.equal(
    (await found(app, 'going to do all that', '&limit=50')).length,
    50,
    'where all is common, the first',
  );
});

t.test('one to three words find what has them', async (t) => {
  const app = await readingApp(t);
  const few: readonly (readonly [text: string, slugs: readonly string[]])[] = [
    ['hell', ['homan-get-the-hell-out-of-the-way']],
    ['migrant criminals', ['homan-nothing-will-stop-deportations']],
    ['migrants criminals', ['homan-nothing-will-stop-deportations']],
    ['city facilities', ['raman-no-city-resources']],
    ['sanctuary city', []],
    ['running … fear', ['goldberg-not-running-in-fear']],
    ['of the way', ['homan-get-the-hell-out-of-the-way', 'goldberg-not-running-in-fear']],
  ];
  for (const [text, wanted] of few) t.same(slugs(await found(app, text)), wanted, text);
});

t.test('a score is explained, and the better one stands first', async (t) => {
  const app = await readingApp(t);
  const text = 'going to work with you or without you';
  const { body } = await app.call('GET', at(text));
  const [best] = body.data as [Found];
  t.match(best, {
    score: 0.971,
    explanation: {
      words: 8,
      same_words: 8,
      alike_words: 0,
      coverage_of_quotation: 1,
      coverage_of_wording: 0.882,
      in_order: true,
      shared: [text],
      wording: { of: 'statement_report', text: 'We’re going to work with you, or without you,' },
    },
    statement: { slug: 'homan-with-you-or-without-you' },
  });
  const { coverage_of_quotation: quotation, coverage_of_wording: wording } = best.explanation;
  const score = Number(quotation) * (0.75 + 0.25 * Number(wording));
  t.ok(Math.abs(score - best.score) < 0.001, 'by the rule');
  t.match(body.meta, {
    limit: 10,
    min_score: 0.5,
    complete: true,
    rule: /coverage_of_quotation × \(0.75 \+ 0.25/,
  });
  const report = (
    await app.call('GET', `/v1/statement-reports/${best.explanation.wording.statement_report_id}`)
  ).body;
  t.equal(report.quoted_text, best.explanation.wording.text, 'the wording is that of the report named');
  t.equal(report.source_id, best.explanation.wording.source_id);
});

t.test('the answer can be narrowed and filled', async (t) => {
  const app = await readingApp(t);
  const text = 'nothing stopping us from deporting';
  const [all] = await found(app, text, '&include=official,reports&limit=1');
  t.match(all?.statement, { official: { slug: 'tom-homan' }, reports: { data: { length: 2 } } });
  t.ok((all?.score as number) < 0.95);
  t.same(await found(app, text, '&min_score=0.95'), [], 'nothing that good');
  const first = await app.call('GET', at(text));
  const again = await app.call('GET', at(text), { headers: { 'if-none-match': String(first.headers.etag) } });
  t.equal(again.status, 304, 'what the client has is current');
  t.equal((await app.call('HEAD', at(text))).status, 200);
});

const refused: readonly (readonly [query: string, parameter: string, message: RegExp])[] = [
  ['', 'text', /missing|required/],
  ['text=', 'text', /short|at least|character/],
  [`text=${'a '.repeat(1000)}b`, 'text', /long|at most|character/],
  [`text=${'a '.repeat(500)}`, 'text', /has 500 words/],
  ['text=%E2%80%A6%20%21', 'text', /has no word/],
  ['text=a&limit=51', 'limit', /./],
  ['text=a&limit=Infinity', 'limit', /./],
  ['text=a&min_score=0.4', 'min_score', /./],
  ['text=a&min_score=Infinity', 'min_score', /./],
  ['text=a&min_score=NaN', 'min_score', /./],
  ['text=a&include=speaker', 'include', /./],
  ['text=a&official=tom-homan', 'official', /./],
  ['text=a&text=b', 'text', /./],
];

t.test('a wrong question is refused by name', async (t) => {
  const { call } = await readingApp(t);
  for (const [query, parameter, message] of refused) {
    const { status, body } = await call('GET', `/v1/statements/similar?${query}`);
    t.equal(status, 400, query.slice(0, 40));
    t.match(body.errors[0], { message }, query.slice(0, 40));
    t.match(body.errors[0].parameter, parameter, query.slice(0, 40));
  }
  const posted = await call('POST', '/v1/statements/similar', { body: {} });
  t.equal(posted.status, 405);
  t.match(posted.headers.allow, /GET/);
});

t.test('no statement is called similar', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const body = { speaker_name: 'Someone', text: 'Similar', slug: 'similar' };
  const { status, body: problem } = await call('POST', '/v1/statements', { key: await key('write'), body });
  t.equal(status, 422);
  t.match(problem.errors[0], { pointer: '/slug' });
  const { slug: _, ...unnamed } = body;
  const made = await call('POST', '/v1/statements', { key: await key('write'), body: unnamed });
  t.equal(made.body.slug, 'similar-2');
});

t.test('the index follows every write', async (t) => {
  const app = await testApp(t, 'seeded');
  const { call } = app;
  const key = await app.key('write');
  const finds = async (text: string) => (await found(app, text)).length > 0;
  const write = async (method: string, path: string, body?: object) => {
    const answer = await call(method, `/v1/${path}`, { key, ifMatch: '*', ...(body ? { body } : {}) });
    t.ok(answer.status < 300, `${method} ${path}`);
    return answer.body;
  };
  const [one, two] = ['the bridges of this town are older than its mayors', 'every lantern is counted twice'];
  const { id } = await write('POST', 'statements', { speaker_name: 'Someone', text: one });
  t.ok(await finds(one), 'a new statement');
  await write('PATCH', `statements/${id}`, { text: two });
  t.notOk(await finds(one), 'no longer its old words');
  t.ok(await finds(two), 'its new ones');
  const quoted = {
    statement_id: id,
    source_id: 'los-angeles-sanctuary-first-story',
    form: 'verbatim',
    quoted_text: one,
  };
  const report = await write('POST', 'statement-reports', quoted);
  t.ok(await finds(one), 'the words of a report');
  await write('PATCH', `statement-reports/${report.id}`, { report_status: 'retracted' });
  t.notOk(await finds(one), 'not of a retracted one');
  await write('PATCH', `statement-reports/${report.id}`, { report_status: 'corrected' });
  await write('PATCH', 'sources/los-angeles-sanctuary-first-story', { status: 'retracted' });
  t.notOk(await finds(one), 'nor of a retracted source');
  await write('PATCH', 'sources/los-angeles-sanctuary-first-story', { status: 'live' });
  t.ok(await finds(one), 'as it was');
  await write('DELETE', `statement-reports/${report.id}`);
  t.notOk(await finds(one), 'a deleted one');
  await write('POST', `statement-reports/${report.id}/restore`);
  t.ok(await finds(one), 'a restored one');
  await write('DELETE', `statements/${id}?cascade=true`);
  t.notOk((await finds(one)) || (await finds(two)), 'all of a deleted statement');
  await write('POST', `statements/${id}/restore`);
  t.ok((await finds(one)) && (await finds(two)), 'all of it, restored');
});

t.test('wordings from before the index are brought into it, a page at a time', async (t) => {
  const app = await testApp(t, 'seeded');
  const { db } = app;
  const { marks, wordings, wordingShingles } = db.tables;
  const text = 'nothing stopping us from deporting';
  const before = await found(app, text);
  t.equal(before.length, 1);
  // As the migration leaves a tracker that has statements.
  await db.write(async (session) => {
    await session.run('no wordings', (on) => on.delete(wordings));
    await session.run('no shingles', (on) => on.delete(wordingShingles));
    const values = {
      name: 'wordings',
      value: { kind: 'statement', after: null },
      updated_at: '2026-01-01T00:00:00.000Z',
    };
    await session.run('mark', (on) => on.insert(marks).values(values as never));
  });
  const { body, headers } = await app.call('GET', at(text));
  t.same(
    [body.data, body.meta.complete, headers.etag],
    [[], false, undefined],
    'it says that more may be found',
  );
  const key = await app.key('write');
  const written = { speaker_name: 'Someone', text: 'written while the others were being indexed' };
  await app.call('POST', '/v1/statements', { key, body: written });
  t.equal((await found(app, written.text)).length, 1, 'what is written meanwhile is indexed at once');
  const stopped = new AbortController();
  stopped.abort();
  t.equal(await fillWordings(app.app.engine, stopped.signal, 3), 0, 'nothing is done once stopped');
  const seen = await fillWordings(app.app.engine, new AbortController().signal, 3);
  const after = await app.call('GET', at(text));
  t.same(after.body.data, before, 'all is found again');
  t.ok(after.body.meta.complete && seen > 10, `${seen} records looked at`);
  t.equal(
    await fillWordings(app.app.engine, new AbortController().signal, 3),
    0,
    'a second time does nothing',
  );
  const count = await db.read((session) =>
    session.all<{ n: number }>('marks', (on) =>
      on.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(marks),
    ),
  );
  t.equal(count[0]?.n, 0, 'the mark is gone');
});
