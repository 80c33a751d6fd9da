/** Who spoke, by the words before a quotation. */
import { between, type Word } from './passage.ts';
import type { Scene, Speaker } from './reference.ts';
import { CERTAIN, type Frame, type Speech, sentenceStart, speech } from './speech.ts';
import { isSaying, subjectAfter, subjectBefore, subjectOf } from './subject.ts';
import { NAMING } from './vocabulary.ts';

/** The words before a quotation: Doe said, “…”; Doe urged them to “…”; Doe: “…”. */
export function beforehand(scene: Scene, frame: Frame, reach: number): Speech | undefined {
  const { passage, ending } = scene;
  const { first, sentence } = frame;
  const last = first - 1;
  if (last < sentence) return undefined;
  const start = sentenceStart(scene, frame);
  const colon = between(passage, last).includes(':');
  const mention = ending.get(last);
  if (colon && mention && mention.sort !== 'place') {
    const speaker = { printed: mention.printed, mention, sort: 'name', through: undefined } as const;
    return speech(
      speaker,
      CERTAIN.before,
      `before the quotation: ${mention.printed} and a colon`,
      frame,
      'before',
      start,
    );
  }
  const source = accordingTo(scene, sentence, first);
  if (source)
    return speech(
      source,
      CERTAIN.before,
      `before the quotation: according to ${source.printed}`,
      frame,
      'before',
      start,
    );
  const verb = lastSaying(scene, last, Math.max(sentence, first - reach));
  if (verb === undefined) return colon ? introduced(scene, frame, start) : undefined;
  const word = (passage.words[verb] as Word).lower;
  const near = last - verb <= 2;
  const speaker = subjectBefore(scene, sentence, verb);
  const certain = near ? CERTAIN.before : CERTAIN.far;
  const why = `before the quotation: ${speaker ? (speaker.through ?? speaker.printed) : 'nobody who is named'} … ${word}`;
  const made = speech(speaker, certain, why, frame, 'before', start);
  return { ...made, direct: colon || (last - verb <= 1 && !NAMING.has(word)) };
}

/** According to Doe, “…” */
function accordingTo(scene: Scene, sentence: number, first: number): Speaker | undefined {
  const { words } = scene.passage;
  if (words[sentence]?.lower !== 'according' || words[sentence + 1]?.lower !== 'to') return undefined;
  return subjectAfter(scene, sentence + 2, first);
}

/** She shrugged: “…” */
function introduced(scene: Scene, frame: Frame, start: number): Speech | undefined {
  const speaker = subjectOf(scene, frame.sentence, frame.first);
  if (speaker === undefined || speaker.sort === 'noun') return undefined;
  const why = `before the quotation: ${speaker.through ?? speaker.printed} … and a colon`;
  return { ...speech(speaker, CERTAIN.colon, why, frame, 'before', start), direct: true };
}

function lastSaying(scene: Scene, from: number, lowest: number): number | undefined {
  for (let at = from; at >= lowest; at -= 1) if (isSaying(scene, at)) return at;
  return undefined;
}
