import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { agreementOf, type Origin, type Report } from '../../src/features/agreement-rule.ts';

const homan = { names: ['Tom Homan', 'Tim Homan'], family_name: 'Homan', titles: ['border czar'] };

function origin(name: string, more: Partial<Origin> = {}): Origin {
  return { source_id: `story of ${name}`, publisher_id: name, owner_group: null, ...more };
}

function report(publisher: string, quoted_text: string | null, more: Partial<Report> = {}): Report {
  return { origins: [origin(publisher)], quoted_text, said_on: null, speaker_as_printed: null, ...more };
}

type Case = readonly [name: string, agreement: string, voices: number, reports: readonly Report[]];

const cases: readonly Case[] = [
  ['no report', 'unsourced', 0, []],
  ['one report', 'single_source', 1, [report('A', 'yes')]],
  ['one paraphrase', 'single_source', 1, [report('A', null)]],
  ['two with one wording', 'corroborated', 2, [report('A', 'Yes, we can.'), report('B', '“yes we can”')]],
  ['two paraphrases', 'corroborated', 2, [report('A', null), report('B', null)]],
  ['a quotation and a paraphrase', 'single_source', 2, [report('A', 'yes'), report('B', null)]],
  [
    'two quotations of one publisher and a paraphrase of another',
    'single_source',
    2,
    [
      report('A', 'yes'),
      report('A', 'yes', { origins: [origin('A', { source_id: '2' })] }),
      report('B', null),
    ],
  ],
  [
    'two with one wording and a paraphrase',
    'corroborated',
    3,
    [report('A', 'yes'), report('B', 'yes'), report('C', null)],
  ],
  ['one publisher twice', 'single_source', 1, [report('A', 'yes'), report('A', 'yes')]],
  [
    'one owner, however it is typed',
    'single_source',
    1,
    [
      report('A', 'yes', { origins: [origin('A', { owner_group: 'News Group' })] }),
      report('B', 'yes', { origins: [origin('B', { owner_group: 'news group ' })] }),
    ],
  ],
  [
    'a story made from the other',
    'single_source',
    1,
    [report('A', 'yes'), report('B', 'yes', { origins: [origin('B'), origin('A')] })],
  ],
  [
    'two stories made from a third that is not reported',
    'single_source',
    1,
    [
      report('A', 'yes', { origins: [origin('A'), origin('wire')] }),
      report('B', 'yes', { origins: [origin('B'), origin('wire')] }),
    ],
  ],
  [
    'a story made from a third that was made from the other',
    'single_source',
    1,
    [report('A', 'yes'), report('B', 'yes', { origins: [origin('B'), origin('C'), origin('A')] })],
  ],
  [
    'two stories made from different ones of one agency',
    'single_source',
    1,
    [
      report('A', 'yes', { origins: [origin('A'), origin('wire', { source_id: '1' })] }),
      report('B', 'yes', { origins: [origin('B'), origin('wire', { source_id: '2' })] }),
    ],
  ],
  [
    'two stories of unknown publishers',
    'corroborated',
    2,
    [
      report('A', 'yes', { origins: [origin('A', { publisher_id: null })] }),
      report('B', 'yes', { origins: [origin('B', { publisher_id: null })] }),
    ],
  ],
  ['most words shared', 'variant', 2, [report('A', 'a b c d'), report('B', 'a b c x')]],
  ['half the words shared', 'conflicting', 2, [report('A', 'a b c d'), report('B', 'a b x y')]],
  ['hardly a word shared', 'conflicting', 2, [report('A', 'a b c d'), report('B', 'w x y z')]],
  ['a part of the other', 'variant', 2, [report('A', 'a b c d e f'), report('B', 'e')]],
  ['pieces of the other in order', 'variant', 2, [report('A', 'a b c d e f'), report('B', 'a … f')]],
  ['pieces of the other out of order', 'conflicting', 2, [report('A', 'a b c d e f'), report('B', 'f … a')]],
  [
    'three of which two conflict',
    'conflicting',
    3,
    [report('A', 'a b c d'), report('B', 'a b c'), report('C', 'x y z')],
  ],
  ['one wording whole, one with words left out', 'variant', 2, [report('A', 'a b'), report('B', 'a … b')]],
  [
    'different days',
    'conflicting',
    2,
    [report('A', 'yes', { said_on: '2024-11-11' }), report('B', 'yes', { said_on: '2024-11-12' })],
  ],
  [
    'a day and its month',
    'corroborated',
    2,
    [report('A', 'yes', { said_on: '2024-11-11' }), report('B', 'yes', { said_on: '2024-11' })],
  ],
  ['a day and none', 'corroborated', 2, [report('A', 'yes', { said_on: '2024-11-11' }), report('B', 'yes')]],
  [
    'a misprint of the name that is known',
    'corroborated',
    2,
    [
      report('A', 'yes', { speaker_as_printed: 'Tim Homan' }),
      report('B', 'yes', { speaker_as_printed: 'Homan' }),
    ],
  ],
  [
    'different speakers',
    'conflicting',
    2,
    [
      report('A', 'yes', { speaker_as_printed: 'Jane Doe' }),
      report('B', 'yes', { speaker_as_printed: 'Homan' }),
    ],
  ],
];

t.test('each agreement word has its cases', async (t) => {
  for (const [name, agreement, voices, reports] of cases) {
    const found = agreementOf(reports, homan);
    t.match(found, { agreement, report_count: reports.length, publisher_count: voices }, name);
    t.ok(found.agreement_reason, `${name}: the reason is told`);
  }
});

t.test('the reason names what clashes', async (t) => {
  const [a, b] = [
    report('A', 'yes', { said_on: '2024-11-12' }),
    report('B', 'yes', { said_on: '2024-11-11' }),
  ];
  t.match(agreementOf([a, b], homan).agreement_reason, /different dates: 2024-11-11, 2024-11-12$/);
  const [c, d] = [
    report('A', 'yes', { speaker_as_printed: 'Tom Homan' }),
    report('B', 'yes', { speaker_as_printed: 'Jane Doe' }),
  ];
  t.match(agreementOf([c, d], homan).agreement_reason, /different speakers: Jane Doe, Tom Homan$/);
});

const publisher = fc.constantFrom('A', 'B', 'C');
const anyOrigin = fc.record({
  source_id: fc.constantFrom('1', '2', '3', '4'),
  publisher_id: fc.option(publisher),
  owner_group: fc.option(fc.constantFrom('G', 'H'), { freq: 3 }),
});
const anyReport: fc.Arbitrary<Report> = fc.record({
  origins: fc.array(anyOrigin, { minLength: 1, maxLength: 3 }),
  quoted_text: fc.option(
    fc.constantFrom('yes we can', 'Yes, we can!', 'yes we cannot', 'no', 'yes … can', '…'),
  ),
  said_on: fc.option(fc.constantFrom('2024', '2024-11', '2024-11-11', '2023'), { freq: 2 }),
  speaker_as_printed: fc.option(fc.constantFrom('Homan', 'Tom Homan', 'Jane Doe', 'he'), { freq: 2 }),
});
const anyReports = fc.array(anyReport, { maxLength: 5 });

t.test('the order of the reports never matters', async (t) => {
  const shuffled = anyReports.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([a, b]) => isDeepStrictEqual(agreementOf(a, homan), agreementOf(b, homan))),
    { numRuns: 1000 },
  );
  t.pass('on random reports');
});

t.test('a copy of a report changes nothing but the count of reports', async (t) => {
  const some = fc.array(anyReport, { minLength: 1, maxLength: 4 });
  const copies = some.chain((list) => fc.tuple(fc.constant(list), fc.constantFrom(...list)));
  fc.assert(
    fc.property(copies, fc.constantFrom('same publisher', 'made from it'), ([reports, copied], how) => {
      const [first] = copied.origins as [Origin];
      const own: Origin =
        how === 'same publisher' && first.publisher_id !== null
          ? { ...first, source_id: 'copy' }
          : { source_id: 'copy', publisher_id: null, owner_group: null };
      const copy = { ...copied, origins: own.publisher_id === null ? [own, ...copied.origins] : [own] };
      const [before, after] = [agreementOf(reports, homan), agreementOf([...reports, copy], homan)];
      const counted = { report_count: before.report_count + 1, publisher_count: before.publisher_count };
      const { agreement_reason: _, ...found } = after;
      return isDeepStrictEqual(found, { agreement: before.agreement, ...counted });
    }),
    { numRuns: 1000 },
  );
  t.pass('on random reports');
});

t.test('corroboration takes equal words of two independent publishers', async (t) => {
  const agreed = fc.array(
    fc.record({
      publisher: fc.constantFrom('A', 'B', 'C'),
      quoted_text: fc.option(fc.constantFrom('yes we can', 'Yes, we can!'), { freq: 2 }),
    }),
    { minLength: 2, maxLength: 4 },
  );
  fc.assert(
    fc.property(agreed, (given) => {
      const { agreement } = agreementOf(
        given.map(({ publisher, quoted_text }) => report(publisher, quoted_text)),
        homan,
      );
      const quoting = given.filter(({ quoted_text }) => quoted_text !== null);
      const heard = new Set((quoting.length > 0 ? quoting : given).map((one) => one.publisher));
      return agreement === (heard.size > 1 ? 'corroborated' : 'single_source');
    }),
    { numRuns: 500 },
  );
  t.pass('on random reports');
});
