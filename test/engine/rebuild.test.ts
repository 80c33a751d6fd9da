import t from 'tap';
import { STREAMS } from '../../src/http/change-stream.ts';
import { engine } from '../databases.ts';
import { testApp } from '../helper.ts';
import { rebuild } from './rebuilder.ts';

/** Requests of each of four writers; `npm run drill:rebuild` makes many more, on both engines. */
const REQUESTS = engine === 'sqlite' ? 300 : 80;

t.test('who follows the change log from 0 holds every record exactly', async (t) => {
  const { app, key } = await testApp(t, 'seeded', {}, { streams: { ...STREAMS, heartbeat: 200 } });
  const keys = [await key('write'), await key('write'), await key('write'), await key('write')] as const;
  const { world, paged, streamed, connections } = await rebuild(app, keys, REQUESTS);
  t.comment(Object.fromEntries(world.tally), `${paged.last} changes, ${connections} connections`);
  for (const done of [
    'create 201',
    'patch 200',
    'put 200',
    'remove 204',
    'restore 200',
    'merge 200',
    'batch 200',
  ])
    t.ok(world.tally.get(done), `some ${done}`);
  t.ok(connections > 3, 'the stream was cut off again and again');
  t.equal(streamed.last, paged.last, 'both readers have all');
  t.same(await paged.differences(app), [], 'page by page, every row is as it was followed');
  t.same(await streamed.differences(app), [], 'and so it is by the stream, across reconnects');
});
