/** Allowances that several processes share: two apps on one database, which tell each other when the test says so. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { sweep } from '../../src/engine/sweeps.ts';
import { makeRates, type Rates } from '../../src/http/rates.ts';
import { tellRates } from '../../src/http/shared-rates.ts';
import { cases } from '../cases.ts';
import { appOver } from '../databases.ts';
import { testApp } from '../helper.ts';

const CLIENT = '192.0.2.1';

/** Two counts of one rate, with clocks that began at different times, on one database. */
async function two(t: Test, requests: number, part: number) {
  const { app, db, clock } = await testApp(t, 'empty');
  const begun = clock.now.getTime();
  const counting = (uptime: number) =>
    makeRates({ requests, seconds: 60 }, () => clock.now.getTime() - begun + uptime, part);
  const [one, other] = [counting(1_000), counting(5_000_000)];
  const tell = (rates: Rates) => tellRates(app.engine, rates);
  const pass = (milliseconds: number) => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
  };
  const rows = async () => {
    const { rateWindows } = db.tables;
    return db.read((session) =>
      session.all<{ client: string; taken: number }>('rate windows', (on) =>
        on.select({ client: rateWindows.client, taken: rateWindows.taken } as never).from(rateWindows),
      ),
    );
  };
  return { one, other, tell, pass, rows, engine: app.engine };
}

/** Asks so often; returns how often that was allowed. */
function ask(rates: Rates, times: number): number {
  return Array.from({ length: times }, () => rates.charge(null, CLIENT)).filter(({ over }) => !over).length;
}

t.test('what is taken from one process is missing at the other', async (t) => {
  const { one, other, tell, pass } = await two(t, 10, 0);
  t.equal(ask(one, 4), 4);
  await tell(one);
  pass(10_000);
  t.equal(ask(other, 3), 3);
  t.equal(other.charge(null, CLIENT).standing.left, 6, 'before it has been told it counts its own');
  await tell(other);
  const { standing } = other.charge(null, CLIENT);
  t.equal(standing.left, 1, '4 here, 4 there, and this one');
  t.equal(standing.reset, 50, 'in the window that began with the first request, wherever it was made');
  await tell(one);
  t.equal(ask(one, 9), 9 - 3, 'who is not told anew goes by what it knows');
  await tell(one);
  t.equal(ask(one, 1), 0);
  pass(50_000);
  t.equal(ask(one, 20), 10, 'then a new window begins');
  await tell(one);
  ask(other, 1);
  await tell(other);
  t.equal(ask(other, 1), 0, 'for all');
});

t.test('what was put back is given to all', async (t) => {
  const { one, other, tell } = await two(t, 10, 0);
  const charges = Array.from({ length: 5 }, () => one.charge(null, CLIENT));
  await tell(one);
  for (const { giveBack } of charges.slice(0, 3)) giveBack();
  one.charge(null, CLIENT);
  await tell(one);
  other.charge(null, CLIENT);
  await tell(other);
  t.equal(other.charge(null, CLIENT).standing.left, 10 - 3 - 2);
});

t.test('of a client that uses little nothing is written', async (t) => {
  const { one, tell, rows } = await two(t, 100, 0.05);
  ask(one, 4);
  await tell(one);
  t.same(await rows(), []);
  ask(one, 1);
  await tell(one);
  const [row, ...others] = await rows();
  t.equal(row?.taken, 5, 'then of all that it took');
  t.same(others, []);
  t.notMatch(row?.client, CLIENT, 'without its address');
});

t.test('a database that does not answer loses nothing', async (t) => {
  const { one, other, tell, engine } = await two(t, 10, 0);
  ask(one, 3);
  const failing = { ...engine, db: { ...engine.db, write: () => Promise.reject(new Error('gone')) } };
  await t.rejects(tellRates(failing, one), { message: 'gone' });
  ask(one, 1);
  await tell(one);
  ask(other, 1);
  await tell(other);
  t.equal(other.charge(null, CLIENT).standing.left, 10 - 4 - 2);
});

t.test('windows that are over are swept out', async (t) => {
  const { one, tell, pass, rows, engine } = await two(t, 10, 0);
  ask(one, 1);
  await tell(one);
  t.match(await sweep(engine), { rate_windows: 0 });
  pass(60_000);
  t.match(await sweep(engine), { rate_windows: 1 });
  t.same(await rows(), []);
});

t.test(
  'nobody gets more than the allowance, what is untold and what is asked between two tellings',
  async (t) => {
    const { one, other, tell, pass } = await two(t, 20, 0.1);
    const round = fc.record({ here: fc.nat({ max: 6 }), there: fc.nat({ max: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { maxLength: 12 }), async (rounds) => {
        // Each begins with windows of its own.
        pass(120_000);
        let allowed = 0;
        let between = 0;
        for (const { here, there } of rounds) {
          allowed += ask(one, here) + ask(other, there);
          between = Math.max(between, here + there);
          await tell(one);
          await tell(other);
        }
        // Each may have taken a tenth that it never told of; and in a last round each what the other took meanwhile.
        const most = 20 + 2 * 2 + between;
        if (allowed > most) throw new Error(`${allowed} of ${most} were allowed`);
      }),
      { numRuns: cases(25) },
    );
  },
);

t.test('two services on one database count together', async (t) => {
  const tested = await testApp(t, 'empty');
  const start = async () => {
    const db = await openDatabase(tested.url);
    const config = { RATE_LIMIT: '6/60' };
    const app = await appOver({ config, db, sharing: { part: 0, every: 20 } });
    await app.ready();
    t.teardown(async () => {
      await app.close();
      await db.close();
    });
    return async () => {
      const { statusCode } = await app.inject({ url: '/v1/topics', remoteAddress: CLIENT });
      return statusCode;
    };
  };
  const services = [await start(), await start()];
  let allowed = 0;
  for (let at = 0; at < 40; at += 1) {
    if ((await services[at % 2]?.()) === 200) allowed += 1;
    // Long enough to be told of it now and then.
    if (at % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.ok(allowed >= 6 && allowed < 12, `${allowed} were allowed, and not six by each`);
});
