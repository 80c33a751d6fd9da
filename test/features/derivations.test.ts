import t, { type Test } from 'tap';
import type { Table } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { setMark } from '../../src/engine/marks.ts';
import { fillAgreement } from '../../src/features/agreement-fill.ts';
import { testApp } from '../helper.ts';

const STATEMENT = 'homan-get-the-hell-out-of-the-way';
const [FIRST, SECOND] = ['los-angeles-sanctuary-first-story', 'los-angeles-sanctuary-second-story'];

/** A seeded tracker: `patch` changes a record, `agreement` says what the statement's is now. */
async function tracker(t: Test) {
  const { app, db, call, key } = await testApp(t, 'seeded');
  const writer = await key('write');
  const patch = async (path: string, body: object) => {
    const { headers } = await call('GET', `/v1/${path}`);
    const options = { body, key: writer, ifMatch: String(headers.etag) };
    const { status } = await call('PATCH', `/v1/${path}`, options);
    t.equal(status, 200, `${path} takes ${JSON.stringify(body)}`);
  };
  const agreement = async (slug = STATEMENT) =>
    (await call('GET', `/v1/statements/${slug}`)).body.agreement as string;
  return { app, db, call, writer, patch, agreement };
}

t.test('agreement follows the names a speaker is known by', async (t) => {
  const { patch, agreement } = await tracker(t);
  t.equal(await agreement(), 'corroborated', 'Tim Homan is a noted misprint of Tom Homan');
  await patch('officials/tom-homan', { other_names: [] });
  t.equal(await agreement(), 'conflicting', 'once not noted, it is somebody else');
  await patch('officials/tom-homan', { other_names: [{ name: 'Tim Homan', note: 'misprint' }] });
  t.equal(await agreement(), 'corroborated', 'noted again');
  await patch(`statements/${STATEMENT}`, { official_id: 'karen-bass' });
  t.equal(await agreement(), 'conflicting', 'the two names are not known of another official');
});

t.test('agreement follows who owns the publishers', async (t) => {
  const { patch, agreement } = await tracker(t);
  await patch('publishers/bbc-news', { owner_group: 'One House' });
  t.equal(await agreement(), 'corroborated', 'one has an owner');
  await patch('publishers/unnamed-outlet-second-story', { owner_group: 'one house' });
  t.equal(await agreement(), 'single_source', 'both have the same');
  await patch('publishers/bbc-news', { owner_group: null });
  t.equal(await agreement(), 'corroborated', 'no more');
});

t.test('agreement follows what sources were made from, through any number of steps', async (t) => {
  const { call, writer, patch, agreement } = await tracker(t);
  const between = async (from: string) => {
    const body = { kind: 'wire_story', title: `made from ${from}`, derived_from_id: from };
    const { status, body: made } = await call('POST', '/v1/sources', { body, key: writer });
    t.equal(status, 201);
    return made.id as string;
  };
  const near = await between(await between(FIRST as string));
  await patch(`sources/${SECOND}`, { derived_from_id: near });
  t.equal(await agreement(), 'single_source', 'the second story was made from the first');
  await patch(`sources/${near}`, { derived_from_id: null });
  t.equal(await agreement(), 'corroborated', 'the chain is broken at a source that reports nothing');
});

t.test('sources made from each other are one voice, and are told as that without end', async (t) => {
  const { patch, agreement } = await tracker(t);
  await patch(`sources/${SECOND}`, { derived_from_id: FIRST });
  await patch(`sources/${FIRST}`, { derived_from_id: SECOND });
  t.equal(await agreement(), 'single_source');
});

t.test('agreement follows the reports: retracted, reworded, deleted, restored', async (t) => {
  const { call, writer, patch, agreement } = await tracker(t);
  const { body } = await call('GET', `/v1/statement-reports?statement=${STATEMENT}`);
  const [one] = body.data;
  await patch(`statement-reports/${one.id}`, { report_status: 'retracted' });
  t.equal(await agreement(), 'single_source', 'a retracted report is not counted');
  await patch(`statement-reports/${one.id}`, { report_status: 'corrected', quoted_text: 'stay at home' });
  t.equal(await agreement(), 'conflicting', 'a corrected one is, with its new words');
  await patch(`statement-reports/${one.id}`, { quoted_text: one.quoted_text });
  t.equal(await agreement(), 'corroborated', 'until they are the old ones again');
  const third = { statement_id: STATEMENT, source_id: SECOND, form: 'verbatim', quoted_text: 'stay at home' };
  const made = await call('POST', '/v1/statement-reports', { body: third, key: writer });
  t.equal(await agreement(), 'conflicting', 'a new report counts');
  const at = `/v1/statement-reports/${made.body.id}`;
  const options = { key: writer, ifMatch: String(made.headers.etag) };
  t.equal((await call('DELETE', at, options)).status, 204);
  t.equal(await agreement(), 'corroborated', 'a deleted one does not');
  t.equal((await call('POST', `${at}/restore`, { key: writer })).status, 200);
  t.equal(await agreement(), 'conflicting', 'until it is restored');
});

t.test('a retracted source takes its reports with it', async (t) => {
  const { patch, agreement } = await tracker(t);
  await patch(`sources/${FIRST}`, { status: 'retracted' });
  t.equal(await agreement(), 'single_source');
  await patch(`sources/${SECOND}`, { status: 'retracted' });
  t.equal(await agreement(), 'retracted', 'all sources say so');
  await patch(`sources/${FIRST}`, { status: 'live' });
  t.equal(await agreement(), 'single_source');
});

t.test('the nearness of reports follows the chosen wording', async (t) => {
  const { call, patch } = await tracker(t);
  const near = async () => {
    const { body } = await call('GET', `/v1/statement-reports?statement=${STATEMENT}&sort=created_at`);
    return body.data.map((one: { similarity: number; same_wording: boolean }) => [
      one.similarity,
      one.same_wording,
    ]);
  };
  t.same(await near(), [
    [1, true],
    [1, true],
  ]);
  await patch(`statements/${STATEMENT}`, { text: 'get out of the way' });
  t.same(
    await near(),
    [
      [0.833, false],
      [0.833, false],
    ],
    'ten of twelve words',
  );
  await patch(`statements/${STATEMENT}`, { text: null });
  t.same(
    await near(),
    [
      [null, null],
      [null, null],
    ],
    'nothing to compare with',
  );
});

t.test('an editor’s word stands while the reports change beneath it', async (t) => {
  const { call, patch } = await tracker(t);
  const read = async () => (await call('GET', `/v1/statements/${STATEMENT}`)).body;
  const override = { agreement: 'misattributed', reason: 'His spokesman said it.' };
  t.equal((await read()).agreement_by_rule, null, 'the rule stands');
  await patch(`statements/${STATEMENT}`, { agreement_override: override });
  t.match(await read(), {
    agreement: 'misattributed',
    agreement_reason: 'His spokesman said it.',
    agreement_by_rule: { agreement: 'corroborated' },
    agreement_override: override,
    report_count: 2,
  });
  await patch(`sources/${FIRST}`, { status: 'retracted' });
  t.match(await read(), {
    agreement: 'misattributed',
    agreement_by_rule: { agreement: 'single_source', reason: 'one live report' },
    report_count: 1,
  });
  const { body } = await call('GET', '/v1/statements?agreement=misattributed&fields=slug');
  t.same(
    body.data.map(({ slug }: { slug: string }) => slug),
    [STATEMENT],
    'it is what lists are filtered by',
  );
  await patch(`statements/${STATEMENT}`, { agreement_override: null });
  t.match(await read(), { agreement: 'single_source', agreement_by_rule: null }, 'the rule has it back');
});

t.test('an override has a word of the vocabulary and a reason', async (t) => {
  const { call, writer } = await tracker(t);
  const cases: [unknown, string][] = [
    [{ agreement: 'disputed' }, '/agreement_override/reason'],
    [{ agreement: 'disputed', reason: '' }, '/agreement_override/reason'],
    [{ reason: 'because' }, '/agreement_override/agreement'],
    [{ agreement: 'wrong', reason: 'because' }, '/agreement_override/agreement'],
    [{ agreement: 'disputed', reason: 'because', by: 'me' }, '/agreement_override/by'],
    ['disputed', '/agreement_override'],
  ];
  for (const [agreement_override, pointer] of cases) {
    const body = { speaker_name: 'Ann Lee', summary: 'That it is so.', agreement_override };
    const answer = await call('POST', '/v1/statements', { body, key: writer });
    t.equal(answer.status, 400, JSON.stringify(agreement_override));
    t.match(answer.body.errors, [{ pointer }]);
  }
  const derived = { speaker_name: 'Ann Lee', summary: 'So.', agreement_by_rule: null };
  const answer = await call('POST', '/v1/statements', { body: derived, key: writer });
  t.match(answer.body, { status: 400, errors: [{ pointer: '/agreement_by_rule' }] }, 'that is the rule’s');
});

t.test('statements from before a change of the rule get what it gives now', async (t) => {
  const { app, db, call, patch } = await tracker(t);
  await patch(`sources/${FIRST}`, { status: 'retracted' });
  const before = (await call('GET', `/v1/statements/${STATEMENT}`)).body;
  await db.write(async (session) => {
    await setMark(app.engine, session, 'agreement', { after: null });
    await session.run(
      'as it was',
      (on) => {
        const table = db.tables.kinds.get('statement') as Table;
        return on
          .update(table)
          .set({ agreement: 'unsourced' } as never)
          .where(sql`${table.slug} = ${sql.placeholder('slug')}`);
      },
      { slug: STATEMENT },
    );
  });
  const { body } = await call('GET', '/v1/statements?count=exact&limit=1');
  t.equal(await fillAgreement(app.engine, AbortSignal.abort()), 0, 'nothing once told to stop');
  t.equal(
    await fillAgreement(app.engine, new AbortController().signal, 5),
    body.meta.total,
    'a page at a time',
  );
  const after = (await call('GET', `/v1/statements/${STATEMENT}`)).body;
  t.match(after, { agreement: before.agreement, version: before.version + 1 }, 'what it gives now');
  const changed = (await call('GET', `/v1/changes?after=${body.meta.revision}`)).body.data;
  t.equal(changed.length, 1, 'the others are left as they are');
  t.equal(await fillAgreement(app.engine, new AbortController().signal), 0, 'once');
});
