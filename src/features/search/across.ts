/** Searching all kinds at once. */
import type { Session } from '../../db/database.ts';
import { bindingOf } from '../../engine/cursor.ts';
import type { Engine } from '../../engine/engine.ts';
import { address, refuseEndless, revisionOf, unknownReference } from '../../engine/list.ts';
import { survivorsAmong } from '../../engine/redirects.ts';
import { lookUp } from '../../engine/references.ts';
import { type Fault, Problem } from '../../errors.ts';
import type { PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import { facetsOfHits, totalOfHits } from './counting.ts';
import { type Collected, collect, find, type Hit } from './find.ts';
import { highlightsOf, SHOWN_LENGTH } from './highlights.ts';
import { asksNothing, cursorAt, placeIn, RELEVANCE, readRecords, searchMeta } from './list.ts';
import { isDoubtful, type Wanted } from './matching.ts';
import { parseQuery } from './query.ts';
import { searchedTexts } from './texts.ts';
import { kindMark, searchedKinds } from './tokens.ts';

export interface AcrossQuery {
  readonly q: string;
  readonly limit: number;
  readonly cursor?: string;
  /** Names of kinds. */
  readonly kind?: readonly string[];
  readonly jurisdiction?: readonly string[];
  readonly topic?: readonly string[];
  readonly group?: 'kind';
  readonly count?: 'exact';
  readonly facets?: readonly string[];
}

/** What hits across kinds are counted by. */
export const ACROSS_FACETS = ['kind', 'jurisdiction', 'topic'] as const;
const PATH = '/v1/search';

/** Hits of all kinds, mixed, or so many of each kind under its name. */
export async function searchAcross(engine: Engine, query: AcrossQuery) {
  refuseEndless(query);
  const parsed = parseQuery(query.q);
  if (query.group && query.cursor)
    throw wrong('cursor', 'cannot go with group', 'the address in `next` of a group');
  return engine.db.read(async (session) => {
    const kinds = query.kind ?? searchedKinds.map(({ name }) => name);
    const marks = [
      // Every document has a kind: naming them narrows nothing, but stands for all where no word does.
      ...(query.kind || parsed.terms.length === 0 ? [kinds.map(kindMark)] : []),
      ...(await placeMarks(engine, session, query)),
    ];
    const wanted: Wanted = { query: parsed, marks };
    const revision = await revisionOf(session, engine);
    const counting = query.count !== undefined || query.facets !== undefined;
    const all = counting && !asksNothing(parsed) ? await collect(engine, session, wanted) : NOTHING;
    const sure = !isDoubtful(wanted);
    const meta = {
      limit: query.limit,
      revision,
      ...(query.count ? totalOfHits(all, sure) : {}),
      search: searchMeta(parsed, sure && all.complete),
      ...(query.facets ? { facets: await facetsOfHits(engine, session, query.facets, all, sure, true) } : {}),
    };
    const found = query.group
      ? await grouped(engine, session, query, wanted, kinds)
      : await mixed(engine, session, query, wanted, revision);
    return { ...found, meta };
  });
}

const NOTHING: Collected = { sets: new Map(), complete: true };

function wrong(parameter: string, message: string, expected: string): Problem {
  return new Problem('invalid-parameter', `The parameter ${parameter} ${message}.`, {
    errors: [{ parameter, message, expected }],
  });
}

async function mixed(engine: Engine, session: Session, query: AcrossQuery, wanted: Wanted, revision: number) {
  const given = (['kind', 'jurisdiction', 'topic'] as const).map(
    (name) => `${name}=${[...(query[name] ?? [])].sort()}`,
  );
  const bound = bindingOf({ name: 'search' }, RELEVANCE, false, [`q=${query.q}`, ...given]);
  const from = query.cursor === undefined ? undefined : placeIn(query.cursor, bound);
  const { hits, next } = asksNothing(wanted.query)
    ? { hits: [], next: null }
    : await find(engine, session, wanted, { from, limit: query.limit });
  const cursor = next && cursorAt(next, revision, bound);
  return {
    data: await shown(engine, session, hits, wanted),
    links: {
      self: address(engine, PATH, { ...query }),
      next: cursor === null ? null : address(engine, PATH, { ...query, cursor }),
    },
  };
}

/** The best hits of each kind that has any, with the address of that kind’s list where there are more. */
async function grouped(
  engine: Engine,
  session: Session,
  query: AcrossQuery,
  wanted: Wanted,
  kinds: readonly string[],
) {
  const groups = [];
  const rest = wanted.marks.filter(([first]) => !first?.startsWith(kindMark('')));
  for (const name of asksNothing(wanted.query) ? [] : kinds) {
    const own = { ...wanted, marks: [[kindMark(name)], ...rest] };
    const { hits, next } = await find(engine, session, own, { from: undefined, limit: query.limit });
    if (hits.length === 0) continue;
    const { group: _, facets: __, count: ___, ...same } = query;
    groups.push({
      kind: name,
      data: await shown(engine, session, hits, wanted),
      next: next && address(engine, PATH, { ...same, kind: [name] }),
    });
  }
  return { groups, links: { self: address(engine, PATH, { ...query }), next: null } };
}

/** Hits as they are answered, in their order. */
async function shown(engine: Engine, session: Session, hits: readonly Hit[], { query }: Wanted) {
  const found = new Map<string, { record: PublicRecord; _highlights: unknown }>();
  for (const [name, of] of Map.groupBy(hits, ({ document }) => document.kind)) {
    const kind = kindNamed(name);
    const ids = of.map(({ document }) => document.record_id);
    const texts = await searchedTexts(engine.db, session, kind, ids, SHOWN_LENGTH);
    const wanted = { large: [], restricted: false, deleted: false };
    for (const record of await readRecords({ engine, session, kind }, wanted, ids)) {
      const text = texts.get(record.id);
      found.set(record.id, { record, _highlights: text ? highlightsOf(kind, text, query.terms) : [] });
    }
  }
  return hits.flatMap(({ document: { kind, record_id } }) => {
    const hit = found.get(record_id);
    const url = `${engine.publicUrl}/v1/${kindNamed(kind).path}/${hit?.record.slug ?? record_id}`;
    return hit ? [{ kind, url, ...hit }] : [];
  });
}

/** The places and topics asked for, by id or slug, as marks; 400 for those that do not exist. */
async function placeMarks(engine: Engine, session: Session, query: AcrossQuery): Promise<string[][]> {
  const faults: Fault[] = [];
  const marks: string[][] = [];
  for (const name of ['jurisdiction', 'topic'] as const) {
    const values = query[name];
    if (values === undefined) continue;
    const known = await lookUp(session, engine.db, kindNamed(name), values);
    const survivors = await survivorsAmong({ engine, session }, known);
    for (const value of values.filter((one) => !known.has(one)))
      faults.push(await unknownReference(engine, session, kindNamed(name), name, value));
    marks.push([...known.values()].map(({ id }) => `${name}=${survivors.get(id) ?? id}`));
  }
  if (faults.length > 0)
    throw new Problem('invalid-parameter', 'A filter names a record that does not exist.', {
      errors: faults,
    });
  return marks;
}
