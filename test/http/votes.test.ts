import t from 'tap';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const POLICY = 'los-angeles-sanctuary-city-ordinance';
const ROLL = [
  { name: 'Raman', official_id: 'nithya-raman', option: 'yes', option_raw: 'Aye' },
  { name: 'Nobody Known', option: 'no' },
  { name: 'Third', option: 'not voting', reason: null },
];

t.test('the flat list of votes follows their event', async (t) => {
  const { call, make, patch, write, clock } = await writer(t);
  const event = await make('vote-events', {
    policy_id: POLICY,
    date: '2024-11',
    votes: ROLL.slice(0, 2),
  });
  const url = `/v1/vote-events/${event.id}`;
  const list = async (more = '') =>
    (await call('GET', `/v1/votes?vote_event=${event.id}${more}`)).body.data as Record<string, unknown>[];
  const names = async (more = '') => (await list(more)).map(({ name }) => name).sort();

  const flat = await list();
  t.same(await names(), ['Nobody Known', 'Raman']);
  const raman = flat.find(({ name }) => name === 'Raman');
  const { id: voter } = (await call('GET', '/v1/officials/nithya-raman')).body;
  t.match(raman, {
    vote_event_id: event.id,
    policy_id: event.policy_id,
    date: '2024-11',
    position: 1,
    official_id: voter,
    option: 'yes',
    option_raw: 'Aye',
    reason: null,
    updated_at: event.updated_at,
  });
  t.strictSame((await call('GET', `/v1/votes/${raman?.id}`)).body, raman, 'one is read as it is listed');
  const by = async (query: string) => (await call('GET', `/v1/votes?${query}`)).body.data.length;
  t.same(
    [await by('official=nithya-raman'), await by(`policy=${POLICY}&option=no`), await by('option=abstain')],
    [1, 1, 0],
    'by voter, policy and option',
  );

  clock.now = new Date(clock.now.getTime() + 1000);
  const two = ROLL.slice(0, 2).map((vote, at) =>
    at === 0 ? { ...vote, option: 'no', option_raw: 'Nay' } : vote,
  );
  await patch(url, { votes: two, date: '2024-12' });
  const [changed] = await list('&official=nithya-raman');
  t.match(
    changed,
    { id: raman?.id, option: 'no', option_raw: 'Nay', date: '2024-12' },
    'a changed vote keeps its id',
  );
  await patch(url, { votes: two.slice(0, 1) });
  t.same(await names(), ['Raman'], 'one that was taken out is gone');
  t.equal((await call('GET', `/v1/votes/${flat.find(({ name }) => name !== 'Raman')?.id}`)).status, 404);
  await patch(url, { policy_id: 'boston-noncooperation-pledge' });
  t.equal(await by(`policy=${POLICY}`), 0, 'they follow the event to another policy');
  await patch(url, { motion: 'only this' });
  t.same(await names(), ['Raman'], 'and stay as they are when something else changes');

  await call('DELETE', url, { key: write, ifMatch: '*' });
  t.same(await names(), [], 'they go with the event');
  t.equal((await call('GET', `/v1/votes/${raman?.id}`)).status, 410);
  t.same(await names('&include_deleted=true'), ['Raman'], 'leaving tombstones');
  await call('POST', `${url}/restore`, { key: write });
  t.same(await names(), ['Raman'], 'and come back with it');
  t.equal((await call('GET', `/v1/votes/${raman?.id}`)).status, 200);
});

t.test('votes are written with their event only', async (t) => {
  const { call, write } = await writer(t);
  const rows = ['POST /v1/votes', 'PATCH /v1/votes/x', 'PUT /v1/votes/x', 'DELETE /v1/votes/x'];
  await refuses(
    t,
    call,
    rows.map((request) => ({ name: request, request, key: write, problem: 'method-not-allowed' as const })),
  );
});

t.test('stated counts are compared with the votes', async (t) => {
  const { make, patch } = await writer(t);
  const yes = (value: number) => ({ option: 'yes', value });
  const no = (value: number) => ({ option: 'no', value });
  const votes = [...ROLL.slice(0, 2), { name: 'C', option: 'yes' }];
  const rows: [name: string, given: object, match: boolean | null, computed: object[]][] = [
    ['the same', { counts: [yes(2), no(1)], votes }, true, [yes(2), no(1)]],
    ['in another order', { counts: [no(1), yes(2)], votes }, true, [yes(2), no(1)]],
    [
      'with a zero that nobody cast',
      { counts: [yes(2), no(1), { option: 'abstain', value: 0 }], votes },
      true,
      [yes(2), no(1)],
    ],
    ['one more', { counts: [yes(3), no(1)], votes }, false, [yes(2), no(1)]],
    ['one option missing', { counts: [yes(2)], votes }, false, [yes(2), no(1)]],
    [
      'one option too many',
      { counts: [yes(2), no(1), { option: 'absent', value: 1 }], votes },
      false,
      [yes(2), no(1)],
    ],
    ['no counts', { votes }, null, [yes(2), no(1)]],
    ['no votes', { counts: [yes(2)] }, null, []],
    ['neither', {}, null, []],
  ];
  for (const [name, given, match, computed] of rows) {
    const event = await make('vote-events', { policy_id: POLICY, ...given });
    t.strictSame([event.counts_match, event.computed_counts], [match, computed], name);
  }
  const event = await make('vote-events', { policy_id: POLICY, counts: [yes(1)], votes: [ROLL[0]] });
  const { body: more } = await patch(`/v1/vote-events/${event.id}`, { counts: [yes(2)] });
  t.equal(more.counts_match, false, 'anew with each change');
  const { body: right } = await patch(`/v1/vote-events/${event.id}`, {
    votes: [ROLL[0], { name: 'B', option: 'yes' }],
  });
  t.equal(right.counts_match, true);
});
