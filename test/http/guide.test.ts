import t from 'tap';
import { isLinked } from '../../src/exchange/json-ld.ts';
import { agreementOf, type Origin, type Report, thresholds } from '../../src/features/agreement-rule.ts';
import { guidePages } from '../../src/http/guide.ts';
import { resources } from '../../src/http/resource.ts';
import { conflictBasis, agreement as words } from '../../src/model/vocabularies.ts';
import { readingApp, testApp } from '../helper.ts';

/** The cells of a table's rows, by the heading above the table. */
function rowsUnder(markdown: string, heading: string): string[][] {
  const [, section = ''] = markdown.split(`\n## ${heading}\n`);
  const table = (section.split('\n## ')[0] as string).split('\n').filter((line) => line.startsWith('|'));
  return table.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);

const OWNER = 'one owner';
const annLee = { names: ['Ann Lee', 'Anne Leigh'], family_name: 'Lee', titles: ['Mayor'] };

/** A report as the guide writes it: `B (made from A): “the words”`. */
function reportOf(code: string, owners: ReadonlyMap<string, string>): Report {
  const [, story = '', notes = '', given = ''] = /^(\w+)(?: \(([^)]*)\))?: (.*)$/.exec(code) ?? [];
  const origin = (of: string): Origin => ({
    source_id: of,
    publisher_id: of.replace(/\d/, ''),
    owner_group: owners.get(of) ?? null,
  });
  const marked = given.match(/^[“"](.*)[”"]$/);
  if (story === '' || (!marked && given !== 'no words')) throw new Error(`not a report: ${code}`);
  const report = {
    origins: [origin(story)],
    form: 'verbatim',
    standing: 'live' as Report['standing'],
    quoted_text: marked ? (marked[1] as string) : null,
    said_on: null as string | null,
    speaker_as_printed: null as string | null,
  };
  for (const note of notes ? notes.split(', ') : []) {
    const [what, ...rest] = note.split(' ');
    if (note === 'owned by A’s owner') report.origins[0] = { ...origin(story), owner_group: OWNER };
    else if (note.startsWith('made from ')) report.origins.push(origin(rest[1] as string));
    else if (what === 'on') report.said_on = rest.join(' ');
    else if (what === 'by') report.speaker_as_printed = rest.join(' ');
    else if (note === 'retracted' || note === 'removed') report.standing = note;
    else if (note === 'paraphrase' || note === 'translation') report.form = note;
    else throw new Error(`the guide notes '${note}', which nothing tells what it means`);
  }
  return report;
}

const page = (name: string) => guidePages().find((one) => one.name === name)?.markdown as string;

t.test('every example of agreement comes out as the guide says', async (t) => {
  const rows = rowsUnder(page('agreement'), 'Examples');
  const met = new Set<string>();
  for (const [reports = '', expected = ''] of rows) {
    const codes = codesIn(reports);
    const editor = codes.find((code) => code.startsWith('editor '));
    const [, agreement = '', reason = ''] = /^editor \((\w+)\): “(.*)”$/.exec(editor ?? '') ?? [];
    const owned = new Map(reports.includes('A’s owner') ? [['A', OWNER]] : []);
    const given = codes.filter((code) => code !== editor).map((code) => reportOf(code, owned));
    const found = agreementOf(given, annLee, editor ? { agreement, reason } : null);
    t.equal(`\`${found.agreement}\``, expected, reports);
    met.add(found.agreement);
  }
  t.ok(rows.length > 25, `${rows.length} examples`);
  const told = rowsUnder(page('agreement'), 'The words').flatMap(([word = '']) => codesIn(word));
  t.same(told.toSorted(), Object.keys(words.words).toSorted(), 'the guide tells of every word');
  t.same([...met, 'disputed'].toSorted(), told.toSorted(), 'and shows each but one of the editor’s');
});

t.test('the guide has the thresholds of the rule, and the bases of conflicts', async (t) => {
  const { variant_share, corroborating_publishers } = thresholds;
  t.match(page('agreement'), `\`variant_share\` is ${variant_share}`);
  t.match(page('agreement'), `\`corroborating_publishers\` is ${corroborating_publishers}`);
  t.match(page('agreement'), `**more than ${variant_share * 100} %**`);
  const told = rowsUnder(page('evidence'), 'Conflicts').flatMap(([word = '']) => codesIn(word));
  t.same(told.toSorted(), Object.keys(conflictBasis.words).toSorted());
});

t.test('the guide tells which records there is linked data of, and every class they may have', async (t) => {
  const { call } = await readingApp(t);
  const [, table = ''] = page('linked-data').split('| --- | --- | --- |\n');
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  const told = new Map(
    rows.flatMap((line) => {
      const [first = '', second = ''] = line.slice(2).split(' | ');
      return codesIn(first).map((path) => [path, codesIn(second)] as const);
    }),
  );
  t.same(
    [...told.keys()].toSorted(),
    resources.flatMap(({ kind, path }) => (isLinked(kind) ? path : [])).toSorted(),
  );
  for (const [path, classes] of told) {
    const { body } = await call('GET', `/v1/${path}?limit=200&fields=id`);
    const headers = { accept: 'application/ld+json' };
    for (const { id } of body.data.slice(0, 5)) {
      const node = (await call('GET', `/v1/${path}/${id}`, { headers })).body;
      t.ok(classes.includes(node['@type']), `${path}: ${node['@type']}`);
    }
  }
});

t.test('every example of similar statements comes out as the guide says', async (t) => {
  const { call } = await readingApp(t);
  const rows = rowsUnder(page('similar-statements'), 'Examples');
  t.ok(rows.length > 4);
  for (const [quoted = '', found = '', score = ''] of rows) {
    const text = encodeURIComponent(quoted.slice(1, -1));
    const [best] = (await call('GET', `/v1/statements/similar?text=${text}&limit=1`)).body.data;
    t.same(
      [best?.statement.slug, best?.score],
      found ? [codesIn(found)[0], Number(score)] : [undefined, undefined],
      quoted,
    );
  }
});

t.test('every page of the guide is served, listed in the index, and leads nowhere wrong', async (t) => {
  const { app, call } = await testApp(t);
  const index = await call('GET', '/guide');
  t.match((await call('GET', '/')).text, 'href="/guide"', 'the first page leads to the guide');
  t.ok(guidePages().length > 1, 'there are pages');
  for (const { name, title } of guidePages()) {
    t.match(index.text, `<a href="/guide/${name}">${title}</a>`);
    const { status, headers, text } = await call('GET', `/guide/${name}`);
    t.equal(status, 200);
    t.equal(headers['content-type'], 'text/html; charset=utf-8');
    t.match(headers['content-security-policy'], "script-src 'self'", 'the policy of pages');
    t.match(text, `<h1>${title}</h1>`);
    for (const [, href = ''] of text.matchAll(/href="(\/[^"]*)"/g))
      t.equal((await app.inject(href)).statusCode, 200, `${name} leads to ${href}`);
  }
});

t.test('a page that is not there is told from one that is', async (t) => {
  const { call } = await testApp(t);
  const { status, body } = await call('GET', '/guide/agrement');
  t.equal(status, 404);
  t.match(body.detail, "did you mean 'agreement'?");
});
