/**
 * `npm test`: everything that must hold of a change, in order of how fast it fails. Ends with `N passed, N failed`,
 * counting every assertion of the tests and each check before them as one.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parser } from 'tap-parser';
import { makePostgresTemplates, makeSqliteTemplates } from './databases.ts';
import { startPostgres } from './postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'civic-test-'));
let passed = 0;
let failed = 0;

/** Runs a command; its output is shown only when it fails. Returns whether it ended well. */
async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
  onOutput?: (text: Buffer) => void,
): Promise<boolean> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const kept: Buffer[] = [];
  child.stdout.on('data', (text: Buffer) => (onOutput ? onOutput(text) : kept.push(text)));
  child.stderr.on('data', (text: Buffer) => kept.push(text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0 && kept.length > 0) process.stdout.write(Buffer.concat(kept));
  return code === 0;
}

async function check(name: string, work: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  const well = await work();
  if (well) passed += 1;
  else failed += 1;
  process.stdout.write(
    `${well ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`,
  );
}

/** Migrations are current when generating them again makes no new file. */
async function migrationsCurrent(dialect: string): Promise<boolean> {
  const copy = join(folder, `migrations-${dialect}`);
  cpSync('migrations', copy, { recursive: true });
  const count = () => readdirSync(copy, { recursive: true }).length;
  const before = count();
  const ran = await run('drizzle-kit', ['generate', '--config', 'drizzle.config.ts'], {
    DIALECT: dialect,
    MIGRATIONS: copy,
  });
  if (ran && count() === before) return true;
  process.stdout.write(`the ${dialect} migrations are stale: run npm run generate\n`);
  return false;
}

/** Runs one test file, counts its assertions, and prints those that failed with where they stand. */
async function runFile(file: string, env: Record<string, string>): Promise<boolean> {
  const parser = new Parser();
  const before = failed;
  const count = (inner: Parser, path: string) => {
    let child: string | undefined;
    inner.on('child', (made: Parser) => {
      child = made.name;
      count(made, `${path} > ${made.name}`);
    });
    inner.on('assert', ({ ok, name, diag }: { ok: boolean; name: string; diag?: object }) => {
      // A test with assertions of its own is counted by those.
      const summary = child !== undefined && name === child;
      child = undefined;
      if (summary) return;
      if (ok) passed += 1;
      else {
        failed += 1;
        process.stdout.write(`not ok: ${path} > ${name}\n${JSON.stringify(diag ?? {}, null, 2)}\n`);
      }
    });
  };
  count(parser, file);
  // A tap test is a program; starting it without tap's own loaders saves a second a file.
  const well = await run(
    'node',
    [file],
    { ...env, TAP_TIMEOUT: '120', NODE_COMPILE_CACHE: join(folder, 'compiled') },
    (text) => parser.write(text.toString()),
  );
  parser.end();
  const silent = !well && failed === before;
  if (silent) process.stdout.write(`not ok: ${file} ended badly\n`);
  return well;
}

/** Files run side by side. */
const JOBS = 3;

/** Runs test files, a few at a time; the slowest are named, as the place to look when a run takes long. */
async function runTests(chosen: readonly string[], env: Record<string, string>): Promise<boolean> {
  const waiting = [...chosen];
  const took: [number, string][] = [];
  let well = true;
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const start = performance.now();
      well = (await runFile(file, env)) && well;
      took.push([(performance.now() - start) / 1000, file]);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, work));
  const slowest = took.sort(([a], [b]) => b - a).slice(0, 5);
  process.stdout.write(
    `     slowest: ${slowest.map(([time, file]) => `${file} ${time.toFixed(0)} s`).join(', ')}\n`,
  );
  return well;
}

/** Whether a test file touches a database, so that it runs on both engines. */
function touchesDatabase(file: string): boolean {
  return /from '\.\.?\/(\.\.\/)?(helper|databases|program)\.ts'|crawler\.ts|writer\.ts/.test(
    readFileSync(file, 'utf8'),
  );
}

const files = process.argv.slice(2);
if (files.length === 0) {
  await check('lint', () => run('biome', ['check', '.']));
  await check('types', () => run('tsc', ['--noEmit']));
  await check('migrations of sqlite are current', () => migrationsCurrent('sqlite'));
  await check('migrations of postgres are current', () => migrationsCurrent('postgresql'));
  await check('openapi/openapi.json is current', () =>
    run('node', ['src/cli.ts', 'openapi', '--check', 'openapi/openapi.json']),
  );
  await check('openapi/openapi.json has no finding', () =>
    run('redocly', ['lint', 'openapi/openapi.json', '--format', 'github-actions']),
  );
}
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.test.ts'),
);
const chosen = files.length > 0 ? files : tests.sort().map((name) => join('test', name));
await makeSqliteTemplates(folder);
const on = (engine: string) =>
  chosen.filter((name) =>
    /\.(sqlite|postgres)\.test\.ts$/.test(name)
      ? name.includes(`.${engine}.`)
      : engine === 'sqlite' || touchesDatabase(name),
  );
await check('tests on SQLite', () =>
  runTests(on('sqlite'), { TEST_ENGINE: 'sqlite', TEST_TEMPLATES: folder }),
);
const server = await startPostgres();
try {
  await makePostgresTemplates(server.folder);
  await check('tests on PostgreSQL', () =>
    runTests(on('postgres'), { TEST_ENGINE: 'postgres', TEST_POSTGRES: server.folder }),
  );
} finally {
  await server.stop();
}
if (files.length === 0 && existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium'))
  await check('Swagger UI in Chromium', () => run('node', ['test/browser.ts']));
rmSync(folder, { recursive: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
