import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { recordId } from '../../src/exchange/seeds.ts';
import { originOf } from '../../src/features/suggest/origin.ts';
import { type Suggestions, suggest } from '../../src/features/suggest/suggest.ts';
import { kindNamed } from '../../src/model/kinds.ts';
import { type TestApp, testApp } from '../helper.ts';

interface Quotation {
  /** The official’s name, or what the print calls a document. */
  readonly speaker: string;
  readonly pieces: readonly { readonly start: number; readonly end: number; readonly sha256: string }[];
}

/** Every direct quotation of both documents, found by reading them: where it stands, and who said it. */
const truth: Readonly<Record<string, readonly Quotation[]>> = JSON.parse(
  readFileSync('test/fixtures/seed-quotations.json', 'utf8'),
);
const sources: Readonly<Record<string, string>> = {
  '000_6c7c43ad46f1717c.txt': 'los-angeles-sanctuary-first-story',
  '002_381b61feaec4d713.txt': 'los-angeles-sanctuary-second-story',
};

/** A document of the seeds; undefined, with a note, where it is not beside the checkout. */
function documentOf(t: { comment(line: string): void }, file: string): string | undefined {
  const path = join('..', 'shared', 'seeds', file);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  t.comment(`${path} is not here: what depends on its text is not checked`);
  return undefined;
}

async function suggested({ db }: TestApp, text: string): Promise<Suggestions> {
  return db.read(async (session) => {
    const origin = await originOf(session, db, text);
    return suggest(session, db, text, origin ?? { id: null, published_on: null, language: null });
  });
}

function found({ quotations }: Suggestions) {
  return quotations.map(({ pieces, speaker }) => ({
    speaker: speaker?.matches[0]?.name ?? speaker?.as_printed,
    pieces: pieces.map(({ start, end, exact }) => ({
      start,
      end,
      sha256: createHash('sha256').update(exact, 'utf8').digest('hex'),
    })),
  }));
}

for (const [file, quotations] of Object.entries(truth)) {
  t.test(`${file}: every direct quotation is found with its speaker, and nothing else is`, async (t) => {
    const text = documentOf(t, file);
    if (text === undefined) return;
    const suggestions = await suggested(await testApp(t, 'seeded'), text);
    t.strictSame(found(suggestions), quotations);
    t.equal(
      suggestions.meta.source_id,
      recordId(kindNamed('source'), sources[file] as string),
      'its source is told by its hash',
    );
  });

  t.test(`${file}: what the seeds have of it is suggested: reports, statements, outlets, days`, async (t) => {
    const text = documentOf(t, file);
    if (text === undefined) return;
    const { quotations: all } = await suggested(await testApp(t, 'seeded'), text);
    const reports = parse(readFileSync('seeds/statement-reports.yaml', 'utf8')).filter(
      (report: { source_id: string; quoted_text?: string }) =>
        report.source_id === sources[file] && report.quoted_text,
    );
    t.ok(reports.length >= 5);
    const bodies = all.flatMap(({ body, parts }) =>
      parts.length > 0 ? parts.map((part) => part.body) : [body],
    );
    t.equal(bodies.length, reports.length);
    for (const [at, report] of reports.sort(byPlace).entries()) {
      const body = bodies[at] as Record<string, unknown>;
      const expected = {
        statement_id: recordId(kindNamed('statement'), report.statement_id),
        quoted_text: report.quoted_text,
        speaker_as_printed: report.speaker_as_printed,
        form: report.form,
      };
      t.match(body, expected, report.key);
      // One report’s day and outlet are those of the quotation before it, which only an editor can know.
      if (report.key === 'homan-with-you-or-without-you-first-story') continue;
      const outlet = report.outlet_id && recordId(kindNamed('publisher'), report.outlet_id);
      t.strictSame([body.outlet_id, body.said_on], [outlet, report.said_on], report.key);
    }
  });
}

function byPlace(a: { selector: { start: number } }, b: { selector: { start: number } }): number {
  return a.selector.start - b.selector.start;
}

t.test('people and bodies of both documents are told from one another, misprints too', async (t) => {
  const expected: Readonly<
    Record<string, readonly (readonly [sort: 'people' | 'bodies', printed: string, slug: string | null])[]>
  > = {
    '000_6c7c43ad46f1717c.txt': [
      ['people', 'Donald Trump', 'donald-trump'],
      ['people', 'Tim Homan', 'tom-homan'],
      ['people', 'Tom Homan', 'tom-homan'],
      ['people', 'Karen Bass', 'karen-bass'],
      ['people', 'Nithya Raman', 'nithya-raman'],
      ['people', 'Jackie Gould … Berg', 'jackie-goldberg'],
      ['bodies', 'White House', null],
      ['bodies', 'Fox', 'fox-news'],
      ['bodies', 'CBS News', 'cbs-news'],
      ['bodies', 'BBC', 'bbc-news'],
      ['bodies', 'LA Times', 'los-angeles-times'],
    ],
    '002_381b61feaec4d713.txt': [
      ['people', 'Donald Trump', 'donald-trump'],
      ['people', 'Nithya Raman', 'nithya-raman'],
      ['people', 'Karen Bass', 'karen-bass'],
      ['people', 'Jackie Goldberg', 'jackie-goldberg'],
      ['people', 'Tom Homan', 'tom-homan'],
      ['bodies', 'Trump administration', 'trump-administration'],
    ],
  };
  for (const [file, rows] of Object.entries(expected)) {
    const text = documentOf(t, file);
    if (text === undefined) continue;
    const suggestions = await suggested(await testApp(t, 'seeded'), text);
    const names = (['people', 'bodies'] as const).flatMap((sort) =>
      suggestions[sort].map(
        ({ as_printed, matches }) => [sort, as_printed, matches[0]?.slug ?? null] as const,
      ),
    );
    t.strictSame(names, rows, file);
  }
});

t.test('without a tracker that knows anybody the speakers are those that are printed', async (t) => {
  for (const [file, quotations] of Object.entries(truth)) {
    const text = documentOf(t, file);
    if (text === undefined) continue;
    const suggestions = await suggested(await testApp(t, 'empty'), text);
    const printed = found(suggestions).map(({ speaker }) => speaker);
    t.equal(printed.length, quotations.length);
    const family = (name: string | undefined) => name?.split(' ').at(-1)?.toLowerCase();
    for (const [at, { speaker }] of quotations.entries()) {
      // Of the name that is broken in the print, the last piece is left.
      const wanted = file.startsWith('000') && speaker === 'Jackie Goldberg' ? 'berg' : family(speaker);
      t.equal(family(printed[at]), wanted);
    }
  }
});
