import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { giveBackMemory } from '../../src/processes/memory.ts';

t.test('what nobody needs any more is given back', async (t) => {
  const kept = new WeakRef({});
  // What was looked at in this turn stays until its end.
  await turn();
  giveBackMemory();
  t.equal(kept.deref(), undefined);
  t.equal('gc' in globalThis, false, 'and the collector is nobody else’s to call');
});
