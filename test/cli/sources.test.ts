import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { createKey } from '../../src/http/keys.ts';
import { appOver, blankDatabase } from '../databases.ts';
import { send } from '../helper.ts';
import { command, run, temporary } from '../program.ts';

const TEXT =
  'Mayor Ada Lane said: “We will not yield.” The council met on Nov. 19, 2024. 🏛️ “We will see,” Lane said.\r\n';

t.test(
  'a source is verified against a copy of its text, and the status says how it went',
  { timeout: 120_000 },
  async (t) => {
    const url = await blankDatabase(t);
    const db = await openDatabase(url);
    const app = await appOver({ db });
    const { key } = await createKey(db, new Date(), { name: 'editor', scope: 'write', expiresAt: null });
    const post = async (path: string, body: object) =>
      (await send(app, 'POST', `/v1/${path}`, { key, body })).body;
    const sha256 = createHash('sha256').update(TEXT).digest('hex');
    await post('sources', { kind: 'news_article', title: 'Notes', sha256, length: [...TEXT].length });
    const { id } = await post('topics', { name: 'Sanctuary' });
    const cite = (selector: object) =>
      post('citations', { record_type: 'topic', record_id: id, source_id: 'notes', selector });
    await cite({ exact: 'We will not yield.', start: 22, end: 40 });
    await cite({ exact: 'We will see,', start: 22, end: 34 });
    await cite({ exact: 'We will never yield.', start: 22, end: 42 });
    await cite({ exact: 'Lane', suffix: ' said.', start: null, end: null });
    for (const text of ['We will never yield to them.', 'They shall see what comes of it.'])
      await post('statements', { speaker_name: 'Ada Lane', text, text_basis: 'editor', kind: 'remark' });
    await app.close();
    await db.close();

    const folder = temporary(t);
    const file = (name: string, bytes: string | Buffer) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const env = { DATABASE_URL: url, LOG_LEVEL: 'silent' };
    const civic = (...args: string[]) => command(['sources', ...args], env);
    const verify = ['sources', 'verify', 'notes', '--text', file('same.txt', TEXT), '--json'];
    const found = await run(t, ['src/cli.ts', ...verify], env).ended;
    t.equal(found.code, 1, 'an anchor that does not hold is a fault');
    t.match(JSON.parse(found.stdout), {
      sha256: { same: true },
      length: { same: true },
      counts: { holds: 2, moved: 1, missing: 1, unanchored: 0 },
      faults: [
        { state: 'moved', remark: 'stands at 80 to 92' },
        { state: 'missing', nearest: { exact: /We will not yield/, start: 22 } },
      ],
    });
    const rows: [name: string, args: string[], code: number, says: RegExp][] = [
      ['another copy', ['verify', 'notes', '--text', file('other.txt', 'Other')], 1, /SHA-256: \w+, not /],
      ['no such source', ['verify', 'nots', '--text', file('x.txt', TEXT)], 1, /There is no source 'nots'/],
      ['not UTF-8', ['verify', 'notes', '--text', file('latin.txt', Buffer.from([0xe9]))], 1, /is not UTF-8/],
      ['no text', ['verify', 'notes'], 1, /required option '--text <file>'/],
    ];
    for (const [name, args, code, says] of rows) {
      const ended = await civic(...args);
      t.equal(ended.code, code, name);
      t.match(ended.stdout + ended.stderr, says, `${name}: it is said`);
    }
    const suggested = await civic('suggest', file('again.txt', TEXT), '--json');
    t.equal(suggested.code, 0);
    t.match(JSON.parse(suggested.stdout).quotations, [
      { body: { quoted_text: /We will not yield/, speaker_as_printed: /Lane/ } },
      { body: { quoted_text: /We will see/ } },
    ]);
    const two = 'Ada Lane said: “We will never yield to them. They shall see what comes of it.”';
    const lines = (await civic('suggest', file('two.txt', two))).stdout;
    for (const slug of ['we-will-never-yield-to-them', 'they-shall-see-what-comes-of-it'])
      t.match(
        lines,
        new RegExp(`^ {4}.*, like \\S*${slug}\\S* \\(1\\)$`, 'm'),
        'each sentence with what it is like',
      );
  },
);

t.test('whoever stops reading ends the command, not with an error', async (t) => {
  const child = spawn(process.execPath, ['src/cli.ts', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  t.notMatch(stderr, /EPIPE/);
});
