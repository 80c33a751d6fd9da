import { Command } from 'commander';
import type { Suggestions } from '../features/suggest/suggest.ts';
import { print, withDatabase } from './environment.ts';
import { textIn } from './text.ts';
import { verifyCommand } from './verify.ts';

const suggestCommand = new Command('suggest')
  .description('Suggest what a text may add to the record: quotations, people, bodies, dates, policies.')
  .argument('<file>', 'the text, in UTF-8')
  .option('--source <slug>', 'the source it is a copy of; by itself, the one with its SHA-256')
  .option('--json', 'print JSON, with a body for each suggestion')
  .addHelpText('after', '\nBy rules alone; nothing is saved.')
  .action(async (file: string, { source, json }: { source?: string; json?: boolean }) => {
    const { LONGEST_TEXT, suggest } = await import('../features/suggest/suggest.ts');
    const { originOf } = await import('../features/suggest/origin.ts');
    const text = textIn(file);
    const length = [...text].length;
    if (length > LONGEST_TEXT)
      throw new Error(`${file} has ${length} code points; at most ${LONGEST_TEXT} are gone through at once`);
    await withDatabase((db) =>
      db.read(async (session) => {
        const origin = await originOf(session, db, text, source);
        if (source !== undefined && origin === undefined) throw new Error(`there is no source '${source}'`);
        const from = origin ?? { id: null, published_on: null, language: null };
        const found = await suggest(session, db, text, from);
        if (json) return print(json, found, '');
        for (const line of linesOf(found, origin?.slug)) print(false, null, line);
      }),
    );
  });

/** Characters of a quotation that are shown. */
const SHOWN = 70;

function* linesOf(found: Suggestions, slug: string | undefined): Generator<string> {
  const short = (text: string) => {
    const line = text.replace(/\s+/gu, ' ');
    return line.length > SHOWN ? `${line.slice(0, SHOWN).toWellFormed()}…` : line;
  };
  yield `source: ${slug ?? 'none is known with this text; name it with --source'}`;
  yield `quotations: ${found.meta.found.quotations}`;
  for (const { selector, body, speaker, confidence, candidates, parts } of found.quotations) {
    const named = speaker?.as_printed ?? '(nobody named)';
    yield `  ${selector.start}–${selector.end} ${named}: “${short(String(body.quoted_text))}” ${confidence}${likeOf(candidates)}`;
    for (const part of parts)
      yield `    ${part.selector.start}–${part.selector.end} “${short(part.selector.exact)}”${likeOf(part.candidates)}`;
  }
  for (const sort of ['people', 'bodies'] as const) {
    yield `${sort}: ${found.meta.found[sort]}`;
    for (const { as_printed, matches, selectors } of found[sort]) {
      const [best] = matches;
      yield `  ${as_printed} (${selectors.length}): ${best ? `${best.slug} ${best.score}, ${best.why}` : 'not known'}`;
    }
  }
  yield `dates: ${found.meta.found.dates}`;
  for (const { selector, as_printed, date, why } of found.dates)
    yield `  ${selector.start}–${selector.end} ${as_printed}: ${date ?? 'unknown'}, ${why}`;
  yield `policies: ${found.meta.found.policies}`;
  for (const { as_printed, identifier, matches } of found.policies)
    yield `  ${as_printed}: ${identifier}${matches[0] ? `, ${matches[0].slug}` : ''}`;
  yield `left out: ${found.meta.found.left_out}`;
  for (const { selector, why } of found.left_out)
    yield `  ${selector.start}–${selector.end} “${short(selector.exact)}”: ${why}`;
}

function likeOf(candidates: Suggestions['quotations'][number]['candidates']): string {
  const best = candidates?.[0];
  return best ? `, like ${best.slug} (${best.score})` : '';
}

export const sourcesCommand = new Command('sources')
  .description('Go through the texts of sources.')
  .addCommand(suggestCommand)
  .addCommand(verifyCommand);
