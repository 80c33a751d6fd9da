import t, { type Test } from 'tap';
import { type Answer, readingApp, testApp } from '../helper.ts';

const STATEMENT = 'homan-nothing-will-stop-deportations';
const at = (slug: string) => `/v1/statements/${slug}/variants`;

interface Stretch {
  readonly op: string;
  readonly text: string;
}

/** A tracker with a statement of one's own, and calls to add reports to it. */
async function tracker(t: Test, statement: object = { text: 'We will not give in.' }) {
  const { call, key, db } = await testApp(t, 'seeded');
  const writer = await key('write');
  const post = async (path: string, body: object) => {
    const made = await call('POST', `/v1/${path}`, { body, key: writer });
    t.equal(made.status, 201, `${path} takes ${JSON.stringify(body).slice(0, 100)}`);
    return made.body;
  };
  const { slug, id } = await post('statements', { speaker_name: 'Ann Lee', summary: 'No.', ...statement });
  const source = async (name: string) => {
    const publisher = await post('publishers', { name });
    const body = { kind: 'news_article', title: `Story of ${name}`, publisher_id: publisher.id };
    return (await post('sources', body)).id as string;
  };
  const report = async (of: string, quoted_text: string | null, more: object = {}) => {
    const form = quoted_text === null ? 'paraphrase' : 'verbatim';
    const body = { statement_id: id, source_id: await source(of), quoted_text, form, ...more };
    return (await post('statement-reports', body)).id as string;
  };
  return { call, db, writer, slug: slug as string, id: id as string, post, report };
}

type Tracker = Awaited<ReturnType<typeof tracker>>;

const texts = (diff: readonly Stretch[], ...ops: string[]) =>
  diff.flatMap(({ op, text }) => (ops.includes(op) ? text : [])).join('');

t.test('the two stories’ wordings stand side by side, with all that the rule went by', async (t) => {
  const { call } = await readingApp(t);
  const { status, body } = await call('GET', at(STATEMENT));
  t.equal(status, 200);
  t.match(body, {
    statement: { slug: STATEMENT, text: 'Nothing will stop us from deporting migrant criminals.' },
    agreement: 'conflicting',
    agreement_reason: /share 47 % of their words$/,
    agreement_by_rule: null,
    report_count: 2,
    publisher_count: 2,
    thresholds: { variant_share: 0.5, corroborating_publishers: 2 },
    compared_with: { basis: 'chosen', text: body.statement.text, statement_report_id: null },
    groups: [{ group: 1 }, { group: 2 }],
  });
  const [first, second] = body.reports.data;
  t.match(first, {
    group: 1,
    diff_by: 'words',
    similarity: 0.471,
    same_wording: false,
    speaker_as_printed: 'Homan',
    attribution_text: 'In a Nov. 11 interview with Fox',
    form: 'verbatim',
    bears_out: 'words',
    selector: { exact: 'there is nothing stopping us from deporting criminal immigrants.', start: 1349 },
    source: { slug: 'los-angeles-sanctuary-first-story' },
    outlet: { slug: 'fox-news' },
  });
  t.ok(first.publisher.slug, 'the source’s publisher');
  t.equal(texts(first.diff, 'equal', 'insert'), first.quoted_text);
  t.equal(texts(first.diff, 'equal', 'delete'), body.statement.text);
  t.same(second.diff, [{ op: 'equal', text: body.statement.text }], 'the chosen wording itself');
  t.same(
    body.groups.map(({ same_as_compared }: { same_as_compared: boolean }) => same_as_compared),
    [false, true],
  );
  const { reports, ...statement } = (await call('GET', `/v1/statements/${STATEMENT}?include=reports`)).body;
  t.same(body.statement, statement, 'the statement as it is read');
  t.equal(body.reports.data.length, reports.data.length);
});

t.test('every report of the seeds makes up both texts, to the character', async (t) => {
  const { call } = await readingApp(t);
  const { body } = await call('GET', '/v1/statements?limit=200&fields=slug,text');
  let worded = 0;
  for (const { slug, text } of body.data) {
    const { body: variants } = await call('GET', at(slug));
    for (const { diff, quoted_text } of variants.reports.data) {
      if (diff === null) continue;
      worded += 1;
      t.equal(texts(diff, 'equal', 'insert'), quoted_text);
      t.equal(texts(diff, 'equal', 'delete'), text ?? variants.compared_with.text);
    }
  }
  t.ok(worded > 10, `${worded} wordings`);
});

t.test('equal wordings are one group, however they are printed', async (t) => {
  const { call, slug, report } = await tracker(t);
  const ids = [
    await report('A', 'We will not give in.'),
    await report('B', '“we will NOT give in”'),
    await report('C', 'We will … give in'),
    await report('D', null),
    await report('E', 'we  will not\r\ngive in 👍🏽', { form: 'partial' }),
  ];
  const { body } = await call('GET', at(slug));
  const groups = body.reports.data.map(({ group }: { group: number | null }) => group);
  t.same(groups, [1, 1, 2, null, 1]);
  t.same(
    body.groups.map((group: Record<string, unknown>) => group.statement_report_ids),
    [[ids[0], ids[1], ids[4]], [ids[2]]],
  );
  t.equal(body.groups[0].text, 'We will not give in.', 'as its first report has it');
  t.match(body.reports.data[3], { diff: null, diff_by: null, quoted_text: null, bears_out: 'utterance' });
  t.equal(body.agreement, 'variant');
});

t.test('what a report counts for is told: its words, the utterance, or nothing', async (t) => {
  const { call, slug, report, post, id } = await tracker(t);
  await report('A', 'We will not give in.');
  await report('B', 'No cederemos.', { form: 'translation' });
  await report('C', 'We will give in.', { report_status: 'retracted' });
  await report('D', 'We will give in.', { report_status: 'removed' });
  const gone = await post('sources', { kind: 'news_article', title: 'Gone', status: 'retracted' });
  const more = { statement_id: id, source_id: gone.id, form: 'verbatim', quoted_text: 'We give in.' };
  await post('statement-reports', more);
  const { body } = await call('GET', at(slug));
  t.same(
    body.reports.data.map((one: Record<string, unknown>) => one.bears_out),
    ['words', 'utterance', 'nothing', 'nothing', 'nothing'],
  );
  t.match(body, { report_count: 2, agreement: 'single_source' });
  t.match(body.reports.data[4], { source: { status: 'retracted' }, publisher: null, outlet: null });
});

t.test('without a chosen text the longest wording that stands is what others are held against', async (t) => {
  const { call, slug, report } = await tracker(t, { text: null });
  t.match((await call('GET', at(slug))).body, { compared_with: null, groups: [], reports: { data: [] } });
  await report('A', null);
  t.match((await call('GET', at(slug))).body, { compared_with: null, reports: { data: [{ diff: null }] } });
  await report('B', 'We will give in.', { report_status: 'retracted' });
  const retracted = (await call('GET', at(slug))).body;
  t.equal(retracted.compared_with.text, 'We will give in.', 'while there is no other');
  const longest = await report('C', 'We fight on.');
  await report('D', 'We fight.');
  const { body } = await call('GET', at(slug));
  t.same(body.compared_with, { text: 'We fight on.', basis: 'longest_report', statement_report_id: longest });
  const diffs = body.reports.data.map(({ diff }: { diff: Stretch[] | null }) => diff);
  t.equal(texts(diffs[3], 'equal', 'delete'), 'We fight on.');
  t.equal(texts(diffs[3], 'equal', 'insert'), 'We fight.');
});

t.test('an editor’s override is shown with what the rule gives', async (t) => {
  const { call, slug, report } = await tracker(t, {
    text: 'We will not give in.',
    agreement_override: { agreement: 'disputed', reason: 'Her office denies it.' },
  });
  await report('A', 'We will not give in.');
  const { body } = await call('GET', at(slug));
  t.match(body, {
    agreement: 'disputed',
    agreement_reason: 'Her office denies it.',
    agreement_by_rule: { agreement: 'single_source', reason: 'one live report' },
  });
});

/** Adds many reports of one source in one transaction. */
async function reportMany({ call, id, writer, post }: Tracker, texts: readonly string[]) {
  const source = await post('sources', { kind: 'transcript', title: 'A transcript' });
  const items = texts.map((quoted_text) => ({
    op: 'create',
    record: { statement_id: id, source_id: source.id, form: 'verbatim', quoted_text },
  }));
  const { status } = await call('POST', '/v1/statement-reports/batch', { body: { items }, key: writer });
  return status;
}

t.test('of more than a hundred reports the first are shown, and where the rest is', async (t) => {
  const own = await tracker(t);
  const cost = async () => {
    const before = own.db.statements();
    const answer = await own.call('GET', at(own.slug));
    return { ...answer, statements: own.db.statements() - before };
  };
  t.equal(await reportMany(own, ['We give in.']), 200);
  const one = await cost();
  const wordings = Array.from({ length: 102 }, (_, n) => `We will not give in ${n % 7}`);
  t.equal(await reportMany(own, wordings), 200);
  const { body, statements } = await cost();
  t.equal(statements, one.statements, 'as many statements as one report takes');
  t.equal(body.reports.data.length, 100);
  t.equal(body.groups.length, 8);
  t.equal((await own.call('GET', body.reports.more)).body.data.length, 3, 'the rest');
});

t.test(
  'of half a million characters on, wordings are held against the chosen one by their ends',
  async (t) => {
    const long = (word: string) => `same ${`${word} `.repeat(9_000)}end`;
    const own = await tracker(t, { text: long('x') });
    t.equal(
      await reportMany(
        own,
        Array.from({ length: 15 }, () => long('y')),
      ),
      200,
    );
    const { body } = await own.call('GET', at(own.slug));
    const by = body.reports.data.map((one: Record<string, unknown>) => one.diff_by);
    t.same(by, [...Array(13).fill('runs'), 'ends', 'ends']);
    for (const { diff, quoted_text } of body.reports.data) {
      t.ok(texts(diff, 'equal', 'insert') === quoted_text, 'to the character');
      t.ok(texts(diff, 'equal', 'delete') === body.statement.text);
    }
  },
);

t.test('the answer is as fresh as the service, and refused as any record’s is', async (t) => {
  const { call, slug, report, writer } = await tracker(t);
  const first = await call('GET', at(slug));
  const seen = { headers: { 'if-none-match': String(first.headers.etag) } };
  t.equal((await call('GET', at(slug), seen)).status, 304);
  await report('A', 'We will not give in.');
  t.equal((await call('GET', at(slug), seen)).status, 200, 'a report later it is another');
  const cases: [string, number, (answer: Answer) => unknown][] = [
    [at('homan-nothing-will-stop'), 404, ({ body }) => body.detail.includes(STATEMENT)],
    [`${at(slug)}?limit=3`, 400, ({ body }) => body.errors[0].parameter === 'limit'],
  ];
  for (const [url, status, right] of cases) {
    const answer = await call('GET', url);
    t.equal(answer.status, status, url);
    t.ok(right(answer), answer.text);
  }
  const options = { key: writer, ifMatch: '*' };
  t.equal((await call('DELETE', `/v1/statements/${slug}?cascade=true`, options)).status, 204);
  t.equal((await call('GET', at(slug))).status, 410, 'a deleted one is gone');
});
