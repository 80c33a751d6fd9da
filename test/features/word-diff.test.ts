import fc from 'fast-check';
import t from 'tap';
import { type Stretch, type WordDiff, wordDiff } from '../../src/features/word-diff.ts';

const joined = ({ diff }: WordDiff, ...ops: Stretch['op'][]) =>
  diff.flatMap(({ op, text }) => (ops.includes(op) ? text : [])).join('');

/** What is wrong with a diff of two texts, if anything. */
function wrongWith(from: string, to: string, found: WordDiff): string | undefined {
  if (joined(found, 'equal', 'delete') !== from) return 'equal and deleted are not the first text';
  if (joined(found, 'equal', 'insert') !== to) return 'equal and inserted are not the second text';
  if (found.diff.some(({ text }) => text === '')) return 'a stretch is empty';
  const ops = found.diff.map(({ op }) => op).join(' ');
  if (/equal equal|delete delete|insert insert|insert delete/.test(ops)) return `not in order: ${ops}`;
  return undefined;
}

const pieces = fc
  .array(
    fc.constantFrom(
      ...[
        'Nothing',
        'nothing',
        'will',
        'stop',
        'us',
        '“',
        '”',
        '’',
        "don't",
        'don’t',
        '…',
        '. . .',
        '-',
        '—',
        ',',
      ],
      ...[
        ' ',
        '  ',
        '\r\n',
        '\n',
        '\t',
        '\u00A0',
        '\u3000',
        'e\u0301',
        '\u00E9',
        '\u0301',
        '我们',
        '不',
        'ไทย',
      ],
      ...['👩‍👩‍👧', '👍🏽', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️', '🇺🇸', '\u200D', '\uFE0F', '\u00AD'],
    ),
    { maxLength: 30 },
  )
  .map((some) => some.join(''));
const texts = fc.oneof(pieces, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));

t.test('a diff makes up both texts to the character, whatever they are', async (t) => {
  fc.assert(
    fc.property(texts, texts, fc.boolean(), (from, to, coarse) => {
      const wrong = wrongWith(from, to, wordDiff(from, to, { coarse }));
      if (wrong) throw new Error(wrong);
    }),
    { numRuns: 3000 },
  );
  t.pass('on random texts');
});

t.test('a text does not differ from itself', async (t) => {
  fc.assert(
    fc.property(texts, (from) => {
      const same = wordDiff(from, from).diff;
      if (same.some(({ op }) => op !== 'equal')) throw new Error('differs from itself');
    }),
  );
  t.pass('on random texts');
});

t.test('words are told apart as a reader would', async (t) => {
  const [equal, insert, del] = (['equal', 'insert', 'delete'] as const).map((op) => (text: string) => ({
    op,
    text,
  })) as [(text: string) => Stretch, (text: string) => Stretch, (text: string) => Stretch];
  const cases: [string, string, Stretch[]][] = [
    [
      'Nothing will stop us from deporting migrant criminals.',
      'there is nothing stopping us from deporting criminal immigrants.',
      [
        del('Nothing will stop '),
        insert('there is nothing stopping '),
        equal('us from deporting '),
        del('migrant criminals'),
        insert('criminal immigrants'),
        equal('.'),
      ],
    ],
    ['We’re here', "We're here", [del('We’re '), insert("We're "), equal('here')]],
    ['“we fight”', 'we fight', [del('“'), equal('we fight'), del('”')]],
    ['a b', 'a\r\nb', [equal('a'), del(' '), insert('\r\n'), equal('b')]],
    ['caf\u00E9', 'cafe\u0301', [del('caf\u00E9'), insert('cafe\u0301')]],
    ['me 👩‍👩‍👧', 'me 👩‍👧', [equal('me '), del('👩‍👩‍👧'), insert('👩‍👧')]],
    ['我们不怕', '我不怕', [equal('我'), del('们'), equal('不怕')]],
    ['', 'all new', [insert('all new')]],
    ['all gone', '', [del('all gone')]],
    ['', '', []],
  ];
  for (const [from, to, expected] of cases) {
    t.same(wordDiff(from, to), { diff: expected, diff_by: 'words' }, `${from} → ${to}`);
  }
});

t.test('long texts are lined up by the runs of words that stand once in each', async (t) => {
  const words = Array.from({ length: 2500 }, (_, at) => `w${(at * at) % 2503}`);
  const speech = words.join(' ');
  const quoted = words
    .slice(1000, 1040)
    .join(' ')
    .replace(words[1020] as string, 'another');
  const found = wordDiff(speech, quoted);
  t.equal(found.diff_by, 'runs', 'too much is left out for the shortest edit');
  t.equal(wrongWith(speech, quoted, found), undefined);
  t.equal(joined(found, 'insert').trim(), 'another', 'of the quotation only the one word differs');
  const coarse = wordDiff(`same ${speech} end`, `same ${quoted} end`, { coarse: true });
  t.equal(coarse.diff_by, 'ends');
  t.same(
    coarse.diff.map(({ op }) => op),
    ['equal', 'delete', 'insert', 'equal'],
  );
});

t.test('texts of the greatest length that have nothing in common are done with at once', async (t) => {
  const [from, to] = ['x y z '.repeat(3300), 'u! '.repeat(6600)];
  const start = process.cpuUsage();
  const found = wordDiff(from, to);
  t.equal(wrongWith(from, to, found), undefined);
  t.ok(process.cpuUsage(start).user < 1_000_000, 'less than a second of work');
});
