import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import t from 'tap';
import { LIMITS } from '../../../src/db/open.ts';
import type { PublicChange } from '../../../src/engine/changes.ts';
import { withoutRestricted } from '../../../src/engine/select.ts';
import { bundledKinds } from '../../../src/exchange/export/columns.ts';
import type { Snapshot } from '../../../src/exchange/export/folder.ts';
import { makeSnapshot } from '../../../src/exchange/export/snapshot.ts';
import { engine } from '../../databases.ts';
import { rowsOf, worldOf, write } from '../../engine/random-writers.ts';
import { send, testApp } from '../../helper.ts';
import { temporary } from '../whole.ts';
import { type Content, linesIn } from './reading.ts';

/** Requests of each of two writers. */
const REQUESTS = engine === 'sqlite' ? 150 : 60;

/** A record as text, whatever the order of its fields, without what files leave out or is made when it is read. */
function canonical(record: Content | undefined): string {
  const { current_memberships: _, inverse_type: __, version: ___, ...rest } = record ?? {};
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

t.test('who takes a snapshot and follows the feed from its revision holds every record', async (t) => {
  const { app, url, key } = await testApp(t, 'seeded');
  const [one, two] = [await key('write'), await key('write')];
  const world = await worldOf(app);
  const start = (await send(app, 'GET', '/v1/topics?limit=1', {})).body.meta.revision as number;
  const dir = temporary(t);
  const taken: Snapshot[] = [];
  let writing = true;
  const snapshots = async () => {
    for (let n = 0; writing && n < 3; n += 1) {
      const now = () => new Date(Date.UTC(2026, 0, 31) + n);
      taken.push(await makeSnapshot(url, LIMITS, { dir, keep: 9, claim: randomUUID(), now }));
    }
  };
  const writers = [one, two].map((each, at) =>
    write(app, world, { key: each, seed: at + 1, count: REQUESTS }),
  );
  await Promise.all([snapshots(), Promise.all(writers).then(() => (writing = false))]);

  const changes: PublicChange[] = [];
  for (let next: string | null = '/v1/changes?limit=1000'; next !== null; ) {
    const { body } = await send(app, 'GET', next, {});
    changes.push(...body.data);
    next = body.links.next;
  }
  const stored = new Map<string, string>();
  for (const kind of bundledKinds)
    for (const record of await rowsOf(app, kind))
      if (!('deleted_at' in record))
        stored.set(`${kind.name} ${record.id}`, canonical(withoutRestricted(kind, record)));

  const last = changes.at(-1)?.seq as number;
  t.ok(
    taken.some(({ revision }) => revision > start && revision < last),
    'some were taken under writes',
  );
  for (const { name, revision } of taken) {
    const copy = new Map<string, Content>();
    for (const kind of bundledKinds)
      for (const record of linesIn(join(dir, name), `${kind.path}.ndjson`))
        copy.set(`${kind.name} ${record.id}`, record);
    const then = new Map<string, Content>();
    for (const { kind, record_id, content } of changes.filter(({ seq }) => seq <= revision))
      if (content?.deleted_at) then.delete(`${kind} ${record_id}`);
      else then.set(`${kind} ${record_id}`, content as Content);
    t.same(
      differences(copy, then),
      [],
      `${name} is as the log has it at ${revision}, neither before nor after`,
    );

    const after = changes.filter(({ seq }) => seq > revision);
    for (const { kind, record_id, content } of after)
      if (content?.deleted_at) copy.delete(`${kind} ${record_id}`);
      else copy.set(`${kind} ${record_id}`, content as Content);
    const now = new Map([...copy].map(([of, record]) => [of, canonical(record)]));
    t.same(
      [...new Set([...now.keys(), ...stored.keys()])].filter((of) => now.get(of) !== stored.get(of)),
      [],
      `${after.length} changes later, every record is as it is stored`,
    );
  }
});

/** Names of records that two copies do not have alike. */
function differences(one: ReadonlyMap<string, Content>, other: ReadonlyMap<string, Content>): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => canonical(one.get(name)) !== canonical(other.get(name)));
}
