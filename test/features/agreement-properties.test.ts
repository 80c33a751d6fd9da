import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { agreementOf, type Origin, type Report } from '../../src/features/agreement-rule.ts';
import { homan, report } from './reports.ts';

const publisher = fc.constantFrom('A', 'B', 'C');
const anyOrigin = fc.record({
  source_id: fc.constantFrom('1', '2', '3', '4'),
  publisher_id: fc.option(publisher),
  owner_group: fc.option(fc.constantFrom('G', 'H'), { freq: 3 }),
});
const anyReport: fc.Arbitrary<Report> = fc.record({
  origins: fc.array(anyOrigin, { minLength: 1, maxLength: 3 }),
  form: fc.constantFrom('verbatim', 'verbatim', 'partial', 'headline', 'paraphrase', 'translation'),
  standing: fc.constantFrom('live', 'live', 'live', 'retracted', 'removed'),
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

t.test('case and quote marks never matter', async (t) => {
  const marks = fc.constantFrom('“”', '‘’', '""', "''", '«»', '„“', '');
  const cases = fc.constantFrom<(text: string) => string>(
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text,
  );
  const words = fc.oneof(
    fc.constantFrom('yes we can', 'Yes, we can!', 'yes we cannot', 'no', 'yes … can', 'straße', 'ΟΔΟΣ'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  );
  const reports = fc.array(fc.tuple(anyReport, words), { maxLength: 4 });
  const restyled = reports.chain((list) =>
    fc.tuple(fc.constant(list), fc.array(fc.tuple(marks, cases), { minLength: 4, maxLength: 4 })),
  );
  fc.assert(
    fc.property(restyled, ([list, styles]) => {
      const plain = list.map(([one, quoted_text]) => ({ ...one, quoted_text }));
      const styled = plain.map((one, at) => {
        const [[open = '', close = ''] = '', restyle] = styles[at] as [string, (text: string) => string];
        return { ...one, quoted_text: `${open}${restyle(one.quoted_text)}${close}` };
      });
      return isDeepStrictEqual(agreementOf(plain, homan), agreementOf(styled, homan));
    }),
    { numRuns: 1000 },
  );
  t.pass('on random reports');
});

t.test(
  'a copy of a report never raises the agreement, and changes nothing but the count of reports',
  async (t) => {
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
        const { agreement_reason: _, ...found } = after;
        const { agreement_reason: __, ...same } = before;
        const live = copied.standing === 'live' ? 1 : 0;
        return isDeepStrictEqual(found, { ...same, report_count: same.report_count + live });
      }),
      { numRuns: 1000 },
    );
    t.pass('on random reports');
  },
);

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
