import fc from 'fast-check';
import t from 'tap';
import { datesOf } from '../../src/features/suggest/dates.ts';
import { extract, read } from '../../src/features/suggest/extract.ts';
import { identifiersOf } from '../../src/features/suggest/identifiers.ts';
import { sentencesOf } from '../../src/features/suggest/likeness.ts';
import { NOBODY } from '../../src/features/suggest/mentioned.ts';
import { type Known, matchesOf, sureOf } from '../../src/features/suggest/names.ts';
import { anchorOf, passageOf } from '../../src/features/suggest/passage.ts';
import { quotationsOf } from '../../src/features/suggest/quotations.ts';
import { cases } from '../cases.ts';

/** What stands between quotation marks, a piece a paragraph. */
function quoted(text: string): string[][] {
  return quotationsOf(text).map(({ pieces }) => pieces.map(({ start, end }) => text.slice(start, end)));
}

t.test('quotation marks are paired', async (t) => {
  const rows: readonly (readonly [name: string, text: string, quoted: readonly (readonly string[])[]])[] = [
    ['curly', 'a “b c” d “e”', [['b c'], ['e']]],
    ['straight', 'a "b c" d "e"', [['b c'], ['e']]],
    ['low and high, as in German', 'a „b c“ d „e”', [['b c'], ['e']]],
    ['guillemets, either way round', 'a «b c» d »e«', [['b c'], ['e']]],
    ['single', "a ‘b c’ d 'e f'", [['b c'], ['e f']]],
    ['nested', 'a “b ‘c’ d” e', [['b ‘c’ d']]],
    ['nested in single ones', 'a ‘b “c” d’ e', [['b “c” d']]],
    ['guillemets in curly ones', 'a “b «c» d” e', [['b «c» d']]],
    ['apostrophes', 'Ann’s dogs’ tails, don’t', []],
    ['straight apostrophes', "Ann's dogs' tails, don't; 'tis the '90s", []],
    ['a plural inside single marks', '‘the dogs’ tails are long’ a', [['the dogs’ tails are long']]],
    ['a single word that ends in s', 'a ‘dogs’ b', [['dogs']]],
    ['inches', 'a 5\'10" b "c"', [['c']]],
    ['a mark that is never closed ends with its paragraph', 'a “b c\nd', [['b c']]],
    ['a new mark gives the old one up', 'a “b “c” d', [['c']]],
    ['paragraphs that reopen', '“a\n\n“b\r\n“c”', [['a', 'b', 'c']]],
    ['paragraphs that do not reopen', '“a\n\nb “c”', [['a'], ['c']]],
    ['nothing between', 'a “” b', []],
    ['combining marks and emoji', '“cafe\u0301 😀” a', [['cafe\u0301 😀']]],
  ];
  for (const [name, text, expected] of rows) t.strictSame(quoted(text), expected, name);
});

t.test('anchors count code points, and stand in the text as they say', async (t) => {
  const texts = [
    '😀 Ana Ruiz said, “We’re 😀😀 going.” é',
    'Cafe\u0301! “E\u0301tude, e\u0301tude,” Ana Ruiz said.',
    'One.\r\n\r\n“Two,” Ana Ruiz said.\r\nThree.',
  ];
  for (const text of texts) {
    const { scene, utterances } = extract(read(text, 'en'), NOBODY, null);
    t.equal(utterances.length, 1);
    for (const { start, end } of utterances.flatMap(({ pieces }) => pieces)) {
      const anchor = anchorOf(scene.passage, start, end);
      const points = [...text];
      t.equal(points.slice(anchor.start, anchor.end).join(''), anchor.exact);
      t.ok(points.slice(0, anchor.start).join('').endsWith(anchor.prefix));
      t.ok(points.slice(anchor.end).join('').startsWith(anchor.suffix));
    }
  }
});

/** Bits of text of which anything may be made. */
const bits = fc.constantFrom(
  ...['“', '”', '"', "'", '‘', '’', '«', '»', ' ', ' ', ' ', '\n', '\r\n', '.', ', ', ': ', '😀', 'e\u0301'],
  ...[
    'Ana',
    'Ruiz',
    'Mayor',
    'the',
    'council',
    'said',
    'he',
    'told',
    'that',
    'SB 54',
    'Tuesday',
    'in 2024',
    'We will go',
    'A resolution',
  ],
);
const jumble = fc.array(bits, { maxLength: 60 }).map((parts) => parts.join(''));

t.test('whatever the text, all that is found stands in it, in order, and each piece once', async () => {
  fc.assert(
    fc.property(jumble, (text) => {
      const found = extract(read(text, 'en'), NOBODY, '2024-11-20');
      const pieces = [...found.utterances.flatMap((one) => one.pieces), ...found.terms].sort(
        (a, b) => a.start - b.start,
      );
      let past = 0;
      for (const { start, end } of pieces) {
        if (start < past || end < start || end > text.length) return false;
        past = end;
      }
      const anchored = [...pieces, ...found.mentions, ...found.dates, ...found.identifiers];
      return anchored.every(({ start, end }) => {
        const anchor = anchorOf(found.scene.passage, start, end);
        return [...text].slice(anchor.start, anchor.end).join('') === anchor.exact;
      });
    }),
    { numRuns: 300 },
  );
});

t.test('what is said does not depend on the kind of double marks', async (t) => {
  const words = fc.array(fc.constantFrom('we', 'will', 'go', 'now', 'and', 'again'), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (all) => {
      const text = (open: string, close: string) =>
        all.map((one) => `${open}We ${one.join(' ')},${close} Ana Ruiz said.`).join('\n');
      const told = (of: string) =>
        extract(read(of, 'en'), NOBODY, null).utterances.map((one) => [one.quoted, one.speaker?.printed]);
      const curly = told(text('“', '”'));
      t.equal(curly.length, all.length);
      return JSON.stringify(told(text('"', '"'))) === JSON.stringify(curly);
    }),
    { numRuns: cases(30) },
  );
});

t.test(
  'a text made to be slow is gone through in time that grows as it does',
  { timeout: 60_000 },
  async (t) => {
    const shapes = [
      '“',
      '"',
      "' ",
      'A ',
      'A.',
      'Ada Bo, ',
      '“a b c d e” ',
      '“a b c d e\n',
      'he said “a b c d” ',
      'SB 54 ',
      'Board of ',
      'Tuesday ',
      'the said ',
      '\n',
    ];
    const spent = (shape: string, size: number) => {
      const text = shape.repeat(size / shape.length);
      const before = process.cpuUsage();
      extract(read(text, 'en'), NOBODY, '2024-11-20');
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    for (const shape of shapes) {
      spent(shape, 10_000);
      const [small, large] = [spent(shape, 30_000), spent(shape, 120_000)];
      // Four times the text: what grows with its square would take sixteen times as long.
      t.ok(large < 10 * Math.max(small, 20), `${JSON.stringify(shape)}: ${small} ms, then ${large} ms`);
    }
  },
);

t.test('dates are printed, or derived from the date of the source', async (t) => {
  const rows: readonly (readonly [
    text: string,
    published: string | null,
    date: string | null,
    basis?: 'stated',
  ])[] = [
    ['on Nov. 19, 2024', null, '2024-11-19', 'stated'],
    ['on 19 November 2024', null, '2024-11-19', 'stated'],
    ['on 2024-11-19', null, '2024-11-19', 'stated'],
    ['on 11/19/2024', null, '2024-11-19', 'stated'],
    ['in November 2024', null, '2024-11', 'stated'],
    ['in 2024', null, '2024', 'stated'],
    ['on Nov. 11', '2024-11', '2024-11-11'],
    ['on Jan. 5', '2024-11', '2025-01-05'],
    ['on Dec. 30', '2025-01-02', '2024-12-30'],
    ['on Nov. 11', null, null],
    ['on Tuesday it voted', '2024-11-21', '2024-11-19'],
    ['on Tuesday it will vote', '2024-11-21', '2024-11-26'],
    ['last Tuesday', '2024-11-19', '2024-11-12'],
    ['next Tuesday', '2024-11-19', '2024-11-26'],
    ['on Tuesday', '2024-11', null],
    ['yesterday', '2024-03-01', '2024-02-29'],
    ['last month', '2024-01', '2023-12'],
    ['this year', '2024', '2024'],
    ['two weeks ago', '2024-11-20', '2024-11'],
    ['in two months', '2024-11', '2025-01'],
  ];
  for (const [text, published, date, basis = 'derived'] of rows) {
    const found = datesOf(text, published);
    t.match(found, [{ date, basis }], `${text}, published ${published}`);
    t.equal(found.length, 1);
  }
  const none = [
    'it may rain',
    'more than a year ago',
    'at 1600 Main Street',
    'Feb. 30, 2024',
    'SB 2024',
    '12-2024-11',
  ];
  for (const text of none)
    t.strictSame(
      datesOf(text, '2024-11-20').filter(({ date }) => date !== '2024-02-30'),
      [],
      text,
    );
  t.strictSame(
    datesOf('el 2024-11-19, on Tuesday', '2024-11-20', false).map(({ date }) => date),
    ['2024-11-19'],
  );
});

t.test('numbers of policies are written one way', async (t) => {
  const rows: readonly (readonly [printed: string, identifier: string, type: string])[] = [
    ['Council File 23-1205', 'Council File 23-1205', 'other'],
    ['Council File No. 23-1205-S1', 'Council File 23-1205-S1', 'other'],
    ['SB 54', 'SB 54', 'bill'],
    ['S.B. 54', 'SB 54', 'bill'],
    ['Senate Bill 54', 'SB 54', 'bill'],
    ['Assembly Bill No. 450', 'AB 450', 'bill'],
    ['AB 450', 'AB 450', 'bill'],
    ['HJR 5', 'HJR 5', 'joint_resolution'],
    ['ACR 12', 'ACR 12', 'concurrent_resolution'],
    ['Ordinance No. 188441', 'Ordinance No. 188441', 'ordinance'],
    ['ordinance 188441', 'Ordinance No. 188441', 'ordinance'],
    ['Int 0501-2022', 'Int 0501-2022', 'bill'],
    ['Local Law 53 of 2023', 'Local Law 53 of 2023', 'ordinance'],
    ['H.R. 7567', 'H.R. 7567', 'bill'],
    ['H. Con. Res. 5', 'H.Con.Res. 5', 'concurrent_resolution'],
    ['S.J.Res. 3', 'S.J.Res. 3', 'joint_resolution'],
    ['Resolution No. 24-15', 'Resolution 24-15', 'resolution'],
    ['Executive Order 14159', 'Executive Order 14159', 'executive_order'],
    ['Executive Directive No. 12', 'Executive Directive 12', 'executive_directive'],
    ['Proposition 187', 'Proposition 187', 'initiative'],
    ['Measure ULA', 'Measure ULA', 'initiative'],
    ['Public Law 117-58', 'Public Law 117-58', 'statute'],
    ['8 U.S.C. § 1373', '8 U.S.C. § 1373', 'code'],
  ];
  for (const [printed, identifier, type] of rows) {
    t.match(identifiersOf(`It is ${printed}, they say.`), [{ printed, identifier, type }], printed);
  }
  const all = identifiersOf(rows.map(([printed]) => printed).join(', '));
  t.strictSame(
    all.map(({ printed }) => printed),
    rows.map(([printed]) => printed),
    'and each is told from the next',
  );
  for (const text of [
    'a resolution of 3 parts',
    'prop up 5 walls',
    'the measure 3 feet wide',
    'B-52',
    'USB 3',
    'phase 2',
  ])
    t.strictSame(identifiersOf(text), [], text);
});

const person = (name: string, more: Partial<Known> = {}): Known => ({
  kind: 'official',
  id: name,
  slug: name,
  name,
  family_name: name.split(' ').at(-1) as string,
  other_names: [],
  ...more,
});

t.test('a name fits those it may stand for, better or worse', async (t) => {
  const ruiz = person('Ana Ruiz', {
    other_names: [
      { name: 'Anna Ruitz', note: 'misprint' },
      { name: 'Ana Rue … Itz', note: null },
    ],
  });
  const rows: readonly (readonly [printed: string, score: number | undefined])[] = [
    ['Ana Ruiz', 1],
    ['ANA RUÍZ', 1],
    ['Anna Ruitz', 0.97],
    ['Ana Rue … Itz', 0.97],
    ['Ana M. Ruiz', 0.9],
    ['A. Ruiz', 0.9],
    ['Ruiz', 0.75],
    ['Ana Ruis', 0.788],
    ['Eva Luna', undefined],
    ['Ana Bell', undefined],
    ['Ana', undefined],
  ];
  for (const [printed, score] of rows) t.equal(matchesOf(printed, [ruiz])[0]?.score, score, printed);
  const outlet = person('Fox News', { kind: 'publisher', family_name: null });
  t.equal(matchesOf('Fox', [outlet])[0]?.score, 0.75);
  t.strictSame(matchesOf('Boston', [person('Boston Globe', { kind: 'publisher', family_name: null })]), []);
});

t.test('a family name that two officials have is nobody’s for sure', async (t) => {
  const two = [person('Ana Ruiz'), person('Eva Ruiz')];
  const matches = matchesOf('Ruiz', two);
  t.strictSame(
    matches.map(({ score }) => score),
    [0.375, 0.375],
  );
  t.equal(sureOf(matches), undefined);
  t.equal(sureOf(matchesOf('Eva Ruiz', two))?.name, 'Eva Ruiz');
});

t.test('a quotation is parted into its sentences', async (t) => {
  const text = '“We lost. Did we? ‘Yes.’ And then 3 of us left.”';
  t.strictSame(
    sentencesOf(text, 1, text.length - 1).map(({ start, end }) => text.slice(start, end)),
    ['We lost.', 'Did we?', '‘Yes.’', 'And then 3 of us left.'],
  );
});

t.test('sentences end where they do', async (t) => {
  const text = 'Mr. Bell met Gov. Ruiz on Nov. 3 in the U.S. capital. It rained. it poured\nAnd then?  Yes.';
  const { words, sentences } = passageOf(text, []);
  t.strictSame(
    sentences.map((at) => words[at]?.text),
    ['Mr', 'It', 'And', 'Yes'],
  );
});
