/** Run as a process of its own: waits for the moment it is told, then opens a database, and says how many migrations it ran. */
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { migrate } from '../../src/db/sqlite/migrate.ts';

const [file = '', folder = '', at = '0'] = process.argv.slice(2);
await setTimeout(Math.max(0, Number(at) - Date.now()));
const connection = new Sqlite(file, { timeout: 5000 });
process.stdout.write(String(migrate(connection, folder).length));
connection.close();
