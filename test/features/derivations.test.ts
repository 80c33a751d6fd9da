import t, { type Test } from 'tap';
import { testApp } from '../helper.ts';

const STATEMENT = 'homan-get-the-hell-out-of-the-way';
const [FIRST, SECOND] = ['los-angeles-sanctuary-first-story', 'los-angeles-sanctuary-second-story'];

/** A seeded tracker: `patch` changes a record, `agreement` says what the statement's is now. */
async function tracker(t: Test) {
  const { call, key } = await testApp(t, 'seeded');
  const writer = await key('write');
  const patch = async (path: string, body: object) => {
    const { headers } = await call('GET', `/v1/${path}`);
    const options = { body, key: writer, ifMatch: String(headers.etag) };
    const { status } = await call('PATCH', `/v1/${path}`, options);
    t.equal(status, 200, `${path} takes ${JSON.stringify(body)}`);
  };
  const agreement = async (slug = STATEMENT) =>
    (await call('GET', `/v1/statements/${slug}`)).body.agreement as string;
  return { call, writer, patch, agreement };
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
  t.equal(await agreement(), 'unsourced');
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
