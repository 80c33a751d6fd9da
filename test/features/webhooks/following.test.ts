import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import type { Engine } from '../../../src/engine/engine.ts';
import { followLog } from '../../../src/features/webhooks/following.ts';

t.test('between two looks there is a rest, which is none once it is over', async (t) => {
  // Without webhooks nothing is asked of it.
  const log = followLog({} as Engine, 20);
  t.equal(log.rest(), 0, 'before the first');
  t.equal(await log.look([], 7, false), false);
  t.equal(log.upTo(), 7);
  const rest = log.rest();
  t.ok(rest > 0 && rest <= 20, `${rest} ms`);
  t.equal(await log.look([], 8, false), false);
  t.equal(log.upTo(), 7, 'meanwhile it is not looked at');
  await pause(30);
  t.equal(log.rest(), 0, 'no timer takes less than nothing without a warning');
  await log.look([], 8, false);
  t.equal(log.upTo(), 8);
});
