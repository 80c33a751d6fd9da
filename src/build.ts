/**
 * Makes few files of the program's modules (see `loading.js`): `npm run build`, which `npm ci` does by itself. Where it
 * cannot be done, or the sources have changed since, the program runs from its sources.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** Lets modules find the files beside them as if they were still in their places, and takes Drizzle in as well. */
const inPlace: Plugin = {
  name: 'in-place',
  setup: (bundler) =>
    bundler.onLoad({ filter: /\.([cm]?js|ts)$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const place = `__placed(${JSON.stringify(relative(root, path).replaceAll(sep, '/'))})`;
      if (place.includes('"src/')) {
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
};

/** Builds the program, unless it is built of the sources as they are. */
export async function buildProgram(): Promise<void> {
  if (isCurrent(ROOT)) return;
  rmSync(new URL(SOURCES, folder), { force: true });
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
    plugins: [inPlace],
    // For those who set `--enable-source-maps`.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'error',
  });
  const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
  for (const name of readdirSync(folder)) if (!made.has(name)) rmSync(new URL(name, folder));
  const own = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/'));
  const looked = existsSync(new URL(INSTALLED, ROOT)) ? [...own, INSTALLED] : own;
  const sources = Object.fromEntries(looked.map((path) => [path, standingOf(new URL(path, ROOT))]));
  writeFileSync(new URL(SOURCES, folder), JSON.stringify(sources));
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
