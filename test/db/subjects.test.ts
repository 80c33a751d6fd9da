import t from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import { openDatabase } from '../../src/db/open.ts';
import { jurisdictionsOf, shownUnder } from '../../src/engine/belonging.ts';
import { readStored } from '../../src/engine/store.ts';
import type { PublicRecord } from '../../src/model/declare.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { appOver } from '../databases.ts';
import { send } from '../helper.ts';
import { layStored } from './stored.ts';

t.test(
  'changes of a database from before they had subjects get those of the records as they stand',
  async (t) => {
    const { url, rows } = await layStored(t, '0000_start.ndjson.gz');
    const db = await openDatabase(url);
    const app = await appOver({ db });
    t.teardown(async () => {
      await app.close();
      await db.close();
    });
    const { engine } = app;
    const wrong = await db.read(async (session) => {
      const found = await session.all<{ subject_id: string; kind: string; seq: number }>(
        'all subjects',
        (on) => on.select().from(db.tables.changeSubjects).where(sql`true`),
      );
      const bySeq = Map.groupBy(found, ({ seq }) => seq);
      const expected = new Map<string, string[]>();
      const different: unknown[] = [];
      for (const { row } of rows.filter(({ table }) => table === 'changes')) {
        const kind = kindNamed(String(row.kind));
        const id = String(row.record_id);
        const record = (await readStored({ engine, session }, kind, id))?.record as PublicRecord;
        const subjects =
          expected.get(id) ??
          [
            ...new Set([
              ...(await jurisdictionsOf({ engine, session }, kind, record)),
              ...shownUnder(kind, record),
            ]),
          ].sort();
        expected.set(id, subjects);
        const kept = bySeq.get(Number(row.seq)) ?? [];
        const same =
          kept.every((one) => one.kind === kind.name) &&
          String(kept.map(({ subject_id }) => subject_id).sort()) === String(subjects);
        if (!same) different.push({ row, kept, subjects });
      }
      return { different, count: found.length, kinds: new Set(found.map(({ kind }) => kind)) };
    });
    t.same(wrong.different, []);
    t.ok(wrong.count > 100 && wrong.kinds.size > 10, `${wrong.count} subjects of ${wrong.kinds.size} kinds`);
    const { body } = await send(app, 'GET', '/v1/changes?jurisdiction=los-angeles&kind=policy,action', {});
    t.ok(body.data.length > 5, 'so the feed of a place has what was before');
  },
);
