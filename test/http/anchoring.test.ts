import { createHash } from 'node:crypto';
import t from 'tap';
import { verifySource } from '../../src/features/verify-source.ts';
import { testApp } from '../helper.ts';
import { refuses } from './refusals.ts';

const TEXT = 'Council notes 🏛️. “We will not yield,” Ada Lane said.\r\n“We will not yield,” said Bo Fox.';
const sha256 = createHash('sha256').update(TEXT).digest('hex');
const length = [...TEXT].length;
const POLICY = 'los-angeles-sanctuary-city-ordinance';

t.test('a citation is held against the text of its source', async (t) => {
  const { app, call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const post = (path: string, body: object) => call('POST', `/v1/${path}`, { key: write, body });
  const source = { kind: 'news_article', title: 'Notes with text', text: TEXT };
  t.equal((await post('sources', source)).status, 201);
  t.equal(
    (await post('sources', { kind: 'news_article', title: 'Notes by hash', sha256, length })).status,
    201,
  );
  t.equal((await post('sources', { kind: 'news_article', title: 'Notes unknown' })).status, 201);
  const cite = (source_id: string, selector: object, more: object = {}) =>
    post('citations', { record_type: 'policy', record_id: POLICY, source_id, selector, ...more });

  const right = await cite('notes-with-text', { exact: 'Ada Lane', start: 39, end: 47 });
  t.match(right, { status: 201, body: { selector: { exact: 'Ada Lane', start: 39, end: 47 } } });
  const wrong = await cite('notes-with-text', { exact: 'Ada Lane', start: 0, end: 8 });
  t.match(wrong, { status: 201, body: { selector: { start: 39, end: 47 } } }, 'wrong offsets are corrected');
  const missing = await cite('notes-with-text', { exact: 'We will not yeld,', prefix: '“', suffix: '” A' });
  t.match(missing, {
    status: 422,
    body: {
      type: '/problems/citation-not-found-in-source',
      errors: [{ pointer: '/selector/exact', nearest: { exact: 'We will not yield,', start: 19, end: 37 } }],
    },
  });

  const quoted = {
    statement_id: 'goldberg-not-running-in-fear',
    form: 'verbatim',
    quoted_text: 'We will not yield',
  };
  const report = (selector: object) =>
    post('statement-reports', { ...quoted, source_id: 'notes-with-text', selector });
  t.match(await report({ exact: 'We will not yield', suffix: ',” said' }), {
    status: 201,
    body: { selector: { start: 56, end: 73 } },
  });
  t.equal((await report({ exact: 'We shall not yield at all' })).status, 422, 'so is a report');

  const checked = await cite('notes-by-hash', { exact: 'Bo Fox' }, { source_text: TEXT });
  t.match(checked, { status: 201, body: { selector: { exact: 'Bo Fox', start: 81, end: 87 } } });
  t.notOk('source_text' in checked.body, 'a text sent along is not kept');
  t.notOk((await call('GET', '/v1/sources/notes-by-hash?fields=text', { key: write })).body.text);
  t.match(await cite('notes-by-hash', { exact: 'Bo Fix' }, { source_text: TEXT }), { status: 422 });
  const patched = await call('PATCH', `/v1/citations/${checked.body.id}`, {
    key: write,
    ifMatch: '*',
    body: { selector: { start: 0, end: 1, exact: 'Ada Lane' }, source_text: TEXT },
  });
  t.match(patched, { status: 200, body: { selector: { start: 39, end: 47 } } }, 'on PATCH too');

  await refuses(t, call, [
    {
      name: 'a text that is not the source’s',
      request: 'POST /v1/citations',
      key: write,
      body: { record_type: 'policy', record_id: POLICY, source_id: 'notes-by-hash', source_text: 'Other' },
      problem: 'unprocessable',
      at: { pointer: '/source_text' },
    },
    {
      name: 'offsets past the length the source is known to have',
      request: 'POST /v1/citations',
      key: write,
      body: {
        record_type: 'policy',
        record_id: POLICY,
        source_id: 'notes-by-hash',
        selector: { start: 0, end: length + 1 },
      },
      problem: 'citation-not-found-in-source',
      at: { pointer: '/selector/end' },
    },
    {
      name: 'offsets that the quotation does not fit between, where no text can set them right',
      request: 'POST /v1/citations',
      key: write,
      body: {
        record_type: 'policy',
        record_id: POLICY,
        source_id: 'notes-unknown',
        selector: { exact: 'Notes 🏛️', start: 5, end: 14 },
      },
      problem: 'unprocessable',
      at: { pointer: '/selector/end' },
    },
  ]);
  const unknown = await cite('notes-unknown', { exact: 'Anything', start: 5, end: 13 });
  t.equal(unknown.status, 201, 'without a text, words are taken at the editor’s word');

  const same = await verifySource(app.engine, 'notes-with-text', TEXT);
  t.match(same, { counts: { holds: 3, moved: 0, missing: 0 }, faults: [], sha256: { same: null } });
  const edited = await verifySource(
    app.engine,
    'notes-with-text',
    `Now: ${TEXT.replace('Ada Lane', 'Ada Laine')}`,
  );
  t.match(edited.counts, { holds: 0, moved: 1, missing: 2 }, 'another copy is told apart, anchor by anchor');
  t.match(
    edited.faults.find(({ kind }) => kind === 'citation'),
    { state: 'missing', nearest: { exact: 'Ada Laine' } },
  );
});

t.test('the field of a citation is one that its kind has', async (t) => {
  const { call, key } = await testApp(t, 'seeded');
  const write = await key('write');
  const rows: [record_type: string, record_id: string, field: string, status: number][] = [
    ['policy', POLICY, '', 201],
    ['policy', POLICY, '/title', 201],
    ['policy', POLICY, '/topics/0', 201],
    ['policy', POLICY, '/identifiers/0/scheme', 201],
    ['policy', POLICY, '/topics/first', 422],
    ['policy', POLICY, '/title/0', 422],
    ['policy', POLICY, '/identifiers/0/colour', 422],
    ['policy', POLICY, '/identifiers/0/scheme/deeper', 422],
    ['policy', POLICY, '/identifiers/01', 422],
    ['policy', POLICY, '/titel', 422],
    ['official', 'karen-bass', '/other_names/0/name', 201],
    ['official', 'karen-bass', '/title', 422],
  ];
  for (const [record_type, record_id, field, status] of rows) {
    const answer = await call('POST', '/v1/citations', {
      key: write,
      body: { record_type, record_id, field, source_id: 'los-angeles-sanctuary-second-story' },
    });
    t.equal(answer.status, status, `${record_type} ${field || '(whole)'} ${status}`);
    if (status === 422) t.match(answer.body.errors, [{ pointer: '/field', expected: /./ }]);
    t.notMatch(JSON.stringify(answer.body.errors ?? []), /\ba [aeo]/, 'in proper English');
  }
});
