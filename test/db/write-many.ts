/** Run as a process of its own: writes some names, one transaction each. */
import { LIMITS } from '../../src/db/open.ts';
import { openSqlite } from '../../src/db/sqlite/open.ts';
import { addName } from './names.ts';

const [file = '', name = '', count = '0'] = process.argv.slice(2);
const db = openSqlite(file, undefined, LIMITS);
for (let at = 0; at < Number(count); at += 1)
  await db.write((session) => addName(db, session, `${name} ${at}`));
await db.close();
