import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { writer } from '../http/writer.ts';
import { command, run, temporary } from '../program.ts';

const STORY =
  '“We will keep the doors open,” Mayor Karen Bass said on Nov. 12. Council File 23-1205 is next.\r\n😀 Done.';

/** The command on a seeded tracker, and a file with the story. */
async function story(t: Test) {
  const tracker = await writer(t);
  const file = join(temporary(t), 'story.txt');
  writeFileSync(file, STORY);
  const env = { DATABASE_URL: tracker.url, LOG_LEVEL: 'silent' };
  return {
    ...tracker,
    file,
    program: (...args: string[]) => run(t, ['src/cli.ts', 'sources', ...args], env).ended,
    civic: (...args: string[]) => command(['sources', ...args], env),
  };
}

t.test('a file is gone through as its source’s text is', { timeout: 60_000 }, async (t) => {
  const { call, write, make, file, civic, program } = await story(t);
  const sha256 = createHash('sha256').update(STORY, 'utf8').digest('hex');
  const { slug } = await make('sources', {
    kind: 'news_article',
    title: 'Doors',
    published_on: '2024-11',
    sha256,
  });
  const { body } = await call('POST', `/v1/sources/${slug}/suggestions`, {
    key: write,
    body: { text: STORY },
  });
  const [named, told, plain] = await Promise.all([
    program('suggest', file, '--source', slug, '--json'),
    civic('suggest', file, '--json'),
    civic('suggest', file),
  ]);
  t.same([named.code, told.code, plain.code], [0, 0, 0]);
  t.strictSame(JSON.parse(named.stdout), body, 'as the service answers');
  t.strictSame(JSON.parse(told.stdout), body, 'its source is told by its hash');
  t.match(
    plain.stdout,
    /^source: doors\nquotations: 1\n {2}1–29 Karen Bass: “We will keep the doors open,” 0\.95\n/,
  );
  t.match(plain.stdout, /\npeople: 1\n {2}Karen Bass \(1\): karen-bass 1, the same name\n/);
  t.match(plain.stdout, /\ndates: 1\n {2}56–63 Nov\. 12: 2024-11-12, /);
  t.match(plain.stdout, /\npolicies: 1\n {2}Council File 23-1205: Council File 23-1205\n/);
});

t.test('without a source it is one more thing to fill in', { timeout: 60_000 }, async (t) => {
  const { file, civic } = await story(t);
  const { code, stdout } = await civic('suggest', file, '--json');
  t.equal(code, 0);
  const [quotation] = JSON.parse(stdout).quotations;
  t.strictSame(quotation.fill, ['/statement_id', '/source_id']);
  t.notOk('source_id' in quotation.body);
});

t.test('what cannot be gone through fails, and says why', { timeout: 60_000 }, async (t) => {
  const { file, civic } = await story(t);
  const [latin, long] = ['latin', 'long'].map((name) => join(file, '..', name)) as [string, string];
  writeFileSync(latin, Buffer.from([0xe9]));
  writeFileSync(long, 'a'.repeat(500_001));
  const rows: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [[file, '--source', 'nope'], /there is no source 'nope'/],
    [[`${file}x`], /ENOENT.*storyx?\.txt/],
    [[latin], /is not UTF-8/],
    [[long], /500001 code points; at most 500000/],
    [[], /missing required argument 'file'/],
  ];
  const ended = await Promise.all(rows.map(([args]) => civic('suggest', ...args)));
  for (const [at, { code, stdout, stderr }] of ended.entries()) {
    const [args, says] = rows[at] as (typeof rows)[number];
    t.same([code, stdout], [1, ''], args.join(' '));
    t.match(stderr, says);
  }
});
