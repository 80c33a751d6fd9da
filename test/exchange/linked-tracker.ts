/** A seeded tracker that is asked for linked data. */
import type { Test } from 'tap';
import { testApp } from '../helper.ts';

/** Asks for linked data. */
export const LD = { headers: { accept: 'application/ld+json' } };

/** `post` adds a record with a key that may write; `read` gives a record as linked data. */
export async function tracker(t: Test, config = {}) {
  const { call, key, db } = await testApp(t, 'seeded', config);
  const writer = await key('write');
  const post = async (path: string, body: object) => {
    const made = await call('POST', `/v1/${path}`, { body, key: writer });
    t.equal(made.status, 201, `${path}: ${made.text.slice(0, 200)}`);
    return made.body;
  };
  const read = async (path: string) => (await call('GET', `/v1/${path}`, LD)).body;
  return { call, db, writer, post, read };
}
