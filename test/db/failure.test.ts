import t from 'tap';
import type { Table } from '../../src/db/columns.ts';
import type { Database, Row } from '../../src/db/database.ts';
import { sql } from '../../src/db/drizzle.ts';
import { ATTEMPTS, DatabaseFailure, retried } from '../../src/db/failure.ts';
import { openDatabase } from '../../src/db/open.ts';
import { freshDatabase } from '../databases.ts';

const topic: Row = {
  id: '00000000-0000-7000-8000-000000000001',
  slug: 'one',
  name: 'One',
  description: null,
  parent_id: null,
  scheme: 'local',
  code: null,
  identifiers: [],
  links: [],
  version: 1,
  created_at: '2026-01-31T12:00:00.000Z',
  updated_at: '2026-01-31T12:00:00.000Z',
  deleted_at: null,
  seq: 1,
  moved_seq: 1,
  sort_name: 'one',
};

function insert(db: Database, row: Row): Promise<void> {
  const table = db.tables.kinds.get('topic') as Table;
  const values = Object.fromEntries(Object.keys(row).map((name) => [name, sql.placeholder(name)])) as never;
  return db.write((session) => session.run('insert', (on) => on.insert(table).values(values), row));
}

t.test('a broken constraint is the same failure on every engine', async (t) => {
  const db = await openDatabase(await freshDatabase(t, 'empty'));
  t.teardown(() => db.close());
  await insert(db, topic);
  const second = '00000000-0000-7000-8000-000000000002';
  const rows: [string, Row, string][] = [
    ['a slug that is taken', { ...topic, id: second }, 'unique'],
    ['an id that is taken', { ...topic, slug: 'two' }, 'unique'],
    [
      'a reference to nothing',
      { ...topic, id: second, slug: 'two', parent_id: '00000000-0000-7000-8000-00000000dead' },
      'reference',
    ],
    ['a name that is missing', { ...topic, id: second, slug: 'two', name: null }, 'check'],
  ];
  for (const [name, row, reason] of rows) {
    const failure = await insert(db, row).then(
      () => undefined,
      (error: unknown) => error,
    );
    t.ok(failure instanceof DatabaseFailure, name);
    t.equal((failure as DatabaseFailure).reason, reason, name);
  }
  await insert(db, { ...topic, id: second, slug: 'two' });
  t.pass('and the next write goes through');
});

t.test('references are checked at the end where that is asked for', async (t) => {
  const db = await openDatabase(await freshDatabase(t, 'empty'));
  t.teardown(() => db.close());
  const table = db.tables.kinds.get('topic') as Table;
  const parent = '00000000-0000-7000-8000-000000000002';
  const both = (rows: Row[]) =>
    db.write(
      async (session) => {
        await session.deferReferences();
        for (const row of rows) {
          const values = Object.fromEntries(
            Object.keys(row).map((name) => [name, sql.placeholder(name)]),
          ) as never;
          await session.run('insert', (on) => on.insert(table).values(values), row);
        }
      },
      { alone: true },
    );
  const child = { ...topic, parent_id: parent };
  await t.rejects(both([child]), { message: 'database: reference' }, 'one that never comes is refused');
  await both([child, { ...topic, id: parent, slug: 'two' }]);
  await t.rejects(
    insert(db, {
      ...topic,
      id: '00000000-0000-7000-8000-000000000003',
      slug: 'three',
      parent_id: '00000000-0000-7000-8000-00000000dead',
    }),
    { message: 'database: reference' },
  );
});

t.test('a transaction is run again only when asked, and not for ever', async (t) => {
  const failing = (reason: 'retry' | 'unique', times: number) => {
    let runs = 0;
    return async () => {
      runs += 1;
      if (runs <= times) throw new DatabaseFailure(reason, undefined);
      return runs;
    };
  };
  t.equal(await retried(failing('retry', 2)), 3);
  await t.rejects(retried(failing('retry', ATTEMPTS)), { message: 'database: retry' });
  await t.rejects(retried(failing('unique', 1)), { message: 'database: unique' });
});
