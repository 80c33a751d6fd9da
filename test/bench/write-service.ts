/** Run as a process of its own: the service on a database, with so many writes sharing a transaction at most. */
import type { AddressInfo } from 'node:net';
import { buildApp } from '../../src/app.ts';
import { LIMITS, openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { SILENT } from '../databases.ts';

const [url = '', group = '1'] = process.argv.slice(2);
const db = await openDatabase(url, { ...LIMITS, group: Number(group) });
const app = await buildApp({ config: SILENT, db });
const { key } = await createKey(db, new Date(), { name: 'bench', scope: 'write', expiresAt: null });
await app.listen({ host: '127.0.0.1', port: 0 });
// Asked for anything, it says how long it has computed, in microseconds.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.once('SIGTERM', async () => {
  app.server.closeAllConnections();
  await app.close();
  await db.close();
  process.disconnect?.();
});
process.send?.({ port: (app.server.address() as AddressInfo).port, key });
