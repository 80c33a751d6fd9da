/** What was said in a text: quotations told from terms, pieces of one utterance joined, speakers carried on. */
import { judge } from './attribution.ts';
import type { Piece, Quotation } from './quotations.ts';
import type { Scene } from './reference.ts';
import { type Frame, frameOf, isSentence, type Speech } from './speech.ts';

export interface Utterance extends Omit<Speech, 'speech' | 'where' | 'direct'> {
  readonly pieces: readonly Piece[];
  /** The words as printed: paragraphs parted by a line break, pieces that the print parts by an ellipsis. */
  readonly quoted: string;
  readonly form: 'verbatim' | 'partial';
}

/** What stands in quotation marks and is nobody’s speech. */
export interface Term extends Piece {
  readonly why: string;
}

/** Tells speech from terms, in the order of the text. */
export function utterancesOf(
  scene: Scene,
  quotations: readonly Quotation[],
): { utterances: Utterance[]; terms: Term[] } {
  const utterances: Utterance[] = [];
  const terms: Term[] = [];
  let previous: { frame: Frame; speech: Speech; utterance: Utterance } | undefined;
  for (const quotation of quotations) {
    const frame = frameOf(scene, quotation);
    const verdict = judge(scene, frame);
    if (!verdict.speech) {
      // A few words after “she said.” go on with what she said.
      const goesOn =
        previous && isSentence(frame.content) && resumes(scene, previous.frame, previous.speech, frame);
      if (!goesOn) {
        terms.push({ start: quotation.open + 1, end: quotation.close, why: verdict.why });
        continue;
      }
    }
    const speech = verdict.speech ? verdict : undefined;
    if (previous && (speech === undefined || speech.where === 'none' || speech.where === 'before')) {
      if (resumes(scene, previous.frame, previous.speech, frame)) {
        const joined = join(previous.utterance, quotation, frame.content);
        utterances[utterances.length - 1] = joined;
        previous = { frame, speech: { ...previous.speech, where: 'none' }, utterance: joined };
        continue;
      }
    }
    if (speech === undefined) continue;
    const carried = speech.speaker === undefined && previous ? carry(scene, previous, frame, speech) : speech;
    const utterance = toUtterance(quotation, frame, carried);
    utterances.push(utterance);
    previous = { frame, speech: carried, utterance };
  }
  return { utterances, terms };
}

function toUtterance(quotation: Quotation, { content }: Frame, speech: Speech): Utterance {
  const { speaker, confidence, why, attribution, direct } = speech;
  const whole =
    isSentence(content) || (direct && speech.where === 'before' && /[.!?]$/.test(content.trimEnd()));
  const form = whole && !quotation.unclosed ? 'verbatim' : 'partial';
  return { pieces: quotation.pieces, quoted: content, form, speaker, confidence, why, attribution };
}

/** Whether a quotation goes on with the one before: between them stands only who said it, and ends with a stop or comma. */
function resumes(scene: Scene, before: Frame, speech: Speech, frame: Frame): boolean {
  const { text, words } = scene.passage;
  if (speech.where !== 'after') return false;
  const gap = text.slice(before.quotation.close + 1, frame.quotation.open);
  if (/[\n\r]/.test(gap) || !/[.,;:—–]\s*$/.test(gap)) return false;
  const between = words.slice(before.past, frame.first);
  // One sentence may end between them, right before the second piece.
  const one = new Set(between.map(({ sentence }) => sentence)).size === 1;
  return one && between.every(({ quoted }) => quoted < 0);
}

function join(utterance: Utterance, quotation: Quotation, content: string): Utterance {
  return {
    ...utterance,
    pieces: [...utterance.pieces, ...quotation.pieces],
    quoted: `${utterance.quoted} … ${content}`,
    form: isSentence(content) ? utterance.form : 'partial',
    why: `${utterance.why}; the pieces around it are joined`,
  };
}

/** Confidence of a speaker who is taken from the quotation before. */
const CARRIED = { paragraph: 0.6, next: 0.5 } as const;

/** Gives a quotation without a speaker that of the one before it: in its own paragraph, or in the one just before. */
function carry(scene: Scene, before: { frame: Frame; speech: Speech }, frame: Frame, speech: Speech): Speech {
  const { speaker } = before.speech;
  const sentence = isSentence(frame.content) || speech.where === 'before';
  if (speaker === undefined || !sentence) return speech;
  const gap = scene.passage.text.slice(before.frame.quotation.close, frame.quotation.open);
  const breaks = gap.match(/\n+|(?:\r\n?)+/g)?.length ?? 0;
  const alone = breaks > 0 && gap.slice(gap.search(/[\n\r]/)).trim() === '';
  if (breaks === 0)
    return {
      ...speech,
      speaker,
      confidence: CARRIED.paragraph,
      why: 'the speaker of the quotation before it in the paragraph',
    };
  return alone
    ? {
        ...speech,
        speaker,
        confidence: CARRIED.next,
        why: 'a paragraph of its own after a quotation of this speaker',
      }
    : speech;
}

/** Fewest words of a quotation that is more than a term, where the language is none the rules know. */
const LENGTHY = 4;

/** Quotations without speakers, for a text in another language than the rules are made for. */
export function unattributed(
  scene: Scene,
  quotations: readonly Quotation[],
): { utterances: Utterance[]; terms: Term[] } {
  const utterances: Utterance[] = [];
  const terms: Term[] = [];
  for (const quotation of quotations) {
    const { content, first, past } = frameOf(scene, quotation);
    if (past - first < LENGTHY) {
      terms.push({ start: quotation.open + 1, end: quotation.close, why: 'few words' });
      continue;
    }
    utterances.push({
      pieces: quotation.pieces,
      quoted: content,
      form: isSentence(content) && !quotation.unclosed ? 'verbatim' : 'partial',
      speaker: undefined,
      confidence: 0.3,
      why: 'in quotation marks; who spoke is told for English only',
      attribution: undefined,
    });
  }
  return { utterances, terms };
}
