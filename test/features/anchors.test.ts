import fc from 'fast-check';
import t from 'tap';
import { anchor, type Selector } from '../../src/features/anchors.ts';
import { codePointsOf } from '../../src/features/code-points.ts';

const NONE: Selector = { exact: null, prefix: null, suffix: null, start: null, end: null };

/** Two like quotations, an emoji of two code units before them, curly quotes, CRLF and a combining accent. */
const TEXT = 'The 😀 mayor said: “We’re here.”\r\nShe said: “We’re here.” Cafe\u0301 talk.';

t.test('an anchor holds, is corrected, or is refused', async (t) => {
  const rows: [name: string, given: Partial<Selector>, start: number | null, end: number | null][] = [
    ['right offsets, past an emoji that counts once', { exact: 'mayor', start: 6, end: 11 }, 6, 11],
    ['offsets that count the emoji twice', { exact: 'mayor', start: 7, end: 12 }, 6, 11],
    ['no offsets, words that stand once', { exact: 'talk.' }, 63, 68],
    ['no offsets, words that stand twice', { exact: 'We’re here.' }, null, null],
    ['a prefix that one of two places has', { exact: 'We’re here.', prefix: 'She said: “' }, 44, 55],
    [
      'a suffix that one of two places has',
      { exact: 'We’re here.', suffix: '”\r\n', start: 0, end: 1 },
      19,
      30,
    ],
    ['one of two places, by its offsets', { exact: 'We’re here.', start: 44, end: 55 }, 44, 55],
    ['words with a line break of two characters', { exact: '.”\r\nShe' }, 29, 36],
    ['a combining accent, which counts', { exact: 'Cafe\u0301' }, 57, 62],
    ['offsets alone', { start: 4, end: 5 }, 4, 5],
    [
      'offsets alone with what stands around them',
      { start: 6, end: 11, prefix: '😀 ', suffix: ' said' },
      6,
      11,
    ],
    ['an empty stretch at the end', { start: 68, end: 68 }, 68, 68],
    ['nothing at all', {}, null, null],
  ];
  for (const [name, given, start, end] of rows)
    t.same(anchor(TEXT, { ...NONE, ...given }), { found: true, start, end }, name);
});

t.test('what does not hold names its member and the nearest words', async (t) => {
  const rows: [
    name: string,
    given: Partial<Selector>,
    member: string,
    nearest: string | undefined,
    at?: number,
  ][] = [
    ['straight quotes for curly ones', { exact: "We're here." }, 'exact', 'We’re here.', 19],
    [
      'a composed accent for a combining one',
      { exact: '“We’re here.” Café' },
      'exact',
      '“We’re here.” Cafe\u0301',
    ],
    ['a line break of one character', { exact: 'here.”\nShe said' }, 'exact', 'here.”\r\nShe said', 25],
    ['words that are not there at all', { exact: 'zzzzzzzzzzzz' }, 'exact', undefined],
    [
      'wrong offsets of words that stand twice',
      { exact: 'We’re here.', start: 40, end: 51 },
      'start',
      'We’re here.',
      44,
    ],
    [
      'a prefix that does not stand before',
      { exact: 'talk.', prefix: 'tea ' },
      'prefix',
      'She said: “We’re here.” Cafe\u0301 talk.',
    ],
    ['a suffix that does not stand after', { exact: 'mayor', suffix: '!' }, 'suffix', undefined],
    ['offsets past the end', { start: 60, end: 69 }, 'end', undefined],
    ['offsets with another prefix', { start: 6, end: 11, prefix: 'x' }, 'prefix', undefined],
  ];
  for (const [name, given, member, nearest, at] of rows) {
    const found = anchor(TEXT, { ...NONE, ...given });
    t.match(found, { found: false, member }, name);
    if (nearest)
      t.ok(!found.found && found.nearest?.exact.includes(nearest.slice(0, 12)), `${name}: nearest`, found);
    if (at !== undefined) t.match(found, { nearest: { start: at } }, `${name}: where`);
    const shown = found.found ? undefined : found.nearest;
    if (shown)
      t.equal(
        [...TEXT].slice(shown.start, shown.end).join(''),
        shown.exact,
        `${name}: its offsets are right`,
      );
  }
});

const texts = fc.array(fc.constantFrom('a', 'b', '😀', 'e\u0301', '“', '\r\n', ' ', '🏛️'), { maxLength: 40 });

t.test('offsets are code points, whatever the text', async () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), (parts, a, b) => {
      const text = parts.join('');
      const points = [...text];
      const all = codePointsOf(text);
      if (all.length !== points.length) return false;
      const [start, end] = [a % (points.length + 1), b % (points.length + 1)].sort((x, y) => x - y) as [
        number,
        number,
      ];
      const exact = points.slice(start, end).join('');
      if (all.ofUnit(all.toUnit(start)) !== start) return false;
      if (text.slice(all.toUnit(start), all.toUnit(end)) !== exact) return false;
      const context = { prefix: points.slice(0, start).join(''), suffix: points.slice(end).join('') };
      const found = anchor(text, { ...NONE, ...context, exact, start: 0, end: 0 });
      // With all that stands around it, a stretch can be nowhere else.
      return exact === '' || (found.found && found.start === start && found.end === end);
    }),
  );
});

t.test('what is found is the quotation, and nothing else is', async () => {
  fc.assert(
    fc.property(texts, texts, (parts, wanted) => {
      const [text, exact] = [parts.join(''), wanted.join('')];
      const found = anchor(text, { ...NONE, exact, start: 0, end: exact === '' ? 0 : 1 });
      if (!found.found) return found.nearest !== undefined || !text.includes(exact);
      return [...text].slice(found.start ?? 0, found.end ?? 0).join('') === exact;
    }),
  );
});
