import { readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { fileOf } from '../../src/db/maintenance.ts';
import { LIMITS } from '../../src/db/open.ts';
import { check } from '../../src/exchange/check.ts';
import { SHOWN } from '../../src/exchange/checks/checking.ts';
import { pointing } from '../../src/exchange/checks/references.ts';
import { blankDatabase, engine, freshDatabase } from '../databases.ts';
import { freshApp, testApp } from '../helper.ts';
import { copyOf, damage } from './whole.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Said of what is filed of a change that is gone. */
const FILED = { 'subjects of changes': /^change \d+ is filed as one of a \w+, which it is not$/ };

/** A tracker in which every check has something to look at, written through the service, which has ended. */
async function busyTracker(t: Test): Promise<string> {
  const { app, db, url, call, key: makeKey } = await freshApp(t, 'seeded');
  const key = await makeKey('write');
  const post = async (path: string, body: object) => (await call('POST', `/v1/${path}`, { key, body })).body;
  const votes = [
    { name: 'One', option: 'yes', official_id: 'karen-bass' },
    { name: 'Two', option: 'no' },
  ];
  await post('vote-events', { policy_id: 'los-angeles-sanctuary-city-ordinance', date: '2024-11', votes });
  const gone = await post('measures', { name: 'Gone again' });
  await call('DELETE', `/v1/measures/${gone.id}`, { key, ifMatch: '*' });
  await call('PATCH', '/v1/topics/education', { key, ifMatch: '*', body: { name: 'Schooling' } });
  const twice = await post('officials', {
    name: 'Karen Bas',
    identifiers: [{ scheme: 'a', identifier: 'b' }],
  });
  await call('POST', `/v1/officials/${twice.id}/merge`, { key, ifMatch: '*', body: { into: 'karen-bass' } });
  const admin = await makeKey('admin');
  const told = { url: 'https://receiver.example/', after: 0 };
  const { body: hook } = await call('POST', '/v1/webhooks', { key: admin, body: told });
  // The second waits for the first.
  for (let at = 0; at < 2; at += 1) await call('POST', `/v1/webhooks/${hook.id}/ping`, { key: admin });
  await app.close();
  await db.close();
  return url;
}

/** What is done behind the program's back, and what each check that finds it says of it, in every line. */
type Damage = readonly [does: string, sql: readonly string[], found: Readonly<Record<string, RegExp>>];

const ordinance = "(select id from policies where slug = 'los-angeles-sanctuary-city-ordinance')";
const education = "(select id from topics where slug = 'education')";

/** Said of a block of the search index that does not hold what its records say. */
const OTHER_WORDS =
  /^\d+ words or marks of block 0 of the search index stand for other records than they should$/;

const damages: readonly Damage[] = [
  [
    'a reference is sent nowhere',
    [`update stances set policy_id = '${NOBODY}' where id = (select id from stances order by id limit 1)`],
    {
      'foreign keys': new RegExp(`^stances\\.policy_id: there is no policy ${NOBODY}$`),
      records: /^stance \S+ is not what change \d+ says: policy_id$/,
    },
  ],
  [
    'a row of a list is sent nowhere',
    [
      `update policy_topics set topic_id = '${NOBODY}' where topic_id = ${education} and policy_id = ${ordinance}`,
      `delete from policy_topics where policy_id = ${ordinance} and topic_id <> '${NOBODY}'`,
      `insert into policy_topics (policy_id, topic_id) select ${ordinance}, '${NOBODY}' where not exists (select 1 from policy_topics where policy_id = ${ordinance})`,
    ],
    {
      'foreign keys': /^policy_topics\.topic_id: there is no topic /,
      lists: /^the rows of policy_topics are not topics of policy \S+$/,
    },
  ],
  [
    'the JSON kept beside a record is another',
    [
      `update memberships set shown = '{"id":1' where id = (select id from memberships order by id desc limit 1)`,
    ],
    { records: /^membership \S+ shows something else than it holds$/ },
  ],
  [
    'a change is taken out of the log',
    ['delete from changes where seq = 700'],
    {
      'change log': /^change 700 is missing$/,
      records: /^\S+ \S+ is at version 1, which no change gave it$/,
      ...FILED,
    },
  ],
  [
    'the log’s first change is gone',
    ['delete from changes where seq = 1'],
    { 'change log': /^change 1 is missing$/, records: /which no change gave it$/, ...FILED },
  ],
  [
    'the end of the log is cut off',
    ['delete from changes where seq > 1208'],
    {
      records: /^.* is at version \d+, which no change gave it$/,
      redirects: /speaks of change \d+, which is not there$/,
      ...FILED,
    },
  ],
  [
    'a version is renumbered',
    [`update changes set version = 7 where record_id = ${education} and version = 2`],
    {
      'change log': /no change gives it version 6$/,
      records: /^topic \S+ is at version 2, which no change gave it$/,
    },
  ],
  [
    'two versions change places',
    [
      `update changes set version = -2 where record_id = ${education} and version = 1`,
      `update changes set version = 1 where record_id = ${education} and version = 2`,
      `update changes set version = 2 where record_id = ${education} and version = -2`,
    ],
    {
      'change log':
        /^change \d+ gives topic \S+ version (1, but does not make it|2, but change \d+ the one before)$/,
      records: /^topic \S+ says change \d+ was its last, and the log says \d+$/,
    },
  ],
  [
    'a record is changed behind the log’s back',
    ["update policies set summary = 'Otherwise.' where slug = 'lausd-commitment-resolution'"],
    { records: /^policy \S+ is not what change \d+ says: summary$/, search: OTHER_WORDS },
  ],
  [
    'a deleted record comes back by itself',
    ["update measures set deleted_at = null where name = 'Gone again'"],
    {
      records: /^measure \S+ is not what change \d+ says: deleted_at$/,
      search: /^measure \S+ is not in the search index$/,
    },
  ],
  [
    'the text of a change is altered',
    [
      `update changes set content = '{"id": "x"}' where seq = (select seq from topics where slug = 'education')`,
    ],
    { records: /^topic \S+ is x in change \d+$/ },
  ],
  [
    'a record says another change was its last',
    ["update topics set seq = 1 where slug = 'education'"],
    { records: /^topic \S+ says change 1 was its last, and the log says \d+$/ },
  ],
  [
    'a record vanishes',
    [
      "delete from identifiers where record_id = (select id from measures where name = 'Gone again')",
      "delete from measures where name = 'Gone again'",
    ],
    { 'change log': /^change \d+ made measure \S+, which is not there$/ },
  ],
  [
    'a sort key is wrong',
    ["update officials set sort_name = 'zzz' where slug = 'karen-bass'"],
    { 'sort keys': /^official \S+ stands in the wrong place by name$/ },
  ],
  [
    'a vote stands in the wrong place',
    ["update votes set sort_date = '1999' where name = 'One'"],
    { 'sort keys': /^vote \S+ stands in the wrong place by date$/ },
  ],
  [
    'a slug is given twice',
    ['drop index topics_slug', "update topics set slug = 'immigration' where slug = 'lgbtq-rights'"],
    {
      slugs: /^2 records of topics have the slug immigration$/,
      records: /^topic \S+ is not what change \d+ says: slug$/,
    },
  ],
  [
    'an identifier is lost',
    [`delete from identifiers where kind = 'policy' and record_id = ${ordinance}`],
    { identifiers: /^policy \S+ is not found by civic-seed:\S+$/ },
  ],
  [
    'an identifier leads nowhere',
    [`insert into identifiers (kind, name, record_id) values ('topic', 'x:y', '${NOBODY}')`],
    { identifiers: /^x:y names a topic that is not there$/ },
  ],
  [
    'an identifier leads elsewhere',
    [`insert into identifiers (kind, name, record_id) values ('topic', 'x:y', ${education})`],
    { identifiers: /^topic \S+ is found by x:y, which is none of its identifiers$/ },
  ],
  [
    'a vote is lost',
    ["delete from votes where name = 'One'"],
    { lists: /^the rows of votes are not votes of vote event \S+$/ },
  ],
  [
    'a vote says something else',
    ["update votes set option = 'no' where name = 'One'"],
    { lists: /^the rows of votes are not votes of vote event \S+$/ },
  ],
  [
    'an item changes its place',
    ['update agenda_items set ordinal = 5'],
    { lists: /^the rows of agenda_items are not agenda of meeting \S+$/ },
  ],
  [
    'evidence is for nothing',
    [
      `update citations set record_id = '${NOBODY}' where id = (select id from citations order by id limit 1)`,
    ],
    {
      evidence: new RegExp(`^citations\\.record_id: there is no [a-z ]+ ${NOBODY}$`),
      records: /^citation \S+ is not what change \d+ says: record_id$/,
      'subjects of changes': new RegExp(`^change \\d+ of citation \\S+ is not filed under ${NOBODY}$`),
    },
  ],
  [
    'changes of a kind are not filed',
    ["delete from change_subjects where kind = 'action'"],
    { 'subjects of changes': /^change \d+ of action \S+ is not filed under \S+$/ },
  ],
  [
    'changes are filed as what they are not',
    ["update change_subjects set kind = 'topic' where kind = 'policy'"],
    {
      'subjects of changes':
        /^change \d+ is filed as one of a topic, which it is not$|^change \d+ of policy \S+ is not filed under/,
    },
  ],
  [
    'a merged record leads nowhere',
    [`update redirects set new_id = '${NOBODY}'`],
    { redirects: new RegExp(`^redirects\\.new_id: there is no official ${NOBODY}$`) },
  ],
  [
    'a merge is said to be changes that are not there',
    ['update redirects set last_seq = 1000000'],
    { redirects: /speaks of change 1000000, which is not there$/ },
  ],
  [
    'words are not indexed',
    ["delete from wordings where kind = 'statement'"],
    {
      wordings:
        /^the words of statement \S+ are not indexed$|^\d+ indexed runs of words belong to no words there are$/,
    },
  ],
  [
    'a word is taken out of the search index',
    ["delete from search_postings where token = 'sanctuary'"],
    { search: OTHER_WORDS },
  ],
  [
    'the search index has a record under words it has not',
    [`update search_postings set documents = 'AAAB' where token = 'ordinance'`],
    { search: OTHER_WORDS },
  ],
  [
    'a record is taken out of the search index',
    [`delete from search_documents where record_id = ${ordinance}`],
    {
      search: /^policy \S+ is not in the search index$|^\d+ words or marks of block 0 of the search index/,
    },
  ],
  [
    'a sum of the search index says that a block has not what it has',
    ["insert into search_spans (span, token, blocks) values (0, ' ', 1), (0, 'ordinance', 2)"],
    {
      search:
        /^\d+ words or marks of block 0 of the search index are not in its sum, so that searches pass them by$/,
    },
  ],
  [
    'the search index has words of a block that is not there',
    ["insert into search_postings (block, token, documents) values (7, 'x', 'AA')"],
    { search: /^1 rows of the search index belong to no record there is$/ },
  ],
  [
    'some runs of words are not indexed',
    ['delete from wording_shingles where shingle in (select min(shingle) from wording_shingles)'],
    { wordings: /^1 of \d+ runs of words of (statement|statement report) \S+ are not indexed$/ },
  ],
  [
    'words are indexed that nobody said',
    [
      `insert into wordings (number, kind, record_id) values (1000000, 'statement', '${NOBODY}')`,
      'insert into wording_shingles (shingle, wording) values (1, 1000000)',
    ],
    {
      wordings:
        /^1 wordings belong to no words there are$|^1 indexed runs of words belong to no words there are$/,
    },
  ],
  [
    'a message is forgotten',
    ['update webhook_deliveries set next_attempt_at = null'],
    { webhooks: /^delivery 1 of webhook \S+ is never tried$/ },
  ],
  [
    'a message overtakes another',
    ['update webhook_deliveries set next_attempt_at = created_at where number = 2'],
    { webhooks: /^delivery 2 of webhook \S+ is tried before an earlier one of its record$/ },
  ],
  [
    'a webhook is taken away',
    ['delete from webhooks'],
    { webhooks: /^delivery \d of webhook \S+ is of none that is there$/ },
  ],
  [
    'a webhook has seen what is to come, and tells again what is over',
    [
      'update webhooks set position = 100000',
      "update webhook_deliveries set state = 'failed' where number = 1",
    ],
    {
      webhooks:
        /^webhook \S+ stands at change 100000, which is not there$|^delivery \d of webhook \S+ is (over, and yet tried again|never tried)$/,
    },
  ],
];

/** How many copies of a tracker are damaged. */
const GROUPS = 8;

t.test('a tracker that was only written through the service', { timeout: 120_000 }, async (t) => {
  const url = await busyTracker(t);
  t.test('has nothing wrong', async (t) => {
    const steps: number[] = [];
    const checked = await check(url, LIMITS, (done, total) => steps.push(done / total));
    t.same(
      checked.filter(({ faults }) => faults > 0),
      [],
    );
    t.ok(checked.length > 10, checked.map(({ name, looked }) => `${name}: ${looked}`).join('; '));
    t.ok(
      steps.every((step, at) => step >= (steps[at - 1] ?? 0)),
      'progress never goes back',
    );
    t.equal(steps.at(-1), 1, 'and ends at the end');
    t.same(await check(url, LIMITS), checked, 'looking changes nothing');
  });
  // Several at a time, as each costs a copy of the tracker and a look at all of it.
  const groups = Map.groupBy(damages.entries(), ([at]) => at % GROUPS);
  for (const group of groups.values()) {
    const done = group.map(([, damaged]) => damaged);
    t.test(`shows it when ${done.map(([does]) => does).join('; and when ')}`, async (t) => {
      const copy = await copyOf(t, url);
      for (const [, statements] of done) await damage(copy, statements);
      const faulty = (await check(copy, LIMITS)).filter(({ faults }) => faults > 0);
      const expected = new Set(done.flatMap(([, , found]) => Object.keys(found)));
      t.same(
        faulty.map(({ name }) => name).sort(),
        [...expected].sort(),
        'by the checks that are there for it',
      );
      for (const { name, first } of faulty) {
        const wanted = done.flatMap(([does, , found]) => (found[name] ? [{ does, says: found[name] }] : []));
        for (const { does, says } of wanted)
          t.ok(
            first.some((line) => says.test(line)),
            `${name}: ${does}`,
          );
        t.same(
          first.filter((line) => !wanted.some(({ says }) => says.test(line))),
          [],
          `${name} says nothing else`,
        );
      }
    });
  }
});

t.test('many faults of a sort are counted, and the first shown', async (t) => {
  const url = await freshDatabase(t, 'seeded');
  await damage(url, [
    "update citations set note = 'scribbled', sort_field = 'x'",
    `update stances set statement_id = '${NOBODY}'`,
  ]);
  const checked = new Map((await check(url, LIMITS)).map((one) => [one.name, one]));
  for (const name of ['records', 'sort keys']) {
    t.ok((checked.get(name)?.faults ?? 0) > 1000, name);
    t.equal(checked.get(name)?.first.length, SHOWN);
  }
  t.equal(checked.get('foreign keys')?.faults, 17, 'those that a query finds are counted too');
});

t.test('what is not there, or not a tracker, is refused and not made', async (t) => {
  const blank = await blankDatabase(t);
  await t.rejects(check(blank, LIMITS), /is not there|holds no tracker/);
  await t.rejects(check(blank, LIMITS), /is not there|holds no tracker/, 'the first look made nothing');
  await t.rejects(check('file:x', LIMITS), /'file:x' is not the address of a database/);
});

t.test(
  'a damaged file is found before anything that rests on it is believed',
  { skip: engine !== 'sqlite' },
  async (t) => {
    const url = await freshDatabase(t, 'seeded');
    const file = fileOf(url) as string;
    const bytes = readFileSync(file);
    bytes.fill(0xee, 200 * 4096, 203 * 4096);
    writeFileSync(file, bytes);
    const [integrity, ...others] = await check(url, LIMITS);
    t.ok((integrity?.faults ?? 0) > 0, `${integrity?.first.join('; ')}`);
    t.same(others, []);
    writeFileSync(file, 'no database at all, however long '.repeat(300));
    t.match(await check(url, LIMITS), [{ name: 'integrity', first: ['file is not a database'] }]);
  },
);

t.test('the references that are checked are those that the database knows', async (t) => {
  const { db, url } = await testApp(t, 'empty');
  // Those of deliveries are looked at with the webhooks.
  const others = ['webhook_deliveries.webhook_id'];
  const declared = [...pointing.map(({ table, column }) => `${table}.${column}`), ...others].sort();
  t.equal(new Set(declared).size, declared.length);
  const { default: Sqlite } = await import('better-sqlite3');
  if (engine === 'sqlite') {
    const raw = new Sqlite(fileOf(url) as string, { readonly: true });
    const tables = raw
      .prepare("select name from sqlite_schema where type = 'table'")
      .pluck()
      .all() as string[];
    const known = tables.flatMap((name) =>
      (raw.pragma(`foreign_key_list("${name}")`) as { from: string }[]).map(({ from }) => `${name}.${from}`),
    );
    raw.close();
    t.same(declared, known.sort());
  }
  await db.close();
});
