import t from 'tap';
import { sql } from '../../src/db/drizzle.ts';
import { keepsShown } from '../../src/db/tables.ts';
import { tableOf } from '../../src/engine/select.ts';
import { fillShown } from '../../src/engine/shown-fill.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { type TestApp, testApp } from '../helper.ts';

const keeping = kinds.filter(keepsShown);

/** What the rows of all kinds keep. */
async function keptOf({ db }: TestApp): Promise<unknown[]> {
  const found = [];
  for (const kind of keeping) {
    const table = tableOf(db, kind);
    const { id, shown, shown_of } = table;
    found.push(
      await db.read((session) =>
        session.all(`kept of ${kind.name}`, (on) =>
          on
            .select({ id, shown, shown_of } as never)
            .from(table)
            .orderBy(sql`id`),
        ),
      ),
    );
  }
  return found;
}

function change({ db }: TestApp, name: string, values: object): Promise<void> {
  const table = tableOf(db, kindNamed(name));
  return db.write((session) =>
    session.run(`set ${name} ${JSON.stringify(Object.keys(values))}`, (on) =>
      on.update(table).set(values).where(sql`true`),
    ),
  );
}

const forever = () => new AbortController().signal;

t.test('what rows from before do not keep is filled in as a write would have kept it', async (t) => {
  const app = await testApp(t, 'seeded');
  const { engine } = app.app;
  const key = await app.key('write');
  await app.call('POST', '/v1/measures', { key, body: { name: 'Gone again' } });
  await app.call('DELETE', '/v1/measures/gone-again', { key, ifMatch: '*' });
  const written = await keptOf(app);
  for (const { name } of keeping) await change(app, name, { shown: null, shown_of: null });
  // As another version of the program wrote it.
  await change(app, 'topic', { shown: '{"id":"of another shape"', shown_of: 7 });
  t.ok((await fillShown(engine, forever(), 20)) > 100);
  t.same(await keptOf(app), written);
  t.equal(await fillShown(engine, forever()), 0, 'once all is done there is nothing to do');
});

t.test('it can be stopped anywhere, and goes on from there', async (t) => {
  const app = await testApp(t, 'seeded');
  const { engine } = app.app;
  const written = await keptOf(app);
  for (const { name } of keeping) await change(app, name, { shown: null, shown_of: null });
  let [starts, seen] = [0, 0];
  for (let more = 1; more > 0; starts += 1) {
    const stopping = new AbortController();
    const { write } = engine.db;
    let pages = 0;
    const db = {
      ...engine.db,
      write: ((...given: Parameters<typeof write>) => {
        pages += 1;
        if (pages === 7) stopping.abort();
        return write(...given);
      }) as typeof write,
    };
    more = await fillShown({ ...engine, db }, stopping.signal, 10);
    seen += more;
  }
  t.ok(starts > 3, `${starts} starts`);
  t.ok(seen > 100);
  t.same(await keptOf(app), written);
});
