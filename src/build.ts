/**
 * Makes few files of the program's modules (see `loading.js`): `npm run build`, which `npm ci` does by itself. Where it
 * cannot be done, or the sources have changed since, the program runs from its sources.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
// Bundles ES modules and CommonJS together, in a second; what the tools of this project have in their own dependencies.
import { build, type Plugin } from 'esbuild';
import { BUILT, ENTRIES, isCurrent, ROOT, SOURCES, standingOf } from './loading.js';

const root = fileURLToPath(ROOT);
const folder = new URL(BUILT, ROOT);

/** npm's own list of what is installed: another one makes another program of the same sources. */
const INSTALLED = 'node_modules/.package-lock.json';

/** In each file that is made: what CommonJS calls, and the address of a file by its place below the root. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __placed = (path) => new URL('${'../'.repeat(BUILT.split('/').length - 1)}' + path, import.meta.url).href;`;

/** How files stand, by their places below the root. */
type Standing = Map<string, ReturnType<typeof standingOf>>;

/**
 * Lets modules find the files beside them as if they were still in their places, and takes Drizzle in as well. Notes how
 * each source stood before it was read: one that is changed meanwhile is another.
 */
const inPlace = (sources: Standing): Plugin => ({
  name: 'in-place',
  setup: (bundler) =>
    bundler.onLoad({ filter: /\.([cm]?js|ts)$/ }, async ({ path }) => {
      const below = relative(root, path).replaceAll(sep, '/');
      const own = below.startsWith('src/');
      if (own) sources.set(below, standingOf(pathToFileURL(path)));
      const text = await readFile(path, 'utf8');
      const place = `__placed(${JSON.stringify(below)})`;
      if (own) {
        const contents = text
          .replaceAll('import.meta.url', place)
          .replace(/\bloadDrizzle\(\s*(?=')/g, 'require(');
        return { contents, loader: 'ts' };
      }
      const filed = `require('node:url').fileURLToPath(${place})`;
      const contents = text
        .replace(/\b__filename\b/g, filed)
        .replace(/\b__dirname\b/g, `require('node:path').dirname(${filed})`);
      return { contents, loader: 'js' };
    }),
});

/** Builds the program, unless it is built of the sources as they are. */
export async function buildProgram(): Promise<void> {
  if (isCurrent(ROOT)) return;
  rmSync(new URL(SOURCES, folder), { force: true });
  const stood: Standing = new Map();
  if (existsSync(new URL(INSTALLED, ROOT))) stood.set(INSTALLED, standingOf(new URL(INSTALLED, ROOT)));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => `src/${entry}`),
    entryNames: '[name]',
    // With another name Node finds out what is in a file by reading it once more.
    outExtension: { '.js': '.mjs' },
    outdir: fileURLToPath(folder),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    plugins: [inPlace(stood)],
    // For those who set `--enable-source-maps`.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'error',
  });
  const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
  for (const name of readdirSync(folder)) if (!made.has(name)) rmSync(new URL(name, folder));
  // Another build at the same time may have written or removed some of it.
  for (const name of made)
    if (name.endsWith('.mjs')) stood.set(BUILT + name, standingOf(new URL(name, folder)));
  writeFileSync(new URL(SOURCES, folder), JSON.stringify(Object.fromEntries(stood)));
}

if (import.meta.main) {
  try {
    await buildProgram();
  } catch (error) {
    process.stderr.write(
      `not built, so that the program runs from its sources: ${(error as Error).message}\n`,
    );
    process.exitCode = 1;
  }
}
