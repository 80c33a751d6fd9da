/**
 * Drizzle, loaded as CommonJS. Of its ES modules Node 26 reads the package's list of 447 exports anew at each of their
 * imports of one another, some six hundred times: two thirds of what starting the program would cost.
 */
import { createRequire } from 'node:module';
import type * as core from 'drizzle-orm';

export type { SQL } from 'drizzle-orm';

/** Loads a part of Drizzle; the caller names the type, which is the one that importing it would give. */
export const loadDrizzle = createRequire(import.meta.url);

export const { asc, Column, desc, getTableName, is, noopDecoder, Param, Placeholder, sql } = loadDrizzle(
  'drizzle-orm',
) as typeof core;
