/**
 * `npm test`: everything that must hold of a change, a few things at a time. Ends with `N passed, N failed`, counting
 * every assertion of the tests, and each other check as one.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Parser } from 'tap-parser';
import { type Engine, makePostgresTemplates, makeSqliteTemplates } from './databases.ts';
import { startPostgres } from './postgres.ts';

/** Where the run's databases are: in memory where there is plenty, as each test has one of its own. */
process.env.TMPDIR = roomIn('/dev/shm') > 4 ? '/dev/shm' : tmpdir();
const folder = mkdtempSync(join(tmpdir(), 'civic-test-'));
let passed = 0;
let failed = 0;

/** What Node makes of the sources it reads, kept so that the many programs of a run need not each make it again. */
const compiled = { NODE_COMPILE_CACHE: join(folder, 'compiled') };

/** Runs a command; its output is shown only when it fails. Returns whether it ended well. */
async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
  onOutput?: (text: Buffer) => void,
): Promise<boolean> {
  const child = spawn(command, args, {
    env: { ...process.env, ...compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kept: Buffer[] = [];
  child.stdout.on('data', (text: Buffer) => (onOutput ? onOutput(text) : kept.push(text)));
  child.stderr.on('data', (text: Buffer) => kept.push(text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0 && kept.length > 0) process.stdout.write(Buffer.concat(kept));
  return code === 0;
}

/** GiB that are free in a folder; none where it is not there. */
function roomIn(path: string): number {
  if (!existsSync(path)) return 0;
  const { bavail, bsize } = statfsSync(path);
  return (bavail * bsize) / 2 ** 30;
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

/** Migrations are current when generating them again finds nothing to do. */
async function migrationsCurrent(dialect: string): Promise<boolean> {
  const copy = join(folder, `migrations-${dialect}`);
  cpSync('migrations', copy, { recursive: true });
  const count = () => readdirSync(copy, { recursive: true }).length;
  const before = count();
  let said = '';
  const ran = await run(
    'drizzle-kit',
    ['generate', '--config', 'drizzle.config.ts'],
    // The generator takes every path for a relative one, and what goes wrong for a success.
    { DIALECT: dialect, MIGRATIONS: relative('.', copy) },
    (text) => {
      said += text;
    },
  );
  if (ran && said.includes('No schema changes') && count() === before) return true;
  process.stdout.write(`${said}the ${dialect} migrations are stale: run npm run generate\n`);
  return false;
}

interface Assertion {
  readonly ok: boolean;
  readonly name: string;
  readonly diag?: object;
  readonly skip?: boolean | string;
}

/** Runs test files in one process, counts their assertions, and prints those that failed with where they stand. */
async function runFiles(files: readonly string[], env: Record<string, string>): Promise<void> {
  const parser = new Parser();
  let wrong = 0;
  const count = (inner: Parser, path: string) => {
    let child: string | undefined;
    inner.on('child', (made: Parser) => {
      child = made.name;
      count(made, `${path} > ${made.name}`);
    });
    inner.on('assert', ({ ok, name, diag, skip }: Assertion) => {
      // A test with assertions of its own is counted by those.
      const summary = child !== undefined && name === child;
      child = undefined;
      if (summary || skip) return;
      if (ok) passed += 1;
      else {
        failed += 1;
        wrong += 1;
        process.stdout.write(`not ok: ${path} > ${name}\n${JSON.stringify(diag ?? {}, null, 2)}\n`);
      }
    });
  };
  count(parser, files.length === 1 ? String(files) : 'test');
  // A tap test is a program; starting it without tap's own loaders saves a second a file.
  const program = files.length === 1 ? files : ['test/together.ts', ...files];
  const well = await run('node', [...program], { ...env, TAP_TIMEOUT: String(120 * files.length) }, (text) =>
    parser.write(text.toString()),
  );
  parser.end();
  if (well || wrong > 0) return;
  failed += 1;
  process.stdout.write(`not ok: ${files.join(' ')} ended badly\n`);
}

/** Things done side by side: one more than processors, as some wait for a database. */
const JOBS = availableParallelism() + 1;

/** Files that take longest, longest first, so that none of them is begun last. The end of a run names the slowest. */
const LONGEST = ['cli', 'process', 'db/outage.postgres', 'http/history', 'engine/crawl'].map((name) =>
  join('test', `${name}.test.ts`),
);

/** Test files that one process runs: each process loads the program and compiles its schemas, which takes a second. */
const TOGETHER = 8;

/** Whether a test file stops and starts programs, and so is better alone. */
function runsPrograms(file: string): boolean {
  return /program\.ts'|node:child_process|worker_threads/.test(readFileSync(file, 'utf8'));
}

/** Files by the processes that run them: the longest and those with programs alone, the others dealt out evenly. */
function inProcesses(files: readonly string[]): string[][] {
  const alone = files.filter((file) => LONGEST.includes(file) || runsPrograms(file));
  const others = files.filter((file) => !alone.includes(file));
  const count = Math.ceil(others.length / TOGETHER);
  const dealt = Array.from({ length: count }, (_, at) => others.filter((_, of) => of % count === at));
  return [...alone.map((file) => [file]), ...dealt];
}

/** Whether a test file touches a database, so that it runs on both engines. */
function touchesDatabase(file: string): boolean {
  return /from '\.\.?\/(\.\.\/)?(helper|databases|program)\.ts'|crawler\.ts|writer\.ts/.test(
    readFileSync(file, 'utf8'),
  );
}

/** Whether a test file runs on an engine; one that touches no database runs once. */
function runsOn(engine: Engine, file: string): boolean {
  return /\.(sqlite|postgres)\.test\.ts$/.test(file)
    ? file.includes(`.${engine}.`)
    : engine === 'sqlite' || touchesDatabase(file);
}

/** Takes of two lists in turn, so that the long of both come first. */
function interleaved<T>(one: readonly T[], other: readonly T[]): T[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [one[at], other[at]])
    .flat()
    .filter((item) => item !== undefined);
}

/** What is checked besides the tests; longest first. */
const checks: readonly (readonly [name: string, work: () => Promise<boolean>])[] = [
  [
    'openapi/openapi.json has no finding',
    () => run('redocly', ['lint', 'openapi/openapi.json', '--format', 'github-actions']),
  ],
  ['types', () => run('tsc', ['--noEmit'])],
  ['migrations of sqlite are current', () => migrationsCurrent('sqlite')],
  ['migrations of postgres are current', () => migrationsCurrent('postgresql')],
  ['lint', () => run('biome', ['check', '.'])],
  [
    'openapi/openapi.json is current',
    () => run('node', ['src/cli.ts', 'openapi', '--check', 'openapi/openapi.json']),
  ],
  ...(existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')
    ? [['Swagger UI in Chromium', () => run('node', ['test/browser.ts'])] as const]
    : []),
];

const named = process.argv.slice(2);
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name));
const rest = tests.filter((file) => !LONGEST.includes(file)).sort();
const files = named.length > 0 ? named : [...LONGEST, ...rest];

const TEST_DESCRIPTION = join(folder, 'openapi.json');
await check('the API describes itself', () =>
  run('node', ['src/cli.ts', 'openapi', '--output', TEST_DESCRIPTION]),
);
await makeSqliteTemplates(folder);
const server = await startPostgres();
const took: [seconds: number, file: string][] = [];
try {
  await makePostgresTemplates(server.folder);
  const engines = { sqlite: { TEST_TEMPLATES: folder }, postgres: { TEST_POSTGRES: server.folder } };
  const onEngine = async (engine: Engine, together: readonly string[]) => {
    const start = performance.now();
    await runFiles(together, { TEST_ENGINE: engine, TEST_DESCRIPTION, ...engines[engine] });
    const [first, ...others] = together;
    const name = others.length === 0 ? first : `${first} and ${others.length} more`;
    took.push([(performance.now() - start) / 1000, `${name} (${engine})`]);
  };
  const ofFiles = (['postgres', 'sqlite'] as const)
    .map((engine) =>
      inProcesses(files.filter((file) => runsOn(engine, file))).map((some) => () => onEngine(engine, some)),
    )
    .reduce((one, other) => interleaved(one, other));
  const ofChecks =
    named.length > 0
      ? []
      : checks.map(
          ([name, work]) =>
            () =>
              check(name, work),
        );
  const waiting = [...ofChecks, ...ofFiles];
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: JOBS }, work));
} finally {
  await server.stop();
}
rmSync(folder, { recursive: true });
const slowest = took.sort(([a], [b]) => b - a).slice(0, 8);
process.stdout.write(
  `slowest: ${slowest.map(([time, file]) => `${file} ${time.toFixed(0)} s`).join(', ')}\n`,
);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
