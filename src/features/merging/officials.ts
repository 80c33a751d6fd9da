/**
 * Officials that may be one person, for somebody to look at and merge. All are read once, a page at a time; only those
 * whose names share a key are compared, and only of those whose names are alike more is read.
 */
import type { Database } from '../../db/database.ts';
import { kindNamed } from '../../model/kinds.ts';
import { Blocks, type Pair, type TooMany } from './blocks.ts';
import { Best, type Candidates, candidate } from './candidate.ts';
import { type Facts, factsOf } from './facts.ts';
import { allPeople, type Person } from './people.ts';
import { reasonsOf, scoreOf } from './weigh.ts';

const officials = kindNamed('official');

/** Pairs that are weighed at a time. */
const TOGETHER = 2000;

/** The officials that may be one person, with a score of `least` and more; memory holds the names of all. */
export async function officialsToMerge(db: Database, least: number): Promise<Candidates> {
  const blocks = new Blocks();
  let looked = 0;
  for await (const person of allPeople(db)) {
    blocks.add(person);
    looked += 1;
  }
  const tooMany: TooMany[] = [];
  const best = new Best(least);
  let weighed = 0;
  for (const pairs of chunked(blocks.pairs((one) => tooMany.push(one)))) {
    const facts = await factsOf(db, [...new Set(pairs.flatMap(({ a, b }) => [a.id, b.id]))]);
    weighed += pairs.length;
    for (const pair of pairs) {
      const of = ({ id }: Person) => facts.get(id) as Facts;
      const reasons = reasonsOf(pair, of, blocks.frequencies);
      const score = scoreOf(reasons);
      best.add(candidate(officials, [pair.a, pair.b], score, reasons, (one) => of(one).offices.length));
    }
  }
  return { looked, weighed, ...best.result, too_many: tooMany };
}

function* chunked(pairs: Iterable<Pair>): Generator<Pair[]> {
  let chunk: Pair[] = [];
  for (const pair of pairs) {
    chunk.push(pair);
    if (chunk.length < TOGETHER) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
