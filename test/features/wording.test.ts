import fc from 'fast-check';
import t from 'tap';
import { contains, piecesOf, sameWording, similarity, wordsOf } from '../../src/features/wording.ts';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const words = (minLength: number, maxLength = 8) => fc.array(word, { minLength, maxLength });
const spaced = fc.string({ unit: 'grapheme', maxLength: 60 });

const same: readonly (readonly [name: string, a: string, b: string])[] = [
  ['case', 'GET the Hell out', 'get the hell OUT'],
  ['letters whose capital is two letters', 'Die Straße', 'DIE STRASSE'],
  ['letters with two small forms', 'ο λόγος', 'Ο ΛΌΓΟΣ'],
  ['curly and straight double quotes', '“sanctuary” cities', '"sanctuary" cities'],
  ['angle quotes and no quotes', '«sanctuary» cities', 'sanctuary cities'],
  ['single quotes around a word', '‘sanctuary’ cities', 'sanctuary cities'],
  ['a straight apostrophe', 'we’re going', "we're going"],
  ['a modifier apostrophe', 'we’re going', 'weʼre going'],
  ['an acute accent typed as an apostrophe', 'we’re going', 'we´re going'],
  ['a full-width apostrophe', 'we’re going', 'we＇re going'],
  ['a reversed apostrophe', 'we’re going', 'we‛re going'],
  ['em dash and hyphen', 'with you—or without', 'with you - or without'],
  ['a hyphen and a non-breaking one', 'anti-immigrant', 'anti‑immigrant'],
  ['a soft hyphen', 'immi\u00ADgration', 'immigration'],
  ['a comma or a stop at the end', 'without you,', 'without you.'],
  ['non-breaking and doubled spaces', 'out of\u00A0 the  way', 'out of the way'],
  ['line ends', 'out of\nthe way', 'out of the way'],
  ['composed and decomposed accents', 'José', 'Jose\u0301'],
  ['ligatures', 'oﬃcials', 'officials'],
  ['an ellipsis before and after', '… out of the way …', 'out of the way'],
  ['three dots and the one sign', 'we will ... fight', 'we will … fight'],
  ['spaced and bracketed dots', 'we will […] fight', 'we will . . . fight'],
];

const different: readonly (readonly [name: string, a: string, b: string])[] = [
  ['another word', 'running in fear', 'run in fear'],
  ['the order of the words', 'you with or', 'with you or'],
  ['a repeated word', 'no no', 'no'],
  ['words left out', 'we will … leave', 'we will leave'],
  ['words left out elsewhere', 'we … will not leave', 'we will … not leave'],
  ['an accent', 'resume', 'résumé'],
  ['vowel signs outside Latin', 'कि', 'का'],
  ['signs without a word', '👍', '👎'],
  ['a wording and none', 'yes', '…'],
];

t.test('what only type and print change leaves a wording the same', async (t) => {
  for (const [name, a, b] of same) {
    t.ok(sameWording(a, b), name);
    t.equal(similarity(a, b), 1, `${name}: all words are shared`);
    t.ok(contains(a, b) && contains(b, a), `${name}: each holds the other`);
  }
});

t.test('what changes the words changes the wording', async (t) => {
  for (const [name, a, b] of different) {
    t.notOk(sameWording(a, b), name);
    t.notOk(sameWording(b, a), `${name}, the other way round`);
  }
});

t.test('similarity is the share of words in common, in order', async (t) => {
  const rows: readonly (readonly [string, string, number])[] = [
    ['a b c d', 'a b c d', 1],
    ['a b', 'c d', 0],
    ['a b c d', 'a b x y', 0.5],
    ['a b c d', 'd c b a', 0.25],
    ['a b c', 'a', 0.5],
    ['a', '!', 0],
    ['👍', '👍', 1],
    ['👍', '👎', 0],
  ];
  for (const [a, b, share] of rows) t.equal(similarity(a, b), share, `${a} / ${b}`);
});

t.test('similarity agrees with the textbook’s table', async (t) => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 });
  const longest = (a: readonly string[], b: readonly string[]): number => {
    const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
    const at = (row: number, column: number) => table[row]?.[column] ?? 0;
    for (let row = 1; row <= a.length; row += 1)
      for (let column = 1; column <= b.length; column += 1)
        (table[row] as number[])[column] =
          a[row - 1] === b[column - 1]
            ? at(row - 1, column - 1) + 1
            : Math.max(at(row - 1, column), at(row, column - 1));
    return at(a.length, b.length);
  };
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      const expected = (2 * longest(a, b)) / (a.length + b.length);
      return similarity(a.join(' '), b.join(' ')) === expected;
    }),
  );
  t.pass('on random texts');
});

t.test('the pieces of a quotation stand in it in order', async (t) => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['we will fight you, every inch of the way', 'every inch of the way', true],
    ['we will fight you, every inch of the way', 'We will … every inch', true],
    ['we will fight you, every inch of the way', 'every inch … we will', false],
    ['we will fight you', 'fight you … fight you', false],
    ['we will fight you', 'ill fight', false],
    ['we will fight you', 'will … will', false],
    ['we will … fight you', 'will fight', false],
    ['we will … fight you', 'will … fight', true],
    ['we will … fight you', 'fight you', true],
    ['we will fight you', '…', false],
  ];
  for (const [whole, part, expected] of rows) t.equal(contains(whole, part), expected, `${whole} ⊇ ${part}`);
  t.same(piecesOf('One, … two three ... four'), [['one'], ['two', 'three'], ['four']]);

  const cut = fc.tuple(words(1), words(1), words(1), words(1), words(1));
  fc.assert(
    fc.property(cut, ([before, first, between, second, after]) => {
      const whole = [before, first, between, second, after].flat().join(' ');
      return contains(whole, `${first.join(' ')} … ${second.join(' ')}`);
    }),
  );
  t.pass('whatever was cut, the pieces are found');
});

t.test('case, quote marks and dashes never matter', async (t) => {
  fc.assert(fc.property(spaced, (text) => sameWording(text, text.toUpperCase())));
  t.pass('upper case');
  fc.assert(fc.property(spaced, (text) => sameWording(text, text.toLowerCase())));
  t.pass('lower case');
  const mark = fc.constantFrom('“', '”', '"', '«', '»', '„', '‘', '’', "'", '-', '–', '—', '‑', ' ');
  fc.assert(
    fc.property(words(1), fc.array(fc.tuple(mark, mark), { minLength: 8, maxLength: 8 }), (plain, marks) => {
      const dressed = plain.map((one, at) => `${marks[at]?.[0]}${one}${marks[at]?.[1]}`).join(' ');
      return sameWording(plain.join(' '), dressed) && similarity(plain.join(' '), dressed) === 1;
    }),
  );
  t.pass('marks around words');
});

t.test('comparing is fair: both ways the same, and a wording is always like itself', async (t) => {
  fc.assert(fc.property(spaced, (a) => sameWording(a, a) && similarity(a, a) === 1 && contains(a, a)));
  fc.assert(
    fc.property(spaced, spaced, (a, b) => {
      const share = similarity(a, b);
      return (
        share === similarity(b, a) && share >= 0 && share <= 1 && sameWording(a, b) === sameWording(b, a)
      );
    }),
  );
  fc.assert(fc.property(spaced, (a) => wordsOf(wordsOf(a).join(' ')).join(' ') === wordsOf(a).join(' ')));
  t.pass('on random texts');
});

t.test('the longest quotations are compared in no time', { timeout: 60_000 }, async (t) => {
  // Of the processor, whatever else the machine does: what grows with the square takes a minute.
  const before = process.cpuUsage();
  const long = Array.from({ length: 10_000 }, (_, at) => (at * 7919) % 13).join(' ');
  similarity(long, long.split(' ').reverse().join(' '));
  piecesOf(' '.repeat(200_000));
  piecesOf('. '.repeat(100_000));
  contains(long, long);
  const took = process.cpuUsage(before).user / 1000;
  t.ok(took < 5000, `${Math.round(took)} ms`);
});
