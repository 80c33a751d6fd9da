import t from 'tap';
import type { Session } from '../../src/db/database.ts';
import { DatabaseFailure, type FailureReason } from '../../src/db/failure.ts';
import type { Engine, Transaction } from '../../src/db/transaction.ts';
import { governed } from '../../src/db/transactions.ts';

type Step = keyof Transaction | 'begin';

/** An engine that keeps nothing; `fails` says with what a step fails, given which transaction it is of (1 is the first). */
function scripted(fails: (step: Step, transaction: number) => FailureReason | undefined) {
  const steps: string[] = [];
  let begun = 0;
  const take = async (step: Step, transaction: number) => {
    steps.push(`${step} ${transaction}`);
    const reason = fails(step, transaction);
    if (reason) throw new DatabaseFailure(reason, undefined);
  };
  const engine: Engine = {
    async begin() {
      begun += 1;
      const own = begun;
      await take('begin', own);
      return {
        session: {} as Session,
        mark: () => take('mark', own),
        back: () => take('back', own),
        commit: () => take('commit', own),
        rollback: () => take('rollback', own),
      };
    },
    single: () => Promise.reject(new Error('nothing is kept')),
    stamp: () => 'nothing',
    asFailure: (error) => error,
    end: async () => undefined,
  };
  return { db: governed(engine), steps };
}

const failing = (reason: FailureReason) => new DatabaseFailure(reason, undefined);

/** Writes a, b and c in one turn; `b` does what is given. Returns what came of each. */
async function three({ write }: Pick<ReturnType<typeof governed>, 'write'>, b: () => void = () => undefined) {
  const works = [() => undefined, b, () => undefined];
  const settled = await Promise.allSettled(works.map((work) => write(async () => work())));
  return settled.map((one) => (one.status === 'fulfilled' ? 'kept' : one.reason.message));
}

t.test('a failure of one’s own is undone to the mark, and the rest goes on', async (t) => {
  for (const reason of ['unique', 'reference', 'check'] as const) {
    const { db, steps } = scripted(() => undefined);
    const told = await three(db, () => {
      throw failing(reason);
    });
    t.same(told, ['kept', `database: ${reason}`, 'kept']);
    t.same(steps, ['begin 1', 'mark 1', 'back 1', 'commit 1'], reason);
  }
});

t.test('one write, or one that is alone, has no mark', async (t) => {
  const { db, steps } = scripted(() => undefined);
  await db.write(async () => undefined);
  t.same(steps, ['begin 1', 'commit 1']);
});

t.test('a failure that may concern all undoes all, and each runs by itself', async (t) => {
  const apart = ['begin 2', 'commit 2', 'begin 3', 'rollback 3', 'begin 4', 'commit 4'];
  for (const reason of ['unavailable', 'full'] as const) {
    const { db, steps } = scripted(() => undefined);
    const told = await three(db, () => {
      throw failing(reason);
    });
    t.same(told, ['kept', `database: ${reason}`, 'kept']);
    t.same(steps, ['begin 1', 'mark 1', 'rollback 1', ...apart], reason);
  }
});

t.test('what is due to the company goes well alone', async (t) => {
  const rows: [name: string, step: Step, reason: FailureReason, steps: string[]][] = [
    ['a mark that cannot be set', 'mark', 'unavailable', ['mark 1', 'rollback 1']],
    ['a mark that cannot be gone back to', 'back', 'unavailable', ['mark 1', 'back 1', 'rollback 1']],
    ['a commit that finds no room', 'commit', 'full', ['mark 1', 'mark 1', 'commit 1']],
    ['a commit that is to be tried again', 'commit', 'retry', ['mark 1', 'mark 1', 'commit 1']],
    ['a commit that is refused', 'commit', 'reference', ['mark 1', 'mark 1', 'commit 1']],
  ];
  for (const [name, at, reason, taken] of rows) {
    const { db, steps } = scripted((step, transaction) =>
      step === at && transaction === 1 ? reason : undefined,
    );
    let runs = 0;
    const told = await three(db, () => {
      runs += 1;
      if (runs === 1 && at === 'back') throw new Error('only the first time');
    });
    t.same(told, ['kept', 'kept', 'kept'], name);
    t.same(steps.slice(0, 1 + taken.length), ['begin 1', ...taken], name);
  }
});

t.test('a commit that nobody knows the end of is not done again', async (t) => {
  const { db, steps } = scripted((step) => (step === 'commit' ? 'unavailable' : undefined));
  t.same(await three(db), Array(3).fill('database: unavailable'));
  t.same(steps, ['begin 1', 'mark 1', 'mark 1', 'commit 1']);
});

t.test('when one cannot even begin, those after it do not try', async (t) => {
  const { db, steps } = scripted((step, transaction) => {
    if (step === 'mark') return 'unavailable';
    return step === 'begin' && transaction === 3 ? 'unavailable' : undefined;
  });
  t.same(await three(db), ['kept', 'database: unavailable', 'database: unavailable']);
  t.same(steps, ['begin 1', 'mark 1', 'rollback 1', 'begin 2', 'commit 2', 'begin 3']);
});
