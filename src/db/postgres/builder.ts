import type * as driver from 'drizzle-orm/node-postgres';
import type { Builder } from '../database.ts';
import { loadDrizzle } from '../drizzle.ts';

const { drizzle } = loadDrizzle('drizzle-orm/node-postgres') as typeof driver;

/** Drizzle on no connection. It types the engines apart; queries use only what they share (see `../database.ts`). */
export const builder = drizzle.mock() as unknown as Builder;
