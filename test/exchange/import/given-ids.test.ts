/** Records that are given with ids of their own, and are here already under others: whoever mentions them finds them. */
import t from 'tap';
import { type TestApp, testApp } from '../../helper.ts';
import { action, counted, importLines, type Line, line, place, policy, stoppingAfter } from './bundle.ts';

const GIVEN = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

const withId = (id: string, record: ReturnType<typeof line>) => ({ ...record, id });
/** An action of a policy that is mentioned by an id. */
const step = (name: string, policy_id: string, more: object = {}) => action(name, '', { policy_id, ...more });

/** A tracker that has a policy already, with its own id. */
async function holding(t: Parameters<typeof testApp>[0]) {
  const app = await testApp(t);
  await importLines(app, [place]);
  const write = await app.key('write');
  const { body } = await app.call('POST', '/v1/policies', {
    key: write,
    body: { ...policy('one').record, jurisdiction_id: 'place', title: 'Here before' },
  });
  return { ...app, write, held: body.id as string };
}

const policiesOf = async ({ call }: TestApp): Promise<Record<string, string>> => {
  const { body } = await call('GET', '/v1/actions');
  return Object.fromEntries(
    body.data.map(({ description, policy_id }: Record<string, string>) => [description, policy_id]),
  );
};

const lines: readonly Line[] = [
  step('before', GIVEN),
  place,
  withId(GIVEN, policy('one', { title: 'One' })),
  step('after', GIVEN),
  withId(OTHER, policy('two', { parent_id: GIVEN })),
  step('last', OTHER),
  line('citation', 'c', { record_type: 'policy', record_id: GIVEN, source_id: 'none', field: '/title' }),
];

t.test('a record that is here under another id is found by the one it is given, on every page', async (t) => {
  for (const page of [1, 2, 100]) {
    const app = await holding(t);
    const imported = await importLines(app, lines, { page });
    t.match(counted(imported), {
      policy: { updated: 1, created: 1 },
      action: { created: 3 },
      citation: { failed: 1 },
    });
    t.equal(imported.tally.failures.length, 1, 'only what mentions nothing fails');
    t.equal(imported.tally.failures[0]?.pointer, '/record/source_id');
    t.same(await policiesOf(app), { before: app.held, after: app.held, last: OTHER });
    const { body: parent } = await app.call('GET', `/v1/policies/${app.held}`);
    t.equal(parent.title, 'One');
    t.equal((await app.call('GET', `/v1/policies/${OTHER}`)).body.parent_id, app.held);
    t.equal((await app.call('GET', `/v1/policies/${GIVEN}`)).status, 404);
    t.match(counted(await importLines(app, lines, { page })), {
      policy: { unchanged: 2 },
      action: { unchanged: 3 },
    });
  }
});

t.test('and so when the import was interrupted in between', async (t) => {
  for (let transaction = 2; transaction <= lines.length; transaction += 1) {
    const app = await holding(t);
    const first = await importLines(app, lines, { page: 1, signal: stoppingAfter(transaction - 1, 1) });
    t.equal(first.status, 'interrupted');
    const second = await importLines(app, lines, { page: 1 });
    t.equal(second.run.id, first.run.id);
    t.match(counted(second), { policy: { updated: 1, created: 1 }, action: { created: 3 } });
    t.same(await policiesOf(app), { before: app.held, after: app.held, last: OTHER });
  }
});

t.test('a record that gets its identifier only from a later one of the input is found too', async (t) => {
  const app = await testApp(t);
  await importLines(
    app,
    [
      // Waits for its place, while another of the same name comes and is written.
      withId(GIVEN, policy('one', { title: 'First', parent_id: OTHER })),
      step('a', GIVEN),
      place,
      policy('one', { title: 'Second' }),
      withId(OTHER, policy('two')),
    ],
    { page: 1 },
  );
  const { body } = await app.call('GET', '/v1/policies?identifier=x:one');
  t.equal(body.data.length, 1);
  t.same(await policiesOf(app), { a: body.data[0].id });
});

t.test('where the same id is given to two, whoever mentions it means the later', async (t) => {
  const app = await holding(t);
  await importLines(
    app,
    [place, withId(GIVEN, policy('one')), withId(GIVEN, policy('new', { title: 'New' })), step('a', GIVEN)],
    { page: 1 },
  );
  t.same(await policiesOf(app), { a: GIVEN });
});

t.test('what was merged away since is followed to what it was merged into', async (t) => {
  const app = await holding(t);
  const part = [place, withId(GIVEN, policy('one')), step('a', GIVEN)];
  const first = await importLines(app, part, { page: 1, signal: stoppingAfter(2, 1) });
  t.equal(first.tally.read, 2);
  const { write: key } = app;
  const { body: survivor } = await app.call('POST', '/v1/policies', {
    key,
    body: { ...policy('other').record, jurisdiction_id: 'place' },
  });
  const merged = await app.call('POST', `/v1/policies/${app.held}/merge`, {
    key,
    body: { into: survivor.id },
  });
  t.equal(merged.status, 200);
  await importLines(app, part, { page: 1 });
  t.same(await policiesOf(app), { a: survivor.id });
});
