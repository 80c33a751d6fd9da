import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { LIMITS, openDatabase } from '../../../src/db/open.ts';
import { endTurn, keepTurn, takeTurn } from '../../../src/engine/turns.ts';
import { beginSnapshot, keepNewest, readSnapshot, snapshotsIn } from '../../../src/exchange/export/folder.ts';
import { keepExporting, makeDue, type Schedule } from '../../../src/exchange/export/schedule.ts';
import { testApp } from '../../helper.ts';
import { temporary } from '../whole.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Two processes of one tracker, whose clock a test moves. */
async function twoProcesses(t: Test) {
  const app = await testApp(t);
  const other = await openDatabase(app.url);
  t.teardown(() => other.close());
  const start = app.clock.now.getTime();
  const at = (ms: number) => {
    app.clock.now = new Date(start + ms);
  };
  const now = () => app.clock.now;
  return { app, at, one: { db: app.db, now }, two: { db: other, now } };
}

const DUTY = { name: 'snapshot', every: HOUR };

t.test('of the processes of a tracker one at a time makes a snapshot, when one is due', async (t) => {
  const { at, one, two } = await twoProcesses(t);
  const taken = await Promise.all([
    takeTurn(one, DUTY, 'a'),
    takeTurn(two, DUTY, 'b'),
    takeTurn(one, DUTY, 'c'),
    takeTurn(two, DUTY, 'd'),
  ]);
  t.equal(taken.filter(Boolean).length, 1, 'one of those that come together');
  const first = ['a', 'b', 'c', 'd'][taken.indexOf(true)] as string;
  at(4 * MINUTE);
  t.equal(await takeTurn(two, DUTY, 'e'), false, 'none while it is made');
  t.equal(await keepTurn(one, DUTY, first), true);
  at(8 * MINUTE);
  t.equal(await takeTurn(two, DUTY, 'e'), false, 'for as long as its process lives');
  await endTurn(one, DUTY, first, 7);
  at(HOUR - 1);
  t.equal(await takeTurn(two, DUTY, 'e'), false, 'nor before the next is due');
  at(HOUR);
  t.equal(await takeTurn(two, DUTY, 'e'), true);

  at(HOUR + 6 * MINUTE);
  t.equal(await takeTurn(one, DUTY, 'f'), true, 'one that died gives its turn up');
  t.equal(await keepTurn(two, DUTY, 'e'), false, 'and hears of it');
  t.equal(await endTurn(two, DUTY, 'e', 7), false);
  await endTurn(one, DUTY, 'f', null);
  at(HOUR + 20 * MINUTE);
  t.equal(await takeTurn(one, DUTY, 'g'), false, 'one that failed is not tried again at once');
  at(HOUR + 21 * MINUTE);
  t.equal(await takeTurn(one, DUTY, 'g'), true, 'but soon');
});

t.test('snapshots are made at intervals, where something has changed, and old ones go', async (t) => {
  const { app, at, one, two } = await twoProcesses(t);
  const dir = join(temporary(t), 'deep', 'snapshots');
  const schedule: Schedule = { url: app.url, limits: LIMITS, dir, keep: 2, every: HOUR };
  const never = new AbortController().signal;
  const key = await app.key('write');
  const write = (name: string) => app.call('POST', '/v1/topics', { key, body: { name } });
  await write('First');
  const [made, not] = (
    await Promise.all([makeDue(one, schedule, never), makeDue(two, schedule, never)])
  ).sort();
  t.same([snapshotsIn(dir), not], [[made], undefined], 'one process makes it');
  t.match(readSnapshot(dir, made as string), { revision: 1 });
  at(HOUR);
  t.equal(await makeDue(two, schedule, never), undefined, 'nothing has changed');
  at(HOUR + MINUTE);
  await write('Second');
  t.equal(await makeDue(two, schedule, never), undefined, 'and it is looked again when the next is due');
  at(2 * HOUR);
  const second = await makeDue(two, schedule, never);
  await write('Third');
  at(3 * HOUR);
  const third = await makeDue(one, schedule, never);
  t.same(readdirSync(dir), [second, third], 'the first is gone, and nothing else is there');

  await write('Fourth');
  at(4 * HOUR);
  const stopping = new AbortController();
  const work = makeDue(one, { ...schedule, url: 'sqlite:/nowhere/at/all.db' }, stopping.signal);
  await t.rejects(work, /there is no database|cannot be used|is not there/, 'what goes wrong is told');
  t.same(readdirSync(dir), [second, third], 'and leaves nothing behind');
  at(4 * HOUR + 15 * MINUTE);
  const heard: string[] = [];
  const stop = keepExporting(
    one,
    { ...schedule, look: 10 },
    {
      made: (name) => heard.push(name),
      failed: (error) => heard.push(String(error)),
    },
  );
  while (!readdirSync(dir).some((name) => name.startsWith('.partial-'))) await wait(1);
  await stop();
  t.same(readdirSync(dir), [second, third], 'one that is stopped leaves nothing either');
  t.same(heard, []);
});

t.test('what a killed process left is taken away, not what another makes', async (t) => {
  const dir = temporary(t);
  const now = Date.now();
  for (const name of ['.partial-999999999-a', `.partial-${process.pid}-b`, '.old-20260131T120000000Z-r1'])
    mkdirSync(join(dir, name));
  beginSnapshot(dir, 'c', now);
  t.same(
    readdirSync(dir),
    [`.partial-${process.pid}-b`, `.partial-${process.pid}-c`, '.partial-999999999-a'].sort(),
  );
  beginSnapshot(dir, 'd', now + HOUR);
  t.notOk(readdirSync(dir).includes('.partial-999999999-a'), 'once nothing has happened in it for a while');
  rmSync(join(dir, `.partial-${process.pid}-b`), { recursive: true });
  for (const name of ['20260131T120000000Z-r9', '20260131T120000001Z-r10', '20260201T000000000Z-r2', 'notes'])
    mkdirSync(join(dir, name));
  writeFileSync(join(dir, '20260101T000000000Z-r1'), '');
  keepNewest(dir, 2);
  t.same(
    snapshotsIn(dir),
    ['20260201T000000000Z-r2', '20260131T120000001Z-r10'],
    'the newest by time are kept',
  );
  t.ok(readdirSync(dir).includes('notes'), 'and what is no snapshot is left alone');
});
