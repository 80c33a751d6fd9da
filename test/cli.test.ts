import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { backupCommand } from '../src/cli/backup.ts';
import { checkCommand } from '../src/cli/check.ts';
import { keysCommand } from '../src/cli/keys.ts';
import { migrateCommand } from '../src/cli/migrate.ts';
import { openapiCommand } from '../src/cli/openapi.ts';
import { restoreCommand } from '../src/cli/restore.ts';
import { seedCommand } from '../src/cli/seed.ts';
import { serveCommand } from '../src/cli/serve.ts';
import { blankDatabase, ONCE } from './databases.ts';
import { command, run, serve, stop, temporary } from './program.ts';

const node = promisify(execFile);

/** The command on a database of its own: as a program of its own, and as one command after another. */
async function civic(t: Test) {
  const env = { DATABASE_URL: await blankDatabase(t), LOG_LEVEL: 'silent' };
  return {
    env,
    program: (...args: string[]) => run(t, ['src/cli.ts', ...args], env).ended,
    call: (...args: string[]) => command(args, env),
  };
}

/** Counts that a seeding says it came to, summed over the kinds. */
function sums(json: string): Record<string, number> {
  const counts = Object.values(JSON.parse(json)) as Record<string, number>[];
  const sum = (name: string) => counts.reduce((total, count) => total + (count[name] ?? 0), 0);
  return { created: sum('created'), updated: sum('updated'), unchanged: sum('unchanged') };
}

t.test('a key is printed once as JSON, with its scopes, and works', { timeout: 60_000 }, async (t) => {
  const { env, call, program } = await civic(t);
  const args = [
    'run',
    '-s',
    'civic',
    '--',
    'keys',
    'create',
    '--name',
    'Ann O’Hara',
    '--scope',
    'write',
    '--json',
  ];
  const { stdout, stderr } = await node('npm', args, { env: { ...process.env, ...env } });
  t.equal(stderr, '');
  t.match(stdout, /^\{.*\}\n$/, 'one line');
  const made = JSON.parse(stdout);
  t.same(Object.keys(made), ['id', 'name', 'scopes', 'key']);
  t.match(made, {
    name: 'Ann O’Hara',
    scopes: ['read', 'write'],
    key: /^civic_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/,
  });

  const secret = made.key.split('_').slice(2).join('_');
  const [plain, json] = await Promise.all([program('keys', 'list'), call('keys', 'list', '--json')]);
  for (const { code, stdout: listed } of [plain, json]) {
    t.equal(code, 0);
    t.match(listed, made.id);
    t.match(listed, 'Ann O’Hara');
    t.notOk(listed.includes(secret), 'no secret is listed');
    t.notMatch(listed, /sha256|[0-9a-f]{64}/, 'nor its hash');
  }
  t.match(plain.stdout, /^\S+ {2}civic_[0-9a-f]{12}_… {2}Ann O’Hara {2}read,write {2}never used {2}valid\n$/);
});

t.test('a revoked key stops working within a second on a running server', { timeout: 60_000 }, async (t) => {
  const { env, call, program } = await civic(t);
  const create = async (...more: string[]) => {
    const { stdout } = await call('keys', 'create', '--name', 'a', '--scope', 'admin', '--json', ...more);
    return JSON.parse(stdout) as { id: string; key: string; expires_at?: string };
  };
  const server = await serve(t, { ...env, LOG_LEVEL: 'info', SEED: 'false' });
  const [made, other, expired] = await Promise.all([create(), create(), create('--expires', '2020-01-01')]);
  const ask = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Water' });
    return (await fetch(`${server.url}/v1/topics`, { method: 'POST', headers, body })).status;
  };
  t.equal(await ask(made.key), 201, 'made while the server runs, it works');
  t.equal(await ask(expired.key), 401, 'an expired one does not');
  t.equal(expired.expires_at, '2020-01-01T00:00:00.000Z', 'when it ends is told where it is made');
  const first = await call('keys', 'revoke', made.id, '--json');
  const prefix = made.key.split('_')[1];
  t.same(JSON.parse(first.stdout), { id: made.id, prefix, name: 'a', revoked: true });
  const refusedSoon = async (key: string) => {
    for (const end = performance.now() + 1000; performance.now() < end; )
      if ((await ask(key)) === 401) return true;
    return false;
  };
  t.ok(await refusedSoon(made.key), 'revoked');
  t.equal(await ask(other.key), 201, 'another one still works');
  t.equal((await fetch(`${server.url}/v1/topics?key=${other.key}`)).status, 400, 'not in the address');

  const [again, byKey] = await Promise.all([
    program('keys', 'revoke', made.id),
    program('keys', 'revoke', other.key),
  ]);
  t.equal(again.code, 1, 'there is no revoking twice');
  t.equal(again.stderr, `civic: no valid key is called ${made.id}\n`);
  t.equal(byKey.code, 0, 'the key itself names it too');
  t.match(byKey.stdout, other.id, 'and is told by its id');
  t.notOk(byKey.stdout.includes(other.key), 'but is not shown again');
  t.ok(await refusedSoon(other.key));
  const { stdout } = await stop(server);
  for (const { key } of [made, other, expired])
    t.notOk(stdout.includes(key.split('_').slice(2).join('_')), 'no key is in the log');
});

t.test('what is not asked for rightly fails, and says why', async (t) => {
  const { call } = await civic(t);
  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['keys', 'create', '--name', 'a', '--scope', 'root'], /--scope.*read, write, admin/],
    [['keys', 'create', '--name', 'a'], /--scope/],
    [['keys', 'create', '--scope', 'read'], /--name/],
    [['keys', 'create', '--name', ' ', '--scope', 'read'], /--name is empty/],
    [['keys', 'create', '--name', 'a', '--scope', 'read', '--expires', 'soon'], /--expires.*instant/],
    [
      ['keys', 'create', '--name', 'a', '--scope', 'write', '--jurisdiction', 'nowhere'],
      /no jurisdiction nowhere/,
    ],
    [
      ['keys', 'create', '--name', 'a', '--scope', 'read', '--daily-writes', '5'],
      /--scope read writes nothing/,
    ],
    [['keys', 'create', '--name', 'a', '--scope', 'write', '--daily-writes', '0'], /--daily-writes.*from 1/],
    [['keys', 'revoke', 'nothing'], /no valid key is called nothing/],
    [['sede'], /unknown command.*sede/],
    [['seed', '--twice'], /unknown option.*--twice/],
    [['copy', 'sqlite:/nowhere/typo.db', 'sqlite:/nowhere/new.db'], /typo\.db is not there/],
  ];
  for (const [args, says] of wrong) {
    const { code, stdout, stderr } = await call(...args);
    t.equal(code, 1, args.join(' '));
    t.match(stderr, says, args.join(' '));
    t.equal(stdout, '', `${args.join(' ')}: nothing on stdout`);
  }
});

t.test('every command explains itself', ONCE, async (t) => {
  const { call } = await civic(t);
  const [all, one] = await Promise.all([call('--help'), call('keys', 'create', '--help')]);
  for (const { code, stderr } of [all, one]) t.same({ code, stderr }, { code: 0, stderr: '' });
  t.match(one.stdout, /^Usage: civic keys create \[options\]\n\n\S.*\.\n/);
  const data = [backupCommand, restoreCommand, checkCommand];
  const commands = [serveCommand, migrateCommand, seedCommand, openapiCommand, keysCommand, ...data];
  for (const command of [...commands, ...keysCommand.commands]) {
    t.match(
      command.helpInformation(),
      /\n\n\S.*\.\n/,
      `${command.name()} has a sentence that says what it does`,
    );
    for (const option of command.options) t.ok(option.description, `${command.name()} ${option.flags}`);
  }
  for (const command of commands)
    t.match(all.stdout, `\n  ${command.name()} `, `${command.name()} is listed`);
});

t.test('seeding twice changes nothing, and a warning comes once', { timeout: 60_000 }, async (t) => {
  const { env, program } = await civic(t);
  const first = await program('seed', '--json');
  t.equal(first.code, 0);
  const made = sums(first.stdout);
  t.ok((made.created ?? 0) > 500, `${made.created} records`);
  t.match(made, { updated: 0, unchanged: 0 });
  const again = await command(['seed', '--json'], { ...env, CIVIC_SEDE: '1' });
  t.same(sums(again.stdout), { created: 0, updated: 0, unchanged: made.created });
  t.equal(again.stderr, 'CIVIC_SEDE is not a setting; did you mean SEED?\n');
});

t.test('migrating brings an empty file up to date, twice', async (t) => {
  const { call, program } = await civic(t);
  for (const migrate of [program, call]) {
    const { code, stdout } = await migrate('migrate', '--json');
    t.equal(code, 0);
    t.same(JSON.parse(stdout), { status: 'current' });
  }
});

t.test('the committed OpenAPI file is held against the program', { timeout: 60_000, ...ONCE }, async (t) => {
  const { call } = await civic(t);
  const stale = join(temporary(t), 'openapi.json');
  copyFileSync('openapi/openapi.json', stale);
  writeFileSync(stale, readFileSync(stale, 'utf8').replace('"3.1', '"3.0'));
  const made = join(temporary(t), 'made.json');
  const [checked, missing, written] = await Promise.all([
    call('openapi', '--check', stale),
    call('openapi', '--check', join(stale, 'none')),
    call('openapi', '--output', made),
  ]);
  t.equal(checked.code, 1);
  t.equal(checked.stderr, `civic: ${stale} is stale: run npm run generate\n`);
  t.equal(missing.code, 1, 'a file that is not there is not current');
  t.equal(written.code, 0);
  t.equal((await call('openapi', '--check', made)).code, 0, 'what it writes is current');
  t.equal(readFileSync(stale, 'utf8').includes('"3.0'), true, 'checking writes nothing');
});
