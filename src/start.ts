/** From settings to an app that is ready to listen: the database migrated, and filled when it is empty. */
import { fileURLToPath } from 'node:url';
import type { ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { openDatabase } from './db/open.ts';
import { revisionOf } from './engine/list.ts';
import { inputSchema, sharedSchemas } from './engine/schemas.ts';
import { makeValidators } from './engine/validate.ts';
import { type Counts, load } from './exchange/load.ts';
import { readSeeds } from './exchange/seeds.ts';
import { kinds } from './model/kinds.ts';

export interface Started {
  readonly app: FastifyInstance;
  readonly db: Database;
  /** Stops taking requests, finishes those that run, and closes the database. */
  readonly stop: () => Promise<void>;
}

/** Opens the database, builds the app around it and, where `SEED` says so, fills an empty database. */
export async function start(config: Config): Promise<Started> {
  const db = openDatabase(config.DATABASE_URL);
  const app = await buildApp({ config, db });
  await app.ready();
  if (config.SEED && (await db.read((session) => revisionOf(session, app.engine))) === 0) {
    const counts = await seed(app);
    app.log.info(`filled the empty database with ${total(counts)} records from seeds/`);
  }
  const stop = async () => {
    await app.close();
    await db.close();
  };
  return { app, db, stop };
}

const SEEDS = fileURLToPath(new URL('../seeds', import.meta.url));

/** Loads `seeds/` into the app's database; a second time changes nothing. */
export async function seed(
  { engine }: FastifyInstance,
  folder: string = SEEDS,
): Promise<Map<string, Counts>> {
  const compile = makeValidators([...sharedSchemas]);
  const validators = new Map<string, ValidateFunction>();
  for (const kind of kinds.filter(({ rowsOf }) => rowsOf === undefined)) {
    validators.set(`${kind.title}Input`, compile('body', inputSchema(kind, kind.title)));
  }
  const author = { actor: 'civic seed', reason: 'facts of the seed documents' };
  return load(engine, author, readSeeds(folder), (name) => validators.get(name) as ValidateFunction);
}

function total(counts: Map<string, Counts>): number {
  return [...counts.values()].reduce((sum, { created }) => sum + created, 0);
}
