/**
 * Run as a process of its own: writes to a database for a while, each time holding its lock for some milliseconds, and
 * tells how often it did, how long it had to wait at most, how many of its waits were long, and during how many of
 * those nothing else went on. Times in milliseconds.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { LIMITS } from '../../src/db/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { addName } from './names.ts';

const [file = '', name = '', lasting = '0', holding = '0'] = process.argv.slice(2);
const db = openSqlite(file, undefined, { ...LIMITS, group: 1 });
await db.write((session) => addName(db, session, `${name} warm`));
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
let turns = 0;
const ticking = setInterval(() => {
  turns += 1;
}, 1);
let [writes, longest, long, still] = [0, 0, 0, 0];
const until = performance.now() + Number(lasting);
while (performance.now() < until) {
  const [asked, before] = [performance.now(), turns];
  await db.write(async (session) => {
    const waited = performance.now() - asked;
    longest = Math.max(longest, waited);
    if (waited > Number(holding) / 2) long += 1;
    if (waited > Number(holding) / 2 && turns - before < 2) still += 1;
    await addName(db, session, `${name} ${writes}`);
    await pause(Number(holding));
  });
  writes += 1;
}
clearInterval(ticking);
await db.close();
process.stdout.write(`${JSON.stringify({ writes, longest, long, still })}\n`);
process.exit();
