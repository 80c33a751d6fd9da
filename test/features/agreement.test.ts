import t from 'tap';
import { agreementOf, PAIRS, type Report } from '../../src/features/agreement-rule.ts';
import { homan, origin, report } from './reports.ts';

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
  ['two wordings of one publisher', 'conflicting', 1, [report('A', 'a b c d'), report('A', 'w x y z')]],
  ['two wordings of one publisher, alike', 'variant', 1, [report('A', 'a b c d'), report('A', 'a b c x')]],
  [
    'a quotation and its translation',
    'single_source',
    2,
    [report('A', 'yes'), report('B', 'sí', { form: 'translation' })],
  ],
  [
    'two translations, each in its own words',
    'corroborated',
    2,
    [
      report('A', 'Yes, we can', { form: 'translation' }),
      report('B', 'It can be done', { form: 'translation' }),
    ],
  ],
  [
    'one wording, and a paraphrase in other words',
    'corroborated',
    3,
    [report('A', 'yes'), report('B', 'Yes!'), report('C', 'that it would do so', { form: 'indirect' })],
  ],
  ['one report taken back', 'retracted', 0, [report('A', 'yes', { standing: 'retracted' })]],
  [
    'all reports taken back',
    'retracted',
    0,
    [report('A', 'yes', { standing: 'retracted' }), report('B', 'no', { standing: 'retracted' })],
  ],
  [
    'one taken back, one no longer found',
    'unsourced',
    0,
    [report('A', 'yes', { standing: 'retracted' }), report('B', 'yes', { standing: 'removed' })],
  ],
  [
    'one that stands beside one taken back',
    'single_source',
    1,
    [report('A', 'yes'), report('B', 'no', { standing: 'retracted' })],
  ],
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
    const live = reports.filter(({ standing }) => standing === 'live').length;
    t.match(found, { agreement, report_count: live, publisher_count: voices }, name);
    t.equal(found.agreement_by_rule, null, `${name}: nothing overrides the rule`);
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

t.test('an editor’s word goes before the rule’s, which is still told', async (t) => {
  const override = { agreement: 'disputed', reason: 'The office says that it was never said.' };
  const found = agreementOf([report('A', 'yes'), report('B', 'Yes!')], homan, override);
  t.same(found, {
    agreement: 'disputed',
    agreement_reason: 'The office says that it was never said.',
    agreement_by_rule: {
      agreement: 'corroborated',
      reason: '2 live reports from 2 independent publishers give the same wording',
    },
    report_count: 2,
    publisher_count: 2,
  });
});

t.test(
  'however many and long the wordings, they are compared in bounded time, in any order alike',
  async (t) => {
    const long = Array.from({ length: 40 }, (_, at) =>
      report(`p${at}`, Array.from({ length: 1000 }, (_, word) => `w${(word * (at + 1)) % 997}`).join(' ')),
    );
    t.ok(40 * 39 * 500_000 > PAIRS, 'all of them with one another would be too much');
    const found = agreementOf(long, homan);
    t.equal(found.agreement, 'conflicting');
    t.same(agreementOf(long.toReversed(), homan), found);
  },
);
