/**
 * Keeps compiled code between starts, which takes a third off the time to the first answer. In a folder of this
 * installation, as a cache that others can write to would run their code; where it cannot be written, all is as without.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The folder of compiled code. A process that finds it named in its environment need not compile even its first file. */
export const COMPILED: string =
  process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL('../node_modules/.cache/civic', import.meta.url));

enableCompileCache(COMPILED);
