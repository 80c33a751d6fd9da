/** A bill as a policy, with its topics; what hangs on it stands in bill-parts.ts. */
import type { BundleRecord, Place, Read } from '../import/record.ts';
import { partsOf } from './bill-parts.ts';
import { dayOf, linksOf, said, wordsOf } from './facts.ts';
import { distinct, ocdReference } from './keys.ts';
import type { Bill } from './schemas.ts';
import { billKey, record, type Scrape, unplaced } from './scrape.ts';
import { standingOf } from './standing.ts';
import { policyTypeOf } from './words.ts';

/** Most topics a policy has, and longest text of a field, in characters. */
const TOPICS = 100;
const LONGEST = 20_000;

/** The policy that a bill is, and its parts. */
export function* billRecords(place: Place, data: Bill, scrape: Scrape): Generator<Read> {
  const key = billKey(scrape, data.legislative_session, data.identifier);
  const classification = wordsOf(data.classification);
  const subjects = subjectsOf(data);
  const { links, others } = linksOf([...(data.sources ?? []), ...(data.links ?? [])], () => 'legislation');
  const { short, rest } = titlesOf(data);
  const { law, more } = lawOf(data);
  const { summary, tooLong } = summaryOf(data);
  const ocd = ocdReference(data.id ?? data._id);
  yield record('policy', place, {
    type: policyTypeOf(classification),
    type_raw: said(classification.join(', ')),
    identifier: data.identifier,
    title: data.title,
    short_title: short,
    summary,
    jurisdiction_id: scrape.jurisdiction,
    organization_id: scrape.organizations.reference(data.from_organization),
    session: data.legislative_session,
    ...standingOf(data, scrape),
    law_number: law?.citation,
    effective_on: dayOf(law?.effective),
    expires_on: dayOf(law?.expires),
    topics: subjects.slice(0, TOPICS).map(topicReference),
    identifiers: distinct([...(ocd ? [ocd] : []), key]),
    links: links.slice(0, TOPICS),
  });
  yield* unplaced('policy', place, {
    addresses: [...others, ...links.slice(TOPICS).map(({ url }) => url)],
    subjects: subjects.slice(TOPICS),
    'other titles': rest,
    'other identifiers': (data.other_identifiers ?? []).map(({ identifier }) => identifier),
    citations: more,
    abstracts: tooLong,
  });
  yield* partsOf(place, data, key, scrape);
}

/** The name of a subject among the topics: places that file under one word file under one topic. */
const topicReference = (subject: string) => ({
  scheme: 'ocd-subject',
  identifier: subject.slice(0, 500).toWellFormed(),
});

/** The subjects of a bill, each once. */
function subjectsOf({ subject }: Bill): string[] {
  const all = (subject ?? []).map((one) => one.trim().replace(/\s+/g, ' ')).filter(Boolean);
  return [...new Map(all.map((one) => [topicReference(one).identifier, one])).values()];
}

/** The topics of a bill that were not met before. */
export function* topicRecords(place: Place, data: Bill, met: Set<string>): Generator<BundleRecord> {
  for (const subject of subjectsOf(data)) {
    const reference = topicReference(subject);
    if (met.has(reference.identifier)) continue;
    met.add(reference.identifier);
    yield record('topic', place, { name: subject, identifiers: [reference] });
  }
}

const SHORT = /short|popular|common|caption/i;

/** The title a bill is commonly called by, where one of its other titles says that it is, and the rest of them. */
function titlesOf({ title, other_titles }: Bill): {
  readonly short?: string | undefined;
  readonly rest: string[];
} {
  const others = (other_titles ?? []).filter((one) => one.title !== title);
  const short = others.find((one) => SHORT.test(one.note ?? '') && one.title.length <= 1000);
  return { short: short?.title, rest: others.filter((one) => one !== short).map((one) => one.title) };
}

type Citation = NonNullable<Bill['citations']>[number];

/** The law that a bill became, by the citation that is final, and the other citations. */
function lawOf({ citations }: Bill): { readonly law?: Citation | undefined; readonly more: string[] } {
  const all = citations ?? [];
  const law = all.find(
    ({ citation_type, citation }) => /final|chapter/.test(citation_type ?? '') && citation.length <= 200,
  );
  return { law, more: all.filter((one) => one !== law).map(({ citation }) => citation) };
}

/** What a bill does: its abstracts, one after another. */
function summaryOf({ abstracts }: Bill): {
  readonly summary?: string | undefined;
  readonly tooLong: string[];
} {
  const texts = [...new Set((abstracts ?? []).map(({ abstract }) => abstract))];
  const whole = texts.join('\n\n');
  if (whole.length <= LONGEST) return { summary: said(whole), tooLong: [] };
  return { tooLong: texts };
}
