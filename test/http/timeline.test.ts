import t from 'tap';
import { kindNamed } from '../../src/model/kinds.ts';
import { createAll, writes } from '../engine/crawler.ts';
import { type Answer, readingApp, type TestApp, testApp } from '../helper.ts';

const ORDINANCE = 'los-angeles-sanctuary-city-ordinance';
const url = (id: string, path = 'policies') => `/v1/${path}/${id}/timeline`;

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly date: string | null;
  readonly text: string | null;
  readonly evidence: { readonly data: readonly Record<string, unknown>[] };
  readonly record: Record<string, unknown>;
}

/** Makes records past HTTP; returns their ids. */
function maker({ app }: TestApp) {
  return (kind: string, ...bodies: Record<string, unknown>[]) =>
    createAll(app.engine, kindNamed(kind), bodies);
}

async function policy(app: TestApp, body: Record<string, unknown> = {}): Promise<string> {
  const base = { type: 'ordinance', title: 'Tenants', jurisdiction_id: 'boston' };
  const [id] = await maker(app)('policy', { ...base, ...body });
  return id as string;
}

const kindsOf = ({ body }: Answer) => body.data.map(({ kind }: Entry) => kind);

t.test('a policy’s life is one list, with where it stood after each step, and the evidence', async (t) => {
  const { call } = await readingApp(t);
  const { status, body } = await call('GET', url(ORDINANCE));
  t.equal(status, 200);
  const told = body.data.map(({ kind, date, placed, status_after, status_basis }: Record<string, unknown>) =>
    [kind, date, (placed as { by: string }).by, status_after, status_basis].join(' '),
  );
  t.same(told, [
    'action  position  ',
    'action 2024-11 date draft stated',
    'action 2024-11 date draft carried',
    'action 2024-11 date on_agenda stated',
    'action 2024-11 date passed stated',
    'vote_event 2024-11 date passed carried',
    'action 2024-11 date passed stated',
    'policy_version 2024-11 date passed open',
    'statement  report passed open',
    'statement_report 2024-11 date passed open',
    'statement_report 2024-11 date passed open',
  ]);
  const { evidence, ...passed } = body.data[4];
  t.match(passed, { text: /council passes/, status_from: passed.id, record: { result: 'pass' } });
  const sources = new Set(evidence.data.map(({ source }: { source: { slug: string } }) => source.slug));
  t.ok(sources.has('los-angeles-sanctuary-second-story'), 'with the source that says so');
  t.match(evidence.data[0], {
    citation_id: /-/,
    field: String,
    selector: Object,
    source: { publisher: Object },
  });
  const statement = body.data[8];
  t.match(statement.record, {
    official: { slug: 'nithya-raman' },
    stances: { data: [{ stance: 'unclear' }] },
  });
  const reports = statement.evidence.data.flatMap(
    (one: { statement_report_id: string | null }) => one.statement_report_id ?? [],
  );
  t.same(
    new Set(reports),
    new Set(body.data.slice(9).map(({ id }: Entry) => id)),
    'a statement stands on its reports',
  );
  t.match(body.meta, { policy: { slug: ORDINANCE, status: 'passed' }, capped: [], rule: /vaguer date/ });
  t.same(body.links, { self: url(ORDINANCE), next: null });
});

t.test('ordinances and resolutions have theirs, and only their own', async (t) => {
  const { call } = await readingApp(t);
  const whole = (await call('GET', url(ORDINANCE))).body;
  t.same((await call('GET', url(ORDINANCE, 'ordinances'))).body.data, whole.data);
  t.equal((await call('GET', url('lausd-commitment-resolution', 'resolutions'))).status, 200);
  t.equal((await call('GET', url(ORDINANCE, 'resolutions'))).status, 404);
});

t.test('what can be asked is refused or led on as for the policy itself', async (t) => {
  const app = await testApp(t, 'seeded');
  const { call } = app;
  const key = await app.key('write');
  const [gone, merged] = [await policy(app), await policy(app, { title: 'Renters' })];
  await writes(app.app.engine, kindNamed('policy')).remove(gone);
  const into = { into: ORDINANCE };
  t.equal(
    (await call('POST', `/v1/policies/${merged}/merge`, { key, body: into, ifMatch: '*' })).status,
    200,
  );
  const moved = await call('GET', url(merged));
  t.equal(moved.status, 308);
  t.match(moved.headers.location, /\/v1\/policies\/[0-9a-f-]{36}\/timeline$/);
  const rows: [about: string, status: number, expected: object][] = [
    [url(gone), 410, { type: /gone/ }],
    [url('los-angeles-sanctuary-city-ordinanc'), 404, { detail: new RegExp(ORDINANCE) }],
    [`${url(ORDINANCE)}?limit=1`, 400, { errors: [{ parameter: 'limit' }] }],
  ];
  for (const [asked, status, expected] of rows) {
    const answer = await call('GET', asked);
    t.equal(answer.status, status, asked);
    t.match(answer.body, expected);
  }
});

t.test('it is confirmed to who has it, until something is written', async (t) => {
  const app = await testApp(t, 'seeded');
  const first = await app.call('GET', url(ORDINANCE));
  const headers = { 'if-none-match': String(first.headers.etag) };
  t.equal((await app.call('GET', url(ORDINANCE), { headers })).status, 304);
  await policy(app);
  t.equal((await app.call('GET', url(ORDINANCE), { headers })).status, 200);
});

t.test('what was deleted is in no timeline, nor are votes one by one and whole texts', async (t) => {
  const app = await testApp(t, 'seeded');
  const make = maker(app);
  const policy_id = await policy(app);
  const [action_id] = await make('action', { policy_id, description: 'Vote', date: '2024-11-19' });
  const [vote] = await make('vote_event', {
    policy_id,
    action_id,
    votes: [{ name: 'Raman', option: 'yes' }],
  });
  const [version] = await make('policy_version', { policy_id, text: 'Whole text', date: '2024-11-20' });
  const [statement_id] = await make('statement', { speaker_name: 'Somebody', summary: 'No' });
  const [stance] = await make('stance', { statement_id, policy_id });
  await make('statement_report', {
    statement_id,
    source_id: 'los-angeles-sanctuary-first-story',
    form: 'paraphrase',
  });
  const answer = await app.call('GET', url(policy_id));
  t.same(kindsOf(answer), ['statement', 'statement_report', 'action', 'vote_event', 'policy_version']);
  for (const { record } of answer.body.data)
    t.notOk('votes' in record || 'reports' in record || record.text === 'Whole text');
  t.match(answer.body.data[3], { date: null, placed: { at: '2024-11-19', by: 'action' } });
  const made = { vote_event: vote, policy_version: version, stance };
  for (const [kind, id] of Object.entries(made))
    await writes(app.app.engine, kindNamed(kind)).remove(id as string);
  t.same(kindsOf(await app.call('GET', url(policy_id))), ['action']);
});

t.test('it costs the same number of statements however much happened', async (t) => {
  const app = await testApp(t, 'seeded');
  const make = maker(app);
  const counted = async (id: string) => {
    await app.call('GET', url(id));
    const before = app.db.statements();
    await app.call('GET', url(id));
    return app.db.statements() - before;
  };
  const filled = async (times: number) => {
    const policy_id = await policy(app, { title: `Policy of ${times}` });
    const source_id = 'los-angeles-sanctuary-first-story';
    for (let at = 0; at < times; at += 1) {
      const [action_id] = await make('action', { policy_id, description: `Step ${at}`, date: '2024' });
      const [vote] = await make('vote_event', { policy_id, action_id, motion: `Motion ${at}` });
      await make('policy_version', { policy_id, label: `Version ${at}` });
      const [statement_id] = await make('statement', {
        official_id: 'karen-bass',
        organization_id: 'los-angeles-mayors-office',
        summary: `Words ${at}`,
      });
      await make('stance', { statement_id, policy_id });
      await make('statement_report', { statement_id, source_id, form: 'paraphrase' });
      await make('citation', { record_type: 'action', record_id: action_id, source_id });
      await make('citation', { record_type: 'vote_event', record_id: vote, source_id });
    }
    return policy_id;
  };
  const few = await counted(await filled(1));
  t.equal(await counted(await filled(12)), few);
  t.ok(few <= 25, `${few} statements`);
});

t.test(
  'of what there is more than fits the earliest is shown, and an address leads to the rest',
  async (t) => {
    const app = await testApp(t, 'seeded');
    const make = maker(app);
    const policy_id = await policy(app);
    const day = (at: number) => new Date(Date.UTC(2023, 0, 1 + at)).toISOString().slice(0, 10);
    const steps = Array.from({ length: 203 }, (_, at) => ({
      policy_id,
      description: `Step ${at}`,
      date: day(at),
      status_after: at % 2 ? 'in_committee' : 'introduced',
    }));
    const ids = await make('action', ...steps);
    await make(
      'policy_version',
      { policy_id, label: 'early', date: '2023-01-02' },
      { policy_id, label: 'late', date: '2024' },
    );
    const [statement_id] = await make('statement', {
      speaker_name: 'Somebody',
      summary: 'No',
      said_on: '2022',
    });
    await make('stance', { statement_id, policy_id });
    const report = { statement_id, source_id: 'los-angeles-sanctuary-first-story', form: 'paraphrase' };
    await make('statement_report', ...Array.from({ length: 22 }, () => report));
    const { body } = await app.call('GET', url(policy_id));
    const capped = new Map<string, { shown: number; more: string }>(
      body.meta.capped.map((one: { kind: string; shown: number; more: string }) => [one.kind, one]),
    );
    t.same([...capped.keys()], ['action', 'statement_report']);
    for (const [kind, all] of [
      ['action', 203],
      ['statement_report', 22],
    ] as const) {
      const shown = body.data.filter((entry: Entry) => entry.kind === kind).map(({ id }: Entry) => id);
      const { shown: count, more } = capped.get(kind) as { shown: number; more: string };
      t.equal(shown.length, count);
      const rest = (await app.call('GET', more)).body.data.map(({ id }: Entry) => id);
      t.equal(new Set([...shown, ...rest]).size, all, `${kind}: the rest is there`);
      t.equal(shown.length + rest.length, all);
      if (kind === 'action') t.same(rest, ids.slice(200));
    }
    const versions = body.data.filter(({ kind }: Entry) => kind === 'policy_version');
    t.match(
      versions,
      [
        { text: 'early', status_after: 'in_committee' },
        { text: 'late', status_after: null, status_basis: null },
      ],
      'after steps that are not shown nobody can tell the status',
    );
  },
);
