/** `civic import`: one clear line for what cannot be read, and an end that says what is there now. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { formats } from '../../src/exchange/formats.ts';
import { InputError } from '../../src/exchange/import/record.ts';
import { ONCE } from '../databases.ts';
import { bytes, line, place, policy } from '../exchange/import/bundle.ts';
import { command, run, temporary } from '../program.ts';

/** Reads an input to its end. */
async function readAll(format: string, path: string): Promise<number> {
  const input = await formats[format]?.open(path, {});
  let read = 0;
  for await (const one of input?.read(() => undefined) ?? []) read += 'body' in one ? 1 : 0;
  return read;
}

const files = ['bundle', 'ocd-divisions', 'openstates-people', 'open-civic-data', 'nyc-council', 'popolo'];

t.test('what is not there, is empty or something else is refused by every format', async (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, 'empty'));
  const text = Array.from({ length: 20 }, (_, at) => `This is line ${at} of a story.\n`).join('');
  writeFileSync(join(folder, 'story.md'), text);
  for (const format of files) {
    for (const name of ['nothing', 'empty', 'story.md']) {
      const error = await readAll(format, join(folder, name)).then(
        (read) => read,
        (error: unknown) => error,
      );
      // Files of people are read one by one, so that one which is none gives nothing.
      if (format === 'openstates-people' && name === 'story.md') {
        t.equal(error, 0);
        continue;
      }
      t.ok(error instanceof InputError, `${format} ${name}: ${error}`);
      const { message } = error as InputError;
      t.ok(message.includes(name), message);
      t.notMatch(message, /\n|\bE[A-Z]{4,}\b/, 'one line, without codes of the system');
    }
  }
  await t.rejects(readAll('legistar', join(folder, 'nothing')), /nothing' is not the address of a council/);
});

t.test('a bundle may begin with some bad lines, or be a short one of nothing else', async (t) => {
  const folder = temporary(t);
  const bad = Array.from({ length: 9 }, () => 'nonsense');
  writeFileSync(join(folder, 'bad'), bytes([...bad, place, ...bad, ...bad, policy('one')]));
  writeFileSync(join(folder, 'short'), bytes(bad));
  t.equal(await readAll('bundle', join(folder, 'bad')), 2);
  t.equal(await readAll('bundle', join(folder, 'short')), 0);
});

t.test(
  'what cannot be imported is one line on stderr and status 1',
  { ...ONCE, timeout: 60_000 },
  async (t) => {
    const folder = temporary(t);
    const env = { DATABASE_URL: `sqlite:${join(folder, 'x.db')}` };
    writeFileSync(join(folder, 'story.md'), 'This is a line of a story.\n'.repeat(20));
    for (const name of ['nothing', 'story.md']) {
      const ended = await command(['import', 'bundle', join(folder, name)], env);
      t.equal(ended.code, 1, name);
      t.equal(ended.stdout, '');
      t.match(ended.stderr, /^civic: [^\n]+\n$/, name);
    }
  },
);

t.test('Ctrl-C ends it after what is being written, and says so', { ...ONCE, timeout: 60_000 }, async (t) => {
  const folder = temporary(t);
  const env = { DATABASE_URL: `sqlite:${join(folder, 'x.db')}` };
  // More than two transactions take.
  const many = Array.from({ length: 8100 }, (_, at) => line('topic', String(at), { name: String(at) }));
  const path = join(folder, 'a.ndjson');
  writeFileSync(path, bytes(['nonsense', ...many]));
  const first = run(t, ['src/cli.ts', 'import', 'bundle', path], env);
  // The first page is written once its failure is told.
  first.child.stderr?.on('data', (text) => {
    if (String(text).includes('not JSON')) first.child.kill('SIGINT');
  });
  const { code, stdout, stderr } = await first.ended;
  t.equal(code, 1);
  t.match(stderr, /stopping once what is being written is written/);
  t.match(stdout, /^interrupted: \d+ records read, .*; the same command goes on from there$/m);
});
