import t from 'tap';
import { kindNamed } from '../../src/model/kinds.ts';
import { testApp } from '../helper.ts';
import { createAll, writes } from './crawler.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour));

t.test('votes change when their event is rewritten, deleted or restored, and say when', async (t) => {
  const { app, call, clock } = await testApp(t, 'seeded');
  const events = writes(app.engine, kindNamed('vote_event'));
  const votes = [
    { name: 'One', option: 'yes' },
    { name: 'Two', option: 'no' },
  ];
  clock.now = at(1);
  const body = { policy_id: 'boston-noncooperation-pledge', date: '2024-12', votes };
  const [id] = (await createAll(app.engine, kindNamed('vote_event'), [body])) as [string];
  const shown = async (query = '') =>
    (await call('GET', `/v1/votes?vote_event=${id}&limit=200${query}`)).body.data as Record<
      string,
      unknown
    >[];
  const first = await shown();
  t.same(first.length, 2);

  clock.now = at(2);
  await events.update(id, { date: '2025', votes: [...votes, { name: 'Three', option: 'yes' }] });
  const second = await shown();
  t.same(
    second.map(({ date, updated_at }) => [date, updated_at]),
    Array(3).fill(['2025', at(2).toISOString()]),
  );
  t.ok(
    first.every((vote) => second.some(({ id: same }) => same === vote.id)),
    'ids last',
  );

  clock.now = at(3);
  await events.remove(id);
  t.same(await shown(), [], 'the votes of a deleted event are deleted');
  const gone = await shown('&include_deleted=true');
  t.same(
    gone.map(({ deleted_at, updated_at }) => [deleted_at, updated_at]),
    Array(3).fill([at(3).toISOString(), at(3).toISOString()]),
  );

  clock.now = at(4);
  await events.restore(id);
  t.same((await shown(`&updated_since=${at(4).toISOString()}`)).length, 3, 'a restore is a change');
});
