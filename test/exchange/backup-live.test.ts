import { join } from 'node:path';
import t from 'tap';
import { LIMITS } from '../../src/db/open.ts';
import { backUp } from '../../src/exchange/backup.ts';
import { freshDatabase } from '../databases.ts';
import { Client, makePlace } from '../drills/clients.ts';
import { compareAtRevision } from '../drills/rebuilt.ts';
import { prepare } from '../drills/service.ts';
import { serve } from '../program.ts';
import { temporary } from './whole.ts';

// The short form of `npm run drill:backup`.
t.test(
  'backups made while clients write are each the tracker at one revision, row for row',
  { timeout: 60_000 },
  async (t) => {
    const url = await freshDatabase(t, 'empty');
    const key = await prepare(url);
    const service = await serve(t, { DATABASE_URL: url, SEED: 'false', RATE_LIMIT: 'off' });
    await makePlace(service.url, key);
    const clients = ['a', 'b', 'c'].map((name) => new Client(name, key));
    const written = () => clients.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    let over = false;
    const running = clients.map((client) => client.run(service.url, () => over));
    const folder = temporary(t);
    const made: { file: string; revision: number }[] = [];
    for (const name of ['one.db', 'two.db', 'three.db']) {
      const before = written();
      while (written() < before + 30) await new Promise((resolve) => setTimeout(resolve, 10));
      const file = join(folder, name);
      const { revision } = await backUp(url, LIMITS, file);
      made.push({ file, revision });
    }
    const end = written() + 10;
    while (written() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    over = true;
    await Promise.all(running);
    t.same(
      clients.flatMap(({ refused }) => refused),
      [],
      'no writer was refused',
    );
    for (const { file, revision } of made)
      t.same((await compareAtRevision(url, file, revision)).faults, [], `revision ${revision}`);
    const [one] = made as [(typeof made)[number]];
    const earlier = await compareAtRevision(url, one.file, one.revision - 1);
    t.ok(earlier.faults.length > 0, 'and at no other');
    t.ok((made[0]?.revision ?? 0) < (made[2]?.revision ?? 0), 'they are of different moments');
  },
);
