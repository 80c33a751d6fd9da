import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { buildProgram } from '../src/build.ts';
import { BUILT, ENTRIES, programOf, ROOT, SOURCES, standingOf } from '../src/loading.js';

/** An installation with one source file, and with what was built of it. */
function installation(t: Test): URL {
  const folder = mkdtempSync(join(tmpdir(), 'civic-installed-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const root = pathToFileURL(`${folder}/`);
  mkdirSync(new URL('src', root));
  mkdirSync(new URL(BUILT, root), { recursive: true });
  writeFileSync(new URL('src/serve.ts', root), 'export {};\n');
  const built = `${BUILT}serve.mjs`;
  writeFileSync(new URL(built, root), 'export {};\n');
  const sources = Object.fromEntries(
    ['src/serve.ts', built].map((path) => [path, standingOf(new URL(path, root))]),
  );
  writeFileSync(new URL(BUILT + SOURCES, root), JSON.stringify(sources));
  return root;
}

t.test('what was built is loaded', async (t) => {
  const root = installation(t);
  t.equal(programOf('serve.ts', root).href, new URL(`${BUILT}serve.mjs`, root).href);
  t.equal(programOf('processes/worker.ts', root).href, new URL(`${BUILT}worker.mjs`, root).href);
});

t.test('what was built is loaded out of an archive, which keeps whole seconds', async (t) => {
  const root = installation(t);
  const file = new URL('src/serve.ts', root);
  const { mtimeMs } = statSync(file);
  utimesSync(file, Math.floor(mtimeMs / 1000), Math.floor(mtimeMs / 1000));
  t.equal(programOf('serve.ts', root).href, new URL(`${BUILT}serve.mjs`, root).href);
});

const CHANGES: readonly [what: string, change: (root: URL) => void][] = [
  ['a source has changed', (root) => writeFileSync(new URL('src/serve.ts', root), 'export { };\n')],
  ['a source is of another time', (root) => utimesSync(new URL('src/serve.ts', root), 1, 1)],
  ['a source is gone', (root) => rmSync(new URL('src/serve.ts', root))],
  ['what was built is not whole', (root) => rmSync(new URL(`${BUILT}serve.mjs`, root))],
  ['what was built was built over', (root) => writeFileSync(new URL(`${BUILT}serve.mjs`, root), '')],
  ['nothing was built', (root) => rmSync(new URL(BUILT + SOURCES, root))],
  ['the list is cut short', (root) => writeFileSync(new URL(BUILT + SOURCES, root), '{"src/serve.ts":')],
];
for (const [what, change] of CHANGES)
  t.test(`sources are loaded where ${what}`, async (t) => {
    const root = installation(t);
    change(root);
    t.equal(programOf('serve.ts', root).href, new URL('src/serve.ts', root).href);
  });

t.test('an installation is built once, all of what programs begin with', async (t) => {
  await buildProgram();
  const list = new URL(BUILT + SOURCES, ROOT);
  const made = standingOf(list);
  for (const entry of ENTRIES) t.equal(programOf(entry).href.includes(BUILT), true, entry);
  await buildProgram();
  t.same(standingOf(list), made, 'and not again');
});

t.test('a copy of the sources that was not built runs as well', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'civic-copied-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const name of ['src', 'package.json']) cpSync(name, join(folder, name), { recursive: true });
  // What was built is there, of other files.
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const said = execFileSync(process.execPath, ['src/cli.ts', 'export', '--help'], {
    cwd: folder,
    encoding: 'utf8',
  });
  t.match(said, /^Usage: civic export /);
});
