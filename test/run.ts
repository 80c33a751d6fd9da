/**
 * `npm test`: everything that must hold of a change, a few things at a time. Ends with `N passed, N failed`, counting
 * every assertion of the tests, and each other check as one.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Check, checksIn } from './checks.ts';
import { run } from './commands.ts';
import { type Engine, engines, makePostgresTemplates, makeSqliteTemplates } from './databases.ts';
import { startPostgres } from './postgres.ts';
import type { Over, Wanted } from './together.ts';

/** Where the run's databases are: in memory where there is plenty, as each test has one of its own. */
process.env.TMPDIR = roomIn('/dev/shm') > 4 ? '/dev/shm' : tmpdir();
const folder = mkdtempSync(join(tmpdir(), 'civic-test-'));
// What Node makes of the sources it reads, kept so that the many programs of a run need not each make it again.
process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
let passed = 0;
let failed = 0;

/** GiB that are free in a folder; none where it is not there. */
function roomIn(path: string): number {
  if (!existsSync(path)) return 0;
  const { bavail, bsize } = statfsSync(path);
  return (bavail * bsize) / 2 ** 30;
}

async function check([name, work]: Check): Promise<void> {
  const start = performance.now();
  const well = await work();
  if (well) passed += 1;
  else failed += 1;
  const took = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${well ? 'ok  ' : 'FAIL'} ${name} (${took} s)\n`);
}

/** How long a test file may take, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Objects of a test die with it: room for them from the start saves a tenth of the time, as few are then moved before
 * they die. Where there are as many processes as processors, threads that help to find the dead cost more than they
 * save: a fifth. Where memory is plenty, what lives on is not looked through before there is much of it either: 6 %.
 */
const ROOM = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--single-threaded-gc',
  ...(totalmem() > 8 * 2 ** 30 ? ['--initial-old-space-size=1024'] : []),
];

const took: [seconds: number, file: string][] = [];

/** Processor time of the test files, without that of the programs and the server they use. `TEST_COSTS` shows it. */
const costs: [seconds: number, file: string][] = [];

/** Runs test files in one process, which asks for each; returns when none is waiting, or when the process ended. */
async function runFiles(waiting: Wanted[], env: Readonly<Record<string, string>>): Promise<void> {
  // A tap test is a program; starting it without tap's own loaders saves a second.
  const child = spawn(process.execPath, [...ROOM, 'test/together.ts'], {
    // Of tap's own limits, in seconds, one is for all files of a process.
    env: { ...process.env, ...env, TAP_TIMEOUT: '3600' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const errors: Buffer[] = [];
  let failing = false;
  child.stderr?.on('data', (text: Buffer) => errors.push(text));
  let running: { readonly name: string; readonly since: number; readonly timer: NodeJS.Timeout } | undefined;
  const over = () => {
    if (running === undefined) return;
    clearTimeout(running.timer);
    took.push([(performance.now() - running.since) / 1000, running.name]);
    running = undefined;
  };
  child.on('message', (message: 'next' | Over) => {
    if (message !== 'next') {
      if (running === undefined) return;
      const { cost, told, passed: held, failures } = message;
      costs.push([cost, running.name]);
      passed += held;
      failed += failures.length;
      failing ||= failures.length > 0;
      for (const { name, diag } of failures)
        process.stdout.write(`not ok: ${running.name}: ${name}\n${JSON.stringify(diag ?? {}, null, 2)}\n`);
      if (told > 0) return;
      // Whatever ended the process's test early, as one that timed out, would let the rest pass unseen.
      failed += 1;
      process.stdout.write(`not ok: ${running.name} ran no test\n`);
      return;
    }
    over();
    const next = waiting.shift();
    if (next !== undefined) {
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      running = { name: `${next.file} (${next.engine})`, since: performance.now(), timer };
    }
    child.send(next ?? 'done');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (running === undefined && (code === 0 || failing)) return;
  failed += 1;
  process.stdout.write(`not ok: ${running?.name ?? 'test files'} ended badly (${code})\n`);
  process.stdout.write(Buffer.concat(errors));
  over();
}

/** Things done side by side: one more than processors, as some wait for a database. */
const JOBS = availableParallelism() + 1;

/** Files that take longest, longest first, so that none of them is begun last. The end of a run names the slowest. */
const LONGEST = [
  'db/outage.postgres',
  'cli',
  'process',
  'exchange/restore',
  'engine/crawl',
  'http/auth-matrix',
  'exchange/export/snapshot',
  'http/history',
  'exchange/export/follow',
  'engine/rebuild',
].map((name) => join('test', `${name}.test.ts`));

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

const named = [...new Set(process.argv.slice(2))];
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name));
const rest = tests.filter((file) => !LONGEST.includes(file)).sort();
const files = named.length > 0 ? named : [...LONGEST, ...rest];

const TEST_DESCRIPTION = join(folder, 'openapi.json');
await check(['the program is built', () => run('node', ['src/build.ts'])]);
await check([
  'the API describes itself',
  () => run('node', ['src/cli.ts', 'openapi', '--output', TEST_DESCRIPTION]),
]);
if (named.length === 0)
  await check([
    'openapi/openapi.json is current',
    async () => readFileSync(TEST_DESCRIPTION, 'utf8') === readFileSync('openapi/openapi.json', 'utf8'),
  ]);
const server = await startPostgres();
// Checks that need none of them go on meanwhile.
const templates = Promise.all([makeSqliteTemplates(folder), makePostgresTemplates(server.folder)]);
try {
  const waiting = files.flatMap((file) =>
    engines.filter((engine) => runsOn(engine, file)).map((engine) => ({ file, engine })),
  );
  const env = { TEST_DESCRIPTION, TEST_POSTGRES: server.folder, TEST_TEMPLATES: folder };
  const work = async () => {
    await templates;
    while (waiting.length > 0) await runFiles(waiting, env);
  };
  const workOfChecks = async () => {
    for (const one of named.length > 0 ? [] : checksIn(folder, templates)) await check(one);
    await work();
  };
  await Promise.all([workOfChecks(), ...Array.from({ length: JOBS - 1 }, work)]);
} finally {
  await Promise.allSettled([templates]);
  await server.stop();
}
rmSync(folder, { recursive: true });
const slowest = took.sort(([a], [b]) => b - a).slice(0, 8);
process.stdout.write(
  `slowest: ${slowest.map(([time, file]) => `${file} ${time.toFixed(0)} s`).join(', ')}\n`,
);
if (process.env.TEST_COSTS)
  for (const [cost, file] of costs.sort(([a], [b]) => b - a))
    process.stdout.write(`${cost.toFixed(1).padStart(6)} s ${file}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
