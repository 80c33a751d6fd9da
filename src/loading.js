/**
 * How the program is loaded: out of few files, made of its modules when it is installed (`build.ts`), where the sources
 * are those that they were made of. Loading 1,600 modules one by one is two fifths of starting and a fifth of the
 * memory. Compiled code is kept between starts, which takes a third off the rest.
 *
 * Plain JavaScript, as is `server.js`, which begins with it: for the first file with types in it Node loads 8 MB that it
 * never gives back.
 */
import { readFileSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the installation is. */
export const ROOT = new URL('../', import.meta.url);

/**
 * The folder of compiled code. In this installation, as a cache that others can write to would run their code; where
 * it cannot be written, all is as without. A process that finds it named in its environment need not compile even its
 * first file.
 */
export const COMPILED =
  process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('node_modules/.cache/civic', ROOT));

enableCompileCache(COMPILED);

/** What is loaded so, in `src`: what programs begin with, and the thread that makes snapshots. */
export const ENTRIES = /** @type {const} */ ([
  'serve.ts',
  'cli/civic.ts',
  'processes/worker.ts',
  'exchange/export/job.ts',
]);

/** Where they are built, below the root. */
export const BUILT = 'node_modules/.cache/civic/program/';

/** The list of what they were made of, and of themselves, in that folder. */
export const SOURCES = 'sources.json';

/**
 * Where to load an entry from: what was built of it and all that it needs, or itself where that is not there or older.
 *
 * @param {(typeof ENTRIES)[number]} entry
 * @param {URL} root
 */
export function programOf(entry, root = ROOT) {
  return isCurrent(root)
    ? new URL(basename(entry).replace(/ts$/, 'mjs'), new URL(BUILT, root))
    : new URL(`src/${entry}`, root);
}

/**
 * Whether what was built is whole, and was made of the files that there are.
 *
 * @param {URL} root
 */
export function isCurrent(root) {
  try {
    /** @type {Record<string, [number, number]>} */
    const sources = JSON.parse(readFileSync(new URL(BUILT + SOURCES, root), 'utf8'));
    return Object.entries(sources).every(([path, [size, changed]]) => {
      const found = standingOf(new URL(path, root));
      return found[0] === size && found[1] === changed;
    });
  } catch {
    return false;
  }
}

/**
 * How a file stands: its size in bytes, and when it was changed, in whole seconds, which is what archives and layers of
 * images keep.
 *
 * @param {URL} file
 * @returns {[size: number, changed: number]}
 */
export function standingOf(file) {
  const { size, mtimeMs } = statSync(file);
  return [size, Math.floor(mtimeMs / 1000)];
}
