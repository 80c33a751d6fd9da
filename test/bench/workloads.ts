/** What is asked of each program: the same requests of the service and of the limits, found in the database itself. */
import { wordsIn } from '../../src/features/search/words.ts';

/**
 * A program that answers a workload: the service without its cache of answers and with it, and the limits: constants of
 * the same length (L1), JSON made of rows by JavaScript (L3) and by the database (L5).
 */
export type Program = 'service' | 'cached' | 'constant' | 'objects' | 'json';

/** Requests of one workload; a program that is left out cannot answer it. */
export interface Workload {
  readonly name: string;
  readonly what: string;
  readonly paths: Partial<Record<Program, readonly string[]>>;
  /** Status of each answer; 200 where left out. */
  readonly status?: number;
  /** Headers of the requests to the service. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the service (or, where that is said, with its cache) is to reach: so many times the rate of a program. */
  readonly goal?: { readonly of: Program; readonly least: number; readonly cached?: true };
  /** Records in an answer, where they are what is counted. */
  readonly rows?: number;
  /** Whether answers of the service and of the limits hold the same records. */
  readonly same: boolean;
}

const WHOLE =
  'jurisdiction,organization,parent,parts,actions,provisions,versions,documents,sponsorships,relations,vote_events,meetings,statements,citations,sources,topics';
const TWO = 'actions,sponsorships';
/** Different records asked for in turn. */
const DIFFERENT = 200;
const DEEP = 1000;

interface Listed {
  readonly data: readonly Record<string, unknown>[];
  readonly links: { readonly next: string | null };
  readonly meta: { readonly revision: number };
}

async function read(port: number, path: string): Promise<Listed> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Listed;
}

/** The workloads W1 to W6, W9 and W10 on the tracker that a service has. */
export async function workloadsOf(port: number): Promise<Workload[]> {
  const sample = await read(port, `/v1/policies?limit=${DIFFERENT}&sort=title`);
  const slugs = sample.data.map(({ slug }) => String(slug));
  const kinds = Map.groupBy(sample.data, ({ type, status }) => `type=${type}&status=${status}`);
  const filters = [...kinds]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 4)
    .map(([filter]) => filter);
  const places = await deepPlaces(port);
  const words = wordsOf(sample.data.map(({ title }) => String(title)));
  const afters = Array.from(
    { length: 40 },
    (_, at) => Math.floor((at * sample.meta.revision) / 40 / 1000) * 1000,
  );
  const list = filters.map((filter) => `/v1/policies?${filter}`);
  const first = `${list[0]}`;
  const tag = (await fetch(`http://127.0.0.1:${port}${first}`)).headers.get('etag') ?? '';
  return [
    {
      name: 'W1',
      what: 'one policy',
      paths: {
        service: slugs.map((slug) => `/v1/policies/${slug}`),
        objects: slugs.map((slug) => `/objects/one/${slug}`),
        json: slugs.map((slug) => `/json/one/${slug}`),
      },
      goal: { of: 'objects', least: 0.6 },
      same: true,
    },
    {
      name: 'W2',
      what: 'one policy with everything on it',
      paths: {
        service: slugs.map((slug) => `/v1/policies/${slug}?include=${WHOLE}`),
        objects: slugs.map((slug) => `/objects/whole/${slug}?include=${WHOLE}`),
        json: slugs.map((slug) => `/json/whole/${slug}?include=${WHOLE}`),
      },
      goal: { of: 'objects', least: 1.2 },
      same: true,
    },
    {
      name: 'W3',
      what: 'list of 20, two filters, newest first',
      paths: {
        service: list,
        objects: filters.map((filter) => `/objects/filtered?${filter}&limit=20`),
        json: filters.map((filter) => `/json/filtered?${filter}&limit=20`),
      },
      goal: { of: 'objects', least: 0.9 },
      same: true,
    },
    {
      name: 'W4',
      what: 'list of 100 with two includes',
      paths: {
        service: [`/v1/policies?limit=100&include=${TWO}`],
        objects: [`/objects/including?limit=100&include=${TWO}`],
        json: [`/json/including?limit=100&include=${TWO}`],
      },
      goal: { of: 'objects', least: 1.5 },
      same: true,
    },
    {
      name: 'W5',
      what: 'search, words of mixed frequency',
      paths: {
        service: words.map((word) => `/v1/policies?q=${word}`),
        objects: words.map((word) => `/objects/search?limit=20&q=${word}`),
      },
      goal: { of: 'objects', least: 0.9 },
      same: false,
    },
    {
      name: 'W6',
      what: 'the 1,000th page',
      paths: {
        service: places.map(({ path }) => path),
        objects: places.map(({ at }) => `/objects/on?${at}&limit=20`),
        json: places.map(({ at }) => `/json/on?${at}&limit=20`),
      },
      goal: { of: 'objects', least: 0.9 },
      same: true,
    },
    {
      name: 'W9',
      what: 'the same page again, answered whole',
      paths: { cached: [first] },
      goal: { of: 'constant', least: 0.6, cached: true },
      same: false,
    },
    {
      name: 'W9 304',
      what: 'the same page again, not changed',
      paths: { cached: [first], constant: ['/empty'] },
      status: 304,
      headers: { 'if-none-match': tag },
      goal: { of: 'constant', least: 0.6, cached: true },
      same: false,
    },
    {
      name: 'W10',
      what: 'change feed, 1,000 rows a page',
      paths: {
        service: afters.map((after) => `/v1/changes?limit=1000&after=${after}`),
        objects: afters.map((after) => `/objects/changes?limit=1000&after=${after}`),
        json: afters.map((after) => `/json/changes?limit=1000&after=${after}`),
      },
      rows: 1000,
      same: true,
    },
  ];
}

/** The first page of the default order, which the 1,000th is held against. */
export const FIRST_PAGE = '/v1/policies';

/** Places some 1,000 pages into the list of policies: a page of the service, and the key and id after which it begins. */
async function deepPlaces(port: number): Promise<{ path: string; at: string }[]> {
  const places: { path: string; at: string }[] = [];
  let next: string | null = '/v1/policies?limit=200&fields=id';
  for (let page = 0; next !== null && page < DEEP / 10; page += 1) {
    const { links } = await read(port, next);
    if (links.next === null) break;
    next = links.next;
    const cursor = new URL(next, 'http://service').searchParams.get('cursor') ?? '';
    const [, , id, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    places.push({ path: `/v1/policies?cursor=${cursor}`, at: `key=${key}&id=${id}` });
  }
  return places.slice(-5);
}

/** Words of some texts, from the commonest to the rarest, alone and together. */
function wordsOf(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set([...wordsIn(text)].map((one) => one.word)))
      if (/^[a-z]{3,}$/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
  const at = (part: number) => words[Math.min(words.length - 1, Math.floor(words.length * part))] as string;
  return [
    at(0),
    at(0.01),
    at(0.05),
    at(0.2),
    at(0.5),
    at(0.9),
    `${at(0)}+${at(0.02)}`,
    `${at(0.005)}+${at(0.3)}`,
  ];
}

/** The records of an answer, without what only the service says of them. */
function recordsOf(body: unknown): unknown {
  const bare = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bare);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => (name === 'more' ? [] : [[name, bare(inner)]])),
    );
  };
  const { data = body } = body as { data?: unknown };
  return bare(data);
}

/** Whether two answers hold the same records. */
export function sameRecords(one: string, other: string): boolean {
  const ordered = (body: string) => JSON.stringify(sortedKeys(recordsOf(JSON.parse(body))));
  return ordered(one) === ordered(other);
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sortedKeys(inner)]),
  );
}
