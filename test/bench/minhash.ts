/**
 * MinHash with banding (Broder 1997; Leskovec et al., Mining of Massive Datasets, chapter 3) over pairs of words: what
 * the index of runs is compared with. In memory, as only what it finds is compared.
 */
import { align, quotation } from '../../src/features/alignment.ts';
import { wordPieces } from '../../src/features/shingles.ts';

/** Bands, and hashes in each: texts that share a fourth of their pairs meet in at least one band 87 times in 100. */
const BANDS = 32;
const ROWS = 2;

const seeds = Array.from({ length: BANDS * ROWS }, (_, at) => Math.imul(at + 1, 0x9e3779b1));

function bandsOf(text: string): string[] {
  const words = wordPieces(text).flat();
  const least = new Uint32Array(seeds.length).fill(2 ** 32 - 1);
  for (const [at, word] of words.entries()) {
    const pair = `${word} ${words[at + 1] ?? ''}`;
    let hash = 0x811c9dc5;
    for (let i = 0; i < pair.length; i += 1) hash = Math.imul(hash ^ pair.charCodeAt(i), 0x01000193);
    for (const [of, seed] of seeds.entries()) {
      let mixed = Math.imul(hash ^ seed, 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      least[of] = Math.min(least[of] as number, (mixed ^ (mixed >>> 16)) >>> 0);
    }
  }
  return Array.from(
    { length: BANDS },
    (_, band) => `${band}:${least.slice(band * ROWS, (band + 1) * ROWS).join()}`,
  );
}

/** Finds the texts most like a quotation, best first, through MinHash; `rows` is what it keeps for each. */
export function minhash(texts: readonly string[]): { find: (quoted: string) => number[]; rows: number } {
  const buckets = new Map<string, number[]>();
  for (const [at, text] of texts.entries()) {
    for (const band of bandsOf(text)) {
      const known = buckets.get(band);
      if (known) known.push(at);
      else buckets.set(band, [at]);
    }
  }
  return {
    rows: BANDS,
    find: (quoted) => {
      const met = new Map<number, number>();
      for (const band of bandsOf(quoted))
        for (const at of buckets.get(band) ?? []) met.set(at, (met.get(at) ?? 0) + 1);
      const asked = quotation(wordPieces(quoted).flat());
      const candidates = [...met].sort(([, a], [, b]) => b - a).slice(0, 100);
      return candidates
        .map(([at]) => ({
          at,
          share: align(asked, wordPieces(texts[at] as string).flat(), 0.5)?.ofQuotation ?? 0,
        }))
        .filter(({ share }) => share >= 0.5)
        .sort((a, b) => b.share - a.share)
        .map(({ at }) => at);
    },
  };
}
