import { readFileSync } from 'node:fs';
import t from 'tap';
import { extract, read } from '../../src/features/suggest/extract.ts';
import { NOBODY } from '../../src/features/suggest/mentioned.ts';
import { matchesOf } from '../../src/features/suggest/names.ts';

/** What is said in a text, and by whom, without anything being known. */
function said(text: string, language: string | null = 'en') {
  return extract(read(text, language), NOBODY, null).utterances.map(
    ({ quoted, speaker }) => [quoted, speaker?.printed ?? null] as const,
  );
}

type Row = readonly [
  name: string,
  text: string,
  said: readonly (readonly [quoted: string, speaker: string | null])[],
];

const told: readonly Row[] = [
  [
    'a name and a verb after it',
    '“The vote is on Friday,” Ana Ruiz said.',
    [['The vote is on Friday,', 'Ana Ruiz']],
  ],
  [
    'a verb and a name after it',
    '“The vote is on Friday,” said Ana Ruiz.',
    [['The vote is on Friday,', 'Ana Ruiz']],
  ],
  [
    'a title before the name',
    '“The vote is on Friday,” said Council President Ana Ruiz, who chairs it.',
    [['The vote is on Friday,', 'Ana Ruiz']],
  ],
  [
    'according to',
    '“The vote is on Friday,” according to Ana Ruiz.',
    [['The vote is on Friday,', 'Ana Ruiz']],
  ],
  ['a name before it', 'Ana Ruiz said, “The vote is on Friday.”', [['The vote is on Friday.', 'Ana Ruiz']]],
  ['a name and a colon', 'Ana Ruiz: “The vote is on Friday.”', [['The vote is on Friday.', 'Ana Ruiz']]],
  [
    'a role between commas',
    'Ana Ruiz, the clerk of Millbrook, said “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'an age between commas',
    'Ana Ruiz, 61, said “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'a role before the name',
    'The board president, Ana Ruiz, said “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'a clause between commas',
    'Ana Ruiz, who wrote the plan, told reporters “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'auxiliaries and adverbs',
    'Ana Ruiz has also repeatedly said “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'a participle',
    'Ana Ruiz defended the delay, saying “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'a phrase that opens the sentence',
    'In a call with Tom Bell, Ana Ruiz said “the vote is on Friday.”',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
  [
    'a fragment after the verb',
    'Ana Ruiz urged her colleagues to “stop hiding behind the rules.”',
    [['stop hiding behind the rules.', 'Ana Ruiz']],
  ],
  [
    'a fragment after a clause',
    'Ana Ruiz explained that the plan would “keep every library open on Sundays.”',
    [['keep every library open on Sundays.', 'Ana Ruiz']],
  ],
  [
    'two verbs, each with its own',
    '“We lost,” Ana Ruiz said. Tom Bell said, “We won.”',
    [
      ['We lost,', 'Ana Ruiz'],
      ['We won.', 'Tom Bell'],
    ],
  ],
  [
    'two speakers in one sentence',
    '“We lost,” Ana Ruiz said, but Tom Bell said “we won by a mile.”',
    [
      ['We lost,', 'Ana Ruiz'],
      ['we won by a mile.', 'Tom Bell'],
    ],
  ],
  ['a question', '“Who pays?” Ana Ruiz asked.', [['Who pays?', 'Ana Ruiz']]],
  ['an exclamation', '“Enough of this!” he shouted.', [['Enough of this!', 'he']]],
  [
    'a pronoun',
    'Ana Ruiz left early. “I had a train to catch,” she said.',
    [['I had a train to catch,', 'Ana Ruiz']],
  ],
  [
    'a pronoun in the next paragraph',
    'Ana Ruiz spoke first, said Tom Bell.\n\n“It was short,” he added.',
    [['It was short,', 'Tom Bell']],
  ],
  ['a family name', 'Ana Ruiz, the mayor, spoke. “It was short,” Ruiz said.', [['It was short,', 'Ruiz']]],
  [
    'a title for the name',
    'Mayor Ana Ruiz met Tom Bell. “It was short,” the mayor said.',
    [['It was short,', 'Ana Ruiz']],
  ],
  [
    'a possessive before a role',
    '“It was short,” said Ruiz’s deputy, Tom Bell.',
    [['It was short,', 'Tom Bell']],
  ],
  [
    'a body',
    '“Offices close at noon,” the Millbrook City Council said.',
    [['Offices close at noon,', 'Millbrook City Council']],
  ],
  [
    'a short form of a body',
    'The Millbrook City Council met. “Offices close at noon,” the council said.',
    [['Offices close at noon,', 'Millbrook City Council']],
  ],
  [
    'a document',
    'The resolution says “no officer shall ask about immigration status.”',
    [['no officer shall ask about immigration status.', 'The resolution']],
  ],
  [
    'a document and what it describes',
    'A motion praising “the courage of the night crew” calls the flood “the worst since the dam broke.”',
    [
      ['the courage of the night crew', 'A motion'],
      ['the worst since the dam broke.', 'A motion'],
    ],
  ],
  [
    'nobody in particular',
    '“It is too late for that,” critics said.',
    [['It is too late for that,', 'critics']],
  ],
  ['one word after said', 'Asked about it, Ana Ruiz said: “No.”', [['No.', 'Ana Ruiz']]],
  ['a word after was', 'Ana Ruiz said the wait was “absurd.”', [['absurd.', 'Ana Ruiz']]],
  ['a word after as', 'Ana Ruiz described the wait as “absurd.”', [['absurd.', 'Ana Ruiz']]],
  [
    'a stray full stop in the sentence',
    '“The vote is on Friday,” the council said. member Ana Ruiz told the Millbrook Herald.',
    [['The vote is on Friday,', 'Ana Ruiz']],
  ],
  ['straight marks', '"The vote is on Friday," Ana Ruiz said.', [['The vote is on Friday,', 'Ana Ruiz']]],
  ['single marks', '‘The vote is on Friday,’ Ana Ruiz said.', [['The vote is on Friday,', 'Ana Ruiz']]],
  ['guillemets', '«The vote is on Friday», Ana Ruiz said.', [['The vote is on Friday', 'Ana Ruiz']]],
  [
    'a name of three words, with an initial',
    '“It was short,” said Ana M. Ruiz.',
    [['It was short,', 'Ana M. Ruiz']],
  ],
  [
    'a name with a particle',
    '“It was short,” Sen. Ana de la Cruz said.',
    [['It was short,', 'Ana de la Cruz']],
  ],
  [
    'a name with an apostrophe and a hyphen',
    '“It was short,” said Siobhán O’Neil-Hart.',
    [['It was short,', 'Siobhán O’Neil-Hart']],
  ],
];

const joined: readonly Row[] = [
  [
    'two sentences around who said it',
    '“We lost,” Ana Ruiz said. “We will try again.”',
    [['We lost, … We will try again.', 'Ana Ruiz']],
  ],
  [
    'one sentence around who said it',
    '“We lost,” Ana Ruiz said, “and we will try again.”',
    [['We lost, … and we will try again.', 'Ana Ruiz']],
  ],
  [
    'with the outlet',
    '“We lost,” she said, according to the Herald. “We will try again.”',
    [['We lost, … We will try again.', 'she']],
  ],
  [
    'not where narration stands between',
    '“We lost,” Ana Ruiz said. She looked tired. “We will try again.”',
    [
      ['We lost,', 'Ana Ruiz'],
      ['We will try again.', 'Ana Ruiz'],
    ],
  ],
  [
    'not where another speaks',
    '“We lost,” Ana Ruiz said. “We won,” Tom Bell said.',
    [
      ['We lost,', 'Ana Ruiz'],
      ['We won,', 'Tom Bell'],
    ],
  ],
  [
    'paragraphs that reopen',
    'Ana Ruiz said: “We lost.\n\n“We will try again.”',
    [['We lost.\nWe will try again.', 'Ana Ruiz']],
  ],
  [
    'paragraphs that reopen with straight marks',
    'Ana Ruiz said: "We lost.\r\n\r\n"We will try again."',
    [['We lost.\nWe will try again.', 'Ana Ruiz']],
  ],
  [
    'a paragraph of its own after a quotation',
    '“We lost,” Ana Ruiz said.\n\n“We will try again, and we will win.”',
    [
      ['We lost,', 'Ana Ruiz'],
      ['We will try again, and we will win.', 'Ana Ruiz'],
    ],
  ],
];

const kept: readonly Row[] = [
  [
    'a quotation inside',
    '“He told me ‘never again’ and left,” Ana Ruiz said.',
    [['He told me ‘never again’ and left,', 'Ana Ruiz']],
  ],
  [
    'a quotation inside, the other way round',
    '‘He told me “never again” and left,’ Ana Ruiz said.',
    [['He told me “never again” and left,', 'Ana Ruiz']],
  ],
  [
    'apostrophes',
    '‘The workers’ hall isn’t ours, and that’s that,’ Ana Ruiz said.',
    [['The workers’ hall isn’t ours, and that’s that,', 'Ana Ruiz']],
  ],
  [
    'straight apostrophes',
    "'The workers' hall isn't ours,' Ana Ruiz said. 'Tis late.",
    [["The workers' hall isn't ours,", 'Ana Ruiz']],
  ],
  ['inches', 'A 10" pipe burst. "It was old," Ana Ruiz said.', [['It was old,', 'Ana Ruiz']]],
  [
    'a mark that is never closed',
    'Ana Ruiz said “the vote is on Friday.\nNothing more.',
    [['the vote is on Friday.', 'Ana Ruiz']],
  ],
];

const nobody: readonly Row[] = [
  ['a term', 'The council declared Millbrook a “dark sky” town.', []],
  ['a term after said that', 'Ana Ruiz said that “sanctuary” rules will stay.', []],
  ['a title before a name', 'His “water czar,” Tom Bell, has warned the towns.', []],
  ['a word that is named', 'The word “commons” is an old one.', []],
  ['the title of a work', 'A report titled “What the River Owes Us” is out.', []],
  ['the title of a work in capitals', 'She brought “The Long Road Home To Millbrook” with her.', []],
  [
    'what places call themselves',
    'Dozens of towns declared themselves “quiet towns” or “safe harbors” last year.',
    [],
  ],
  ['an empty pair', 'Ana Ruiz said “” and left.', []],
];

for (const [name, rows] of Object.entries({ told, joined, kept, nobody })) {
  t.test(`quotations: ${name}`, async (t) => {
    for (const [row, text, expected] of rows) t.strictSame(said(text), expected, row);
  });
}

t.test('in another language quotations come without speakers', async (t) => {
  const text =
    'La alcaldesa Ana Ruiz dijo: “El voto es el viernes por la tarde.” Después salió de la sala sin hablar con nadie más.';
  for (const language of ['es', null])
    t.strictSame(said(text, language), [['El voto es el viernes por la tarde.', null]], String(language));
});

/** The rows of a table of the guide, as the code in their cells. */
function rowsUnder(heading: string): (string | undefined)[][] {
  const markdown = readFileSync('src/guide/suggestions.md', 'utf8');
  const section = markdown.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => /`([^`]+)`/.exec(cell)?.[1] ?? (cell.trim() || undefined)),
  );
}

t.test('the examples of the guide hold', async (t) => {
  const speech = rowsUnder('Speech or term');
  t.equal(speech.length, 10);
  for (const [text = '', quoted, speaker] of speech)
    t.strictSame(said(text), quoted === undefined ? [] : [[quoted, speaker]], text);
  const names = rowsUnder('Names');
  t.equal(names.length, 5);
  const ruiz = {
    kind: 'official' as const,
    id: '1',
    slug: 'ana-ruiz',
    name: 'Ana Ruiz',
    family_name: 'Ruiz',
    other_names: [{ name: 'Anna Ruitz', note: null }],
  };
  for (const [printed = '', , score] of names)
    t.equal(matchesOf(printed, [ruiz])[0]?.score, Number(score), printed);
});
