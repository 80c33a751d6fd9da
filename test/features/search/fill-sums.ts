/** Sums in the index of words of a small tracker. */
import { NIL } from 'uuid';
import type { Engine } from '../../../src/engine/engine.ts';
import { BLOCK } from '../../../src/features/search/doc-set.ts';
import { dropDocuments, saveDocuments } from '../../../src/features/search/postings.ts';
import { sumUp } from '../../../src/features/search/spans.ts';

/** Sums up the first block of the index, as if a newer one had begun. */
export async function sumUpFirst({ db, now }: Pick<Engine, 'db' | 'now'>): Promise<void> {
  const beyond = { number: BLOCK, kind: 'topic', record_id: NIL, marks: [] };
  await db.write((session) => saveDocuments(db, session, [beyond]));
  await sumUp({ db, now }, new AbortController().signal);
  await db.write((session) => dropDocuments(db, session, [BLOCK]));
}
