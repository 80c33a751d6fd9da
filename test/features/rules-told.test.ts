import t from 'tap';
import { BOUNDS } from '../../src/engine/bounds.ts';
import { CELL_STATES, MOST_COLUMNS } from '../../src/features/compare.ts';
import { MOST_BESIDE } from '../../src/features/said-and-voted.ts';
import { BLOCK } from '../../src/features/search/doc-set.ts';
import { SHOWN_LENGTH } from '../../src/features/search/highlights.ts';
import { MOST_TERMS, SHORTEST_PREFIX } from '../../src/features/search/query.ts';
import { SEARCHED_LENGTH } from '../../src/features/search/tokens.ts';
import { MOST_ENTRIES, MOST_REPORTS } from '../../src/features/timeline.ts';
import { PLACED_BY } from '../../src/features/timeline-order.ts';
import { STATUS_BASES } from '../../src/features/timeline-status.ts';
import { guidePages } from '../../src/http/guide.ts';

const page = (name: string) => guidePages().find((one) => one.name === name)?.markdown ?? '';

/** The words in the first column of the table under a heading. */
function wordsUnder(markdown: string, heading: string): string[] {
  const [, table = ''] = markdown.split(`| ${heading} |`);
  return [...(table.split('\n\n')[0] as string).matchAll(/^\| `(\w+)` \|/gm)].map(
    ([, word]) => word as string,
  );
}

t.test('the guide tells every word that timelines and comparisons use, and no other', async (t) => {
  const rows: [name: string, heading: string, words: object][] = [
    ['timelines', '`placed.by`', PLACED_BY],
    ['timelines', '`status_basis`', STATUS_BASES],
    ['comparisons', '`state`', CELL_STATES],
  ];
  for (const [name, heading, words] of rows)
    t.same(wordsUnder(page(name), heading).sort(), Object.keys(words).sort(), `${name}: ${heading}`);
});

t.test('the guide tells the limits that hold', async (t) => {
  const rows: [name: string, sentence: string][] = [
    ['timelines', `the ${MOST_ENTRIES} earliest actions, votes, versions and statements each`],
    ['timelines', `${MOST_REPORTS} reports of each statement`],
    ['comparisons', `at most ${MOST_COLUMNS} columns`],
    ['said-and-voted', `at most ${MOST_BESIDE} of each`],
    ['search', `a beginning has ${SHORTEST_PREFIX} letters or more`],
    ['search', `The first ${MOST_TERMS} terms count`],
    ['search', `the first ${SEARCHED_LENGTH.toLocaleString('en')} characters are searched`],
    ['search', `up to ${BOUNDS.counted.toLocaleString('en')} records are looked at`],
    ['search', `the first ${SHOWN_LENGTH.toLocaleString('en')} characters of a text`],
    ['search', `each block of ${BLOCK.toLocaleString('en')} records`],
  ];
  for (const [name, sentence] of rows) t.match(page(name).replaceAll('\n', ' '), sentence);
});
