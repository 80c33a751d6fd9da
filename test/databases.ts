/**
 * Databases that tests start from, on the engine that their file runs on (`TEST_ENGINE`, SQLite by default): an empty one
 * and one with the seeds, made once a run; each test gets a copy of its own.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import type { Test } from 'tap';
import { buildApp, makeShared, type Parts } from '../src/app.ts';
import { openDatabase } from '../src/db/open.ts';
import { openapiText } from '../src/http/openapi.ts';
import { seed } from '../src/start.ts';
import { startPostgres, urlOf } from './postgres.ts';
import { ofFile, ofServer, type Restorer } from './restoring.ts';

export const templates = ['empty', 'seeded'] as const;
export type Template = (typeof templates)[number];

export const engines = ['sqlite', 'postgres'] as const;
export type Engine = (typeof engines)[number];
/** The engine of the file that is running. */
export let engine: Engine = process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';

/** Says which engine the next file of this process runs on. */
export function useEngine(next: Engine): void {
  engine = next;
}

/** Options of a test that starts programs but never uses the engine's database: it runs with SQLite's tests only. */
export const ONCE = {
  get skip(): string | false {
    return engine === 'sqlite' ? false : 'it has run with the tests on SQLite';
  },
};

/** What the tests' apps are configured with. */
export const SILENT = { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' } as const;

/** What follows from the code alone, made once a process; the description, which takes longer than most tests, once a run. */
const shared = makeShared();
const written = process.env.TEST_DESCRIPTION;
if (written) shared.description.text = readFileSync(written, 'utf8');

/** The description of an app: that of the run, or made of the first app of a process that is asked. */
export function descriptionOf(app: FastifyInstance): string {
  shared.description.text ??= openapiText(app);
  return shared.description.text;
}

/** Builds an app for a test: silent unless its settings say otherwise. */
export function appOver({
  config,
  ...parts
}: Omit<Parts, 'config'> & { readonly config?: Partial<Parts['config']> }): Promise<FastifyInstance> {
  return buildApp({ config: { ...SILENT, ...config }, shared, ...parts });
}

/** Makes both SQLite templates in a folder, unless they are there. */
export async function makeSqliteTemplates(folder: string): Promise<void> {
  const file = (template: Template) => join(folder, `${template}.db`);
  if (existsSync(file('empty'))) return;
  await (await openDatabase(`sqlite:${file('empty')}`)).close();
  // Complete once its database was closed, as closing folds the journal into it.
  copyFileSync(file('empty'), file('seeded'));
  await fill(`sqlite:${file('seeded')}`);
}

/** Makes both PostgreSQL templates on the server whose socket is in a folder. */
export async function makePostgresTemplates(folder: string): Promise<void> {
  await administer(folder, 'create database template_empty');
  await (await openDatabase(urlOf(folder, 'template_empty'))).close();
  await administer(folder, 'create database template_seeded template template_empty');
  await fill(urlOf(folder, 'template_seeded'));
}

async function fill(url: string): Promise<void> {
  const db = await openDatabase(url);
  const app = await appOver({ db });
  await seed(app);
  await app.close();
  await db.close();
}

/** Runs a statement as the server's administrator. */
export async function administer(folder: string, statement: string, port?: number): Promise<void> {
  const client = new pg.Client(urlOf(folder, 'postgres', port));
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

const stages: { [one in Engine]?: Promise<string> } = {};

/** Folder of the templates, or of the server's socket: made by the run, or by a test file that is run alone. */
function stage(): Promise<string> {
  const own = stages[engine] ?? (engine === 'sqlite' ? sqliteStage() : postgresStage());
  stages[engine] = own;
  return own;
}

async function sqliteStage(): Promise<string> {
  const folder = process.env.TEST_TEMPLATES ?? mkdtempSync(join(tmpdir(), 'civic-test-'));
  await makeSqliteTemplates(folder);
  if (!process.env.TEST_TEMPLATES) process.on('exit', () => rmSync(folder, { recursive: true }));
  return folder;
}

async function postgresStage(): Promise<string> {
  if (process.env.TEST_POSTGRES) return process.env.TEST_POSTGRES;
  const server = await startPostgres();
  await makePostgresTemplates(server.folder);
  process.on('exit', () => rmSync(server.folder, { recursive: true, force: true }));
  return server.folder;
}

let made = 0;

/** A restorer of a database that `freshDatabase` just made of a template. */
export async function restorerOf(url: string, template: Template): Promise<Restorer> {
  if (engine === 'postgres') return ofServer(url, template);
  return ofFile(url.slice('sqlite:'.length), join(await stage(), `${template}.db`));
}

/** What has an end, as a test does. */
export type Ending = Pick<Test, 'teardown'>;

/** Address of a fresh copy of a template, on the engine of the run; removed when the test ends. */
export async function freshDatabase(t: Ending, template: Template = 'empty'): Promise<string> {
  const folder = await stage();
  made += 1;
  if (engine === 'postgres') {
    const name = `test_${process.pid}_${made}`;
    // Copying its files is half the work of logging each of its pages.
    await administer(folder, `create database ${name} template template_${template} strategy file_copy`);
    t.teardown(() => administer(folder, `drop database if exists ${name} with (force)`));
    return urlOf(folder, name);
  }
  const home = mkdtempSync(join(tmpdir(), 'civic-app-'));
  copyFileSync(join(folder, `${template}.db`), join(home, 'test.db'));
  t.teardown(() => rmSync(home, { recursive: true }));
  return `sqlite:${join(home, 'test.db')}`;
}

/** Address of a database with nothing in it, not even tables; removed when the test ends. */
export async function blankDatabase(t: Test): Promise<string> {
  if (engine === 'sqlite') {
    const home = mkdtempSync(join(tmpdir(), 'civic-blank-'));
    t.teardown(() => rmSync(home, { recursive: true }));
    return `sqlite:${join(home, 'new', 'civic.db')}`;
  }
  const folder = await stage();
  made += 1;
  const name = `blank_${process.pid}_${made}`;
  await administer(folder, `create database ${name} template template0`);
  t.teardown(() => administer(folder, `drop database if exists ${name} with (force)`));
  return urlOf(folder, name);
}
