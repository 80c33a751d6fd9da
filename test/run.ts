/**
 * `npm test`: everything that must hold of a change, in order of how fast it fails. Ends with `N passed, N failed`,
 * counting every assertion of the tests and each check before them as one.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

/** Runs the tests, counts their assertions, and prints those that failed with where they stand. */
async function runTap(files: string[], env: Record<string, string>): Promise<boolean> {
  const parser = new Parser();
  const count = (inner: Parser, path: string) => {
    let child: string | undefined;
    inner.on('child', (made: Parser) => {
      child = made.name;
      count(made, [path, made.name].filter(Boolean).join(' > '));
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
  count(parser, '');
  const well = await run('tap', ['run', '--reporter=tap', ...files], env, (text) =>
    parser.write(text.toString()),
  );
  parser.end();
  return well;
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
  chosen.filter((name) => !/\.(sqlite|postgres)\.test\.ts$/.test(name) || name.includes(`.${engine}.`));
await check('tests on SQLite', () => runTap(on('sqlite'), { TEST_ENGINE: 'sqlite', TEST_TEMPLATES: folder }));
const server = await startPostgres();
try {
  await makePostgresTemplates(server.folder);
  await check('tests on PostgreSQL', () =>
    runTap(on('postgres'), { TEST_ENGINE: 'postgres', TEST_POSTGRES: server.folder }),
  );
} finally {
  await server.stop();
}
if (files.length === 0 && existsSync('/usr/bin/chromium'))
  await check('Swagger UI in Chromium', () => run('node', ['test/browser.ts']));
rmSync(folder, { recursive: true });
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
