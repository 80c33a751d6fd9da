/** Policies side by side: what each does, by measure. */

import type { Engine } from '../engine/engine.ts';
import { type Including, readByIds } from '../engine/include.ts';
import { revisionOf } from '../engine/list.ts';
import { compareKeys } from '../engine/order.ts';
import { Problem } from '../errors.ts';
import { fold, type PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';
import { readCapped } from './capped.ts';
import { type Counted, countsOf, type Package, partsOf, provisionsOf } from './compare-reads.ts';
import { type Proofs, proofsOf } from './evidence/shown.ts';
import { namedIds } from './named-records.ts';
import { type ShownTopic, topicsWithin } from './topics-within.ts';

/** Most policies that stand side by side. */
export const MOST_COLUMNS = 20;

/** What a cell says; documented and answered as it stands. */
export const CELL_STATES = {
  has: 'The policy has a provision of this measure.',
  does_not_have: 'It has none, though provisions of it have been filed under measures.',
  not_collected:
    'Nothing is known: no provision of it has been filed under any measure, or no policy of the place is recorded.',
} as const;

/** How a comparison is made, in sentences; documented and answered as it stands. */
export const RULE =
  'A cell is `has` when the policy has a provision filed under the measure; `does_not_have` when it has none, but at least one of its provisions is filed under some measure; else `not_collected`. `provision_count` and `measured_count` of a column are what that goes by: a provision filed under no measure could be one of any. A package has what its parts have. Measures that most policies have come first, then by name, unless `measures` gives the order.';

export interface CompareQuery {
  readonly policies?: readonly string[];
  readonly topic?: string;
  readonly jurisdictions?: readonly string[];
  readonly measures?: readonly string[];
}

/** A policy, or a place that has none on the topic. */
export interface ComparedColumn {
  readonly policy: PublicRecord | null;
  readonly jurisdiction: PublicRecord | null;
  readonly collected: boolean;
  readonly provision_count: number;
  readonly measured_count: number;
}

export interface ComparedProvision {
  readonly id: string;
  readonly policy_id: unknown;
  readonly number: unknown;
  readonly heading: unknown;
  readonly text: unknown;
  readonly effect: unknown;
  readonly citations: Proofs;
}

export interface ComparedCell {
  readonly state: keyof typeof CELL_STATES;
  /** Null unless it has some. */
  readonly provisions: readonly ComparedProvision[] | null;
}

export interface Comparison {
  readonly columns: readonly ComparedColumn[];
  readonly data: readonly { readonly measure: PublicRecord; readonly cells: readonly ComparedCell[] }[];
  readonly meta: { readonly revision: number; readonly topics: readonly ShownTopic[]; readonly rule: string };
}

/** The comparison that a query asks for; 400 for names of nothing, and for more than can stand side by side. */
export async function compare(engine: Engine, query: CompareQuery): Promise<Comparison> {
  refuseUnclear(query);
  return engine.db.read(async (session) => {
    const revision = await revisionOf(session, engine);
    const context: Including = { engine, session, restricted: false, single: false, revision };
    const { topics, columns: asked } = query.policies
      ? { topics: [], columns: await columnsNamed(context, query.policies) }
      : await columnsOfPlaces(context, query.topic as string, query.jurisdictions as string[]);
    const named =
      query.measures && (await namedIds(context, kindNamed('measure'), 'measures', query.measures));
    const packages = await partsOf(
      context,
      asked.flatMap(({ policy }) => policy?.id ?? []),
    );
    const ids = packages.flatMap(({ policies }) => policies);
    const counts = await countsOf(context, ids);
    const provisions = await provisionsOf(context, ids, named);
    const columns = asked.map((column) => counted(column, packages, counts));
    const data = await rowsOf(context, columns, packages, provisions, named);
    return { columns, data, meta: { revision, topics, rule: RULE } };
  });
}

/** Refuses a query that says neither or both of which policies to compare. */
function refuseUnclear({ policies, topic, jurisdictions }: CompareQuery): void {
  const expected = 'policies, or topic and jurisdictions';
  const wrong = (parameter: string, message: string) =>
    new Problem('invalid-parameter', `Say what to compare: ${expected}.`, {
      errors: [{ parameter, message, expected }],
    });
  if (policies && topic) throw wrong('topic', 'does not go with policies');
  if (policies && jurisdictions) throw wrong('jurisdictions', 'does not go with policies');
  if (policies) return;
  if (!topic && !jurisdictions) throw wrong('policies', 'is missing');
  if (!topic) throw wrong('topic', 'is missing beside jurisdictions');
  if (!jurisdictions) throw wrong('jurisdictions', 'is missing beside topic');
}

type Asked = Pick<ComparedColumn, 'policy' | 'jurisdiction'>;

async function columnsNamed(context: Including, names: readonly string[]): Promise<Asked[]> {
  const kind = kindNamed('policy');
  const ids = await namedIds(context, kind, 'policies', names);
  const found = await readByIds(context, kind, ids, ['jurisdiction']);
  return ids.map((id) => split(found.get(id) as PublicRecord));
}

function split({ jurisdiction, ...policy }: PublicRecord): Asked {
  return { policy: policy as PublicRecord, jurisdiction: jurisdiction as PublicRecord | null };
}

/** The policies of some places on a topic or those below it, by place as asked, the newest first; a place without any has a column too. */
async function columnsOfPlaces(
  context: Including,
  topic: string,
  places: readonly string[],
): Promise<{ topics: readonly ShownTopic[]; columns: Asked[] }> {
  const [id] = await namedIds(context, kindNamed('topic'), 'topic', [topic]);
  const topics = await topicsWithin(context, id as string);
  const placeIds = await namedIds(context, kindNamed('jurisdiction'), 'jurisdictions', places);
  const { records, more } = await readCapped(context, kindNamed('policy'), {
    filters: { topic: topics.map((one) => one.id), jurisdiction: placeIds },
    sort: '-date',
    limit: MOST_COLUMNS,
  });
  const found = await readByIds(context, kindNamed('jurisdiction'), placeIds, []);
  const columns = placeIds.flatMap((placeId): Asked[] => {
    const jurisdiction = found.get(placeId) ?? null;
    const policies = records.filter((record) => record.jurisdiction_id === placeId);
    return policies.length > 0
      ? policies.map((policy) => ({ policy, jurisdiction }))
      : [{ policy: null, jurisdiction }];
  });
  if (more || columns.length > MOST_COLUMNS) throw tooMany();
  return { topics, columns };
}

function tooMany(): Problem {
  const message = `stand for more than ${MOST_COLUMNS} columns`;
  const expected = 'fewer jurisdictions, a narrower topic, or policies by name';
  return new Problem('invalid-parameter', `At most ${MOST_COLUMNS} columns can stand side by side.`, {
    errors: [{ parameter: 'jurisdictions', message, expected }],
  });
}

function policiesOf(packages: readonly Package[], { policy }: Asked): readonly string[] {
  return packages.find(({ id }) => id === policy?.id)?.policies ?? [];
}

function counted(
  asked: Asked,
  packages: readonly Package[],
  counts: ReadonlyMap<string, Counted>,
): ComparedColumn {
  const own = policiesOf(packages, asked).map((id) => counts.get(id));
  const sum = (of: keyof Counted) => own.reduce((total, one) => total + (one?.[of] ?? 0), 0);
  const measured_count = sum('measured');
  return { ...asked, collected: measured_count > 0, provision_count: sum('provisions'), measured_count };
}

async function rowsOf(
  context: Including,
  columns: readonly ComparedColumn[],
  packages: readonly Package[],
  provisions: readonly PublicRecord[],
  named: readonly string[] | undefined,
): Promise<Comparison['data']> {
  const proofs = await proofsOf(context, [{ kind: kindNamed('provision'), records: provisions }]);
  const byMeasure = Map.groupBy(provisions, ({ measure_id }) => measure_id as string);
  const wanted = named ?? [...byMeasure.keys()];
  const measures = wanted.length > 0 ? await readByIds(context, kindNamed('measure'), wanted, []) : new Map();
  const rows = wanted.flatMap((id) => {
    const measure: PublicRecord | undefined = measures.get(id);
    const cells = columns.map((column) =>
      cellOf(column, policiesOf(packages, column), byMeasure.get(id) ?? [], proofs),
    );
    return measure ? [{ measure, cells }] : [];
  });
  const having = ({ cells }: { cells: readonly ComparedCell[] }) =>
    cells.filter(({ state }) => state === 'has').length;
  const key = ({ measure }: { measure: PublicRecord }) => ({ key: fold(measure.name), id: measure.id });
  return named ? rows : rows.sort((a, b) => having(b) - having(a) || compareKeys(key(a), key(b)));
}

/** What a policy (or a package with its parts) has of a measure; its own provisions first, then those of its parts. */
function cellOf(
  { collected }: ComparedColumn,
  policies: readonly string[],
  provisions: readonly PublicRecord[],
  proofs: ReadonlyMap<string, Proofs>,
): ComparedCell {
  const own = policies.flatMap((id) => provisions.filter(({ policy_id }) => policy_id === id));
  if (own.length === 0) return { state: collected ? 'does_not_have' : 'not_collected', provisions: null };
  const shown = own.map(({ id, policy_id, number, heading, text, effect }) => ({
    id,
    policy_id,
    number,
    heading,
    text,
    effect,
    citations: proofs.get(id) ?? { data: [], more: null },
  }));
  return { state: 'has', provisions: shown };
}
