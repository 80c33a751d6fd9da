/** Databases that tests start from, made once a run and copied: an empty one, and one with the seeds. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { openDatabase } from '../src/db/open.ts';
import { seed } from '../src/start.ts';

export type Template = 'empty' | 'seeded';

const SILENT = { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' } as const;

/** Makes both templates in a folder. */
export async function makeTemplates(folder: string): Promise<void> {
  const empty = templateFile(folder, 'empty');
  if (existsSync(empty)) return;
  await openDatabase(`sqlite:${empty}`).close();
  const seeded = templateFile(folder, 'seeded');
  copyFileSync(empty, seeded);
  const db = openDatabase(`sqlite:${seeded}`);
  const app = await buildApp({ config: SILENT, db });
  await seed(app);
  await app.close();
  await db.close();
}

/** File of a template; complete once its database was closed, as closing folds the journal into it. */
export function templateFile(folder: string, template: Template): string {
  return join(folder, `${template}.db`);
}
