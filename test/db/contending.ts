/**
 * Run as a process of its own: writes to a database for a while, each time holding its lock for some milliseconds, and
 * tells how often it did, how long it had to wait at most, and how late its event loop was. Times in milliseconds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { LIMITS } from '../../src/db/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { addName } from './names.ts';

const [file = '', name = '', lasting = '0', holding = '0'] = process.argv.slice(2);
const db = openSqlite(file, undefined, { ...LIMITS, group: 1 });
await db.write((session) => addName(db, session, `${name} warm`));
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let [writes, longest] = [0, 0];
const until = performance.now() + Number(lasting);
while (performance.now() < until) {
  const asked = performance.now();
  await db.write(async (session) => {
    longest = Math.max(longest, performance.now() - asked);
    await addName(db, session, `${name} ${writes}`);
    await pause(Number(holding));
  });
  writes += 1;
}
delay.disable();
await db.close();
process.stdout.write(
  `${JSON.stringify({ writes, longest, late: delay.max / 1e6, usually: delay.percentile(99) / 1e6 })}\n`,
);
process.exit();
