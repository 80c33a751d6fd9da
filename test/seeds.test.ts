import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { readSeeds } from '../src/exchange/seeds.ts';
import { wordsOf } from '../src/features/wording.ts';
import { kinds } from '../src/model/kinds.ts';
import { seed } from '../src/start.ts';
import { readingApp, type TestApp, testApp } from './helper.ts';

type Content = Readonly<Record<string, unknown>>;

/** Slugs that the plan fixed. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  jurisdictions: `united-states california massachusetts new-york los-angeles los-angeles-unified boston
    new-york-city`.split(/\s+/),
  organizations: `los-angeles-city-council los-angeles-mayors-office lausd-board-of-education
    us-immigration-and-customs-enforcement`.split(/\s+/),
  publishers: ['bbc-news', 'cbs-news', 'fox-news', 'los-angeles-times'],
  officials: ['donald-trump', 'tom-homan', 'karen-bass', 'nithya-raman', 'jackie-goldberg'],
  policies: `los-angeles-sanctuary-city-ordinance los-angeles-2019-executive-order lausd-emergency-resolutions
    boston-noncooperation-pledge new-york-city-noncooperation-pledge federal-school-enrollment-duty
    california-student-status-inquiry-ban federal-mass-deportation-plan`.split(/\s+/),
  topics: ['immigration', 'sanctuary-policy', 'education', 'lgbtq-rights', 'data-privacy'],
};

/** Each statement: what the rule makes of its reports, and how many reports there are. */
const statements: Readonly<Record<string, readonly [agreement: string, reports: number]>> = {
  'homan-get-the-hell-out-of-the-way': ['corroborated', 2],
  'homan-nothing-will-stop-deportations': ['conflicting', 2],
  'homan-with-you-or-without-you': ['variant', 2],
  'homan-sanctuary-no-obstacle': ['corroborated', 2],
  'raman-no-city-resources': ['variant', 2],
  'goldberg-not-running-in-fear': ['variant', 2],
  'goldberg-on-incoming-president': ['single_source', 1],
  'trump-mass-deportations': ['corroborated', 2],
  'lausd-commitment-text': ['single_source', 1],
  'lausd-presidential-vote-text': ['single_source', 1],
};

/** What each place does, so that the places can stand side by side: policy, measure, effect. */
const compared: readonly (readonly [policy: string, measure: string, effect: string])[] = [
  ['los-angeles-sanctuary-city-ordinance', 'no-local-resources-for-immigration-enforcement', 'prohibits'],
  ['los-angeles-sanctuary-city-ordinance', 'no-access-to-city-facilities', 'prohibits'],
  ['los-angeles-sanctuary-city-ordinance', 'no-cooperation-with-immigration-agents', 'prohibits'],
  ['los-angeles-sanctuary-city-ordinance', 'limits-on-data-sharing', 'limits'],
  ['boston-noncooperation-pledge', 'no-local-resources-for-immigration-enforcement', 'declares'],
  ['new-york-city-noncooperation-pledge', 'no-local-resources-for-immigration-enforcement', 'declares'],
  ['lausd-sanctuary-resolution', 'sanctuary-declaration', 'declares'],
  ['lausd-sanctuary-resolution', 'sanctuary-for-lgbtq-students', 'declares'],
  ['lausd-commitment-resolution', 'commitment-to-immigrant-school-community', 'declares'],
  ['lausd-teacher-training', 'staff-training-on-immigration-authorities', 'establishes'],
  ['california-student-status-inquiry-ban', 'no-status-questions-to-students', 'prohibits'],
  ['federal-school-enrollment-duty', 'enrollment-of-every-student', 'requires'],
  ['federal-mass-deportation-plan', 'mass-deportation', 'other'],
];

const FIRST = 'los-angeles-sanctuary-first-story';
const documents: Readonly<Record<string, string>> = {
  [FIRST]: '000_6c7c43ad46f1717c.txt',
  'los-angeles-sanctuary-second-story': '002_381b61feaec4d713.txt',
};

function yaml(path: string): Content[] {
  return parse(readFileSync(join('seeds', `${path}.yaml`), 'utf8'));
}

/** A document as its code points, or undefined where it is not beside the checkout. */
function documentOf(key: string): string[] | undefined {
  const file = join('..', 'shared', 'seeds', documents[key] as string);
  return existsSync(file) ? [...readFileSync(file, 'utf8')] : undefined;
}

/** Every record of a list, page by page. */
async function crawl({ call }: TestApp, url: string): Promise<Content[]> {
  const found: Content[] = [];
  let next: string | null = url;
  for (let page = 0; next !== null && page < 50; page += 1) {
    const { body } = await call('GET', next);
    found.push(...body.data);
    next = body.links.next;
  }
  return found;
}

async function revision({ call }: TestApp): Promise<number> {
  return (await call('GET', '/v1/topics?limit=1')).body.meta.revision;
}

t.test('loading the seeds twice leaves everything where it was', async (t) => {
  const app = await testApp(t, 'seeded');
  const before = await revision(app);
  for (const [kind, { created, updated }] of await seed(app.app))
    t.same({ created, updated }, { created: 0, updated: 0 }, kind);
  t.equal(await revision(app), before);
});

t.test('every record of the seeds is served, and no two of them are one', async (t) => {
  const app = await readingApp(t);
  const records = [...readSeeds('seeds')];
  t.equal(new Set(records.map(({ id }) => id)).size, records.length);
  for (const kind of kinds.filter(({ kept }) => !kept)) {
    const served = await crawl(app, `/v1/${kind.path}?limit=200`);
    const seeded = records.filter((record) => record.kind === kind.name);
    t.same(served.map(({ id }) => id).sort(), seeded.map(({ id }) => id).sort(), kind.path);
    t.equal(seeded.length, yaml(kind.path).length, `${kind.path}: as many as in the file`);
  }
});

t.test('the names that were fixed are there', async (t) => {
  const { call } = await readingApp(t);
  for (const [path, slugs] of Object.entries(fixed)) {
    for (const slug of slugs)
      t.match(await call('GET', `/v1/${path}/${slug}`), { status: 200, body: { slug } });
  }
});

t.test('the misprinted names are evidence of a lower rank, and other names with a note', async (t) => {
  const { call } = await readingApp(t);
  const misprints = { 'tom-homan': 'Tim Homan', 'jackie-goldberg': 'Jackie Gould … Berg' };
  for (const [slug, printed] of Object.entries(misprints)) {
    const { body } = await call('GET', `/v1/officials/${slug}?include=citations.source`);
    t.not(body.name, printed);
    const other = body.other_names.find(({ name }: Content) => name === printed);
    t.match(other?.note, /misprint/, printed);
    const cited = body.citations.data.filter(({ value }: Content) => value === printed);
    t.match(cited, [{ field: '/name', rank: 'deprecated', source: { slug: FIRST } }], printed);
    const right = body.citations.data.filter(
      ({ field, value }: Content) => field === '/name' && value === body.name,
    );
    t.ok(right.length > 0 && right.every(({ rank }: Content) => rank !== 'deprecated'), body.name);
  }
});

t.test(
  'each statement has a report for each story, as printed, and the agreement the rule gives',
  async (t) => {
    const app = await readingApp(t);
    const found = await crawl(app, '/v1/statements?include=reports.source&limit=50');
    t.same(found.map(({ slug }) => slug).sort(), Object.keys(statements).sort());
    const printed = new Map(yaml('statement-reports').map((report) => [report.key, report]));
    for (const { slug, agreement, report_count, publisher_count, reports } of found) {
      const [expected, count] = statements[slug as string] ?? ['', 0];
      t.same(
        { agreement, report_count, publisher_count },
        { agreement: expected, report_count: count, publisher_count: count },
        String(slug),
      );
      const { data } = reports as {
        data: { identifiers: { identifier: string }[]; quoted_text: string | null }[];
      };
      t.equal(data.length, count);
      for (const { identifiers, quoted_text } of data) {
        const key = identifiers[0]?.identifier;
        t.equal(quoted_text, printed.get(key)?.quoted_text ?? null, `${key} is read back to the letter`);
      }
    }
  },
);

t.test('the places can be laid side by side, measure by measure', async (t) => {
  const app = await readingApp(t);
  const provisions = await crawl(app, '/v1/provisions?include=policy,measure&limit=200');
  const rows = provisions.map(({ policy, measure, effect }) => {
    return [(policy as Content).slug, (measure as Content | null)?.slug, effect].join(' ');
  });
  for (const row of compared) t.ok(rows.includes(row.join(' ')), row.join(' '));
  t.ok(
    provisions.every(({ measure }) => measure !== null),
    'every provision has its measure',
  );
});

t.test('every record has evidence, and every piece of evidence lies inside its source', async (t) => {
  const app = await readingApp(t);
  const lengths = new Map((await crawl(app, '/v1/sources')).map(({ id, length }) => [id, length as number]));
  const citations = await crawl(app, '/v1/citations?limit=200');
  const reports = await crawl(app, '/v1/statement-reports?limit=200');
  const outside = [...citations, ...reports].filter(({ selector, source_id }) => {
    const { start, end } = (selector ?? {}) as { start?: number; end?: number };
    return start === undefined || end === undefined || start >= end || end > (lengths.get(source_id) ?? 0);
  });
  t.same(outside, []);
  const cited = new Set(citations.map(({ record_id }) => record_id));
  for (const kind of kinds.filter(({ name, kept }) => !kept && !['citation', 'source'].includes(name))) {
    const records = await crawl(app, `/v1/${kind.path}?limit=200`);
    const bare = records.filter(({ id }) => !cited.has(id)).map(({ id, slug }) => slug ?? id);
    t.same(bare, [], kind.path);
  }
});

t.test('words are quoted of officials and resolutions only', async (t) => {
  const app = await readingApp(t);
  const citations = await crawl(app, '/v1/citations?limit=200');
  const quoting = citations.filter(({ selector }) => (selector as Content | null)?.exact);
  t.ok(quoting.length > 0);
  for (const { record_type, field } of quoting)
    t.ok(['statement', 'statement_report'].includes(String(record_type)), `${record_type} ${field}`);
});

/** Checks that need the documents, which are not ours to publish; without them it only says so. */
function withDocuments(name: string, work: (t: Test, texts: ReadonlyMap<string, string[]>) => void): void {
  const texts = new Map(Object.keys(documents).map((key) => [key, documentOf(key)]));
  const missing = [...texts].filter(([, text]) => text === undefined).map(([key]) => documents[key]);
  if (missing.length > 0) t.comment(`not checked, as ${missing.join(' and ')} is not here: ${name}`);
  else t.test(name, async (t) => work(t, texts as Map<string, string[]>));
}

withDocuments('sources are the documents they say they are', (t, texts) => {
  for (const { key, sha256, length } of yaml('sources')) {
    const text = texts.get(String(key)) as string[];
    t.equal(createHash('sha256').update(text.join('')).digest('hex'), sha256, String(key));
    t.equal(text.length, length, `${key} in code points`);
  }
});

withDocuments(
  'what is quoted stands there, to the letter, and every anchor holds whole paragraphs or a quotation',
  (t, texts) => {
    for (const { key, record_id, field, source_id, selector } of [
      ...yaml('citations'),
      ...yaml('statement-reports'),
    ]) {
      const { exact, start, end } = selector as { exact?: string; start: number; end: number };
      const text = texts.get(String(source_id)) as string[];
      const name = `${key ?? `${record_id} ${field}`} in ${source_id} ${start}–${end}`;
      if (exact !== undefined) {
        t.equal(text.slice(start, end).join(''), exact, name);
        continue;
      }
      t.ok(start === 0 || text[start - 1] === '\n', `${name} begins with a paragraph`);
      t.ok(end === text.length || text[end] === '\n', `${name} ends with a paragraph`);
    }
  },
);

withDocuments('outside quotations nothing is copied: no eight words in a row', (t, texts) => {
  const runs = new Set<string>();
  const eights = (text: string) => {
    const words = wordsOf(text);
    return words.slice(0, Math.max(0, words.length - 7)).map((_, at) => words.slice(at, at + 8).join(' '));
  };
  for (const text of texts.values()) for (const run of eights(text.join(''))) runs.add(run);
  t.ok(runs.size > 500, 'there is something to compare with');
  const QUOTED = new Set(['quoted_text', 'exact', 'prefix', 'suffix']);
  const own = (value: unknown, path: string, spoken: boolean): [string, string][] => {
    if (typeof value === 'string') return [[path, value.replace(/“[^”]*”/g, ' | ')]];
    if (value === null || typeof value !== 'object') return [];
    return Object.entries(value)
      .filter(([name]) => !QUOTED.has(name) && !(spoken && (name === 'text' || name === 'value')))
      .flatMap(([name, part]) => own(part, `${path}/${name}`, spoken));
  };
  for (const { path } of kinds.filter(({ kept }) => !kept)) {
    const copied = yaml(path).flatMap((record) => {
      // A statement's text, and the evidence for it, are the speaker's words.
      const spoken =
        path === 'statements' || String(record.field) === '/text' || String(record.field) === '/quoted_text';
      return own(record, String(record.key ?? `${record.record_id} ${record.field}`), spoken).flatMap(
        ([at, text]) =>
          eights(text)
            .filter((run) => runs.has(run))
            .map((run) => `${at}: ${run}`),
      );
    });
    t.same(copied, [], `${path}.yaml`);
  }
});
