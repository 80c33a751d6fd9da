/** Whether the rules for speakers, which are English, hold for a text. */
import type { Word } from './passage.ts';
import { COMMON } from './vocabulary.ts';

/** Words by which the language is told, from the beginning of the text. */
const LOOKED_AT = 3000;
/** Fewest words that tell a language. */
const ENOUGH = 12;
/** Least share of the commonest English words; in English prose it is about two fifths, in Spanish a tenth at most. */
const SHARE = 0.18;

/** What a text is taken for: `given` is the source’s language as a BCP 47 tag, or null. */
export function isEnglish(words: readonly Word[], given: string | null): { english: boolean; why: string } {
  if (given !== null) {
    const english = /^en(?:-|$)/i.test(given);
    return { english, why: `the source’s language is ${given}` };
  }
  const looked = words.slice(0, LOOKED_AT);
  if (looked.length < ENOUGH) return { english: true, why: 'too short to tell; English is assumed' };
  const common = looked.filter(({ lower }) => COMMON.has(lower)).length;
  const share = common / looked.length;
  const percent = Math.round(share * 100);
  return { english: share >= SHARE, why: `${percent} % of its words are among the commonest of English` };
}
