/** Records as linked data: JSON-LD with the terms of schema.org. What a record does not hold is left out; nothing is made up. */
import type { Engine } from '../engine/engine.ts';
import { get, type ReadOptions } from '../engine/read.ts';
import type { Kind } from '../model/declare.ts';
import { compact, type Full, type Linking, type Node } from './json-ld/node.ts';
import { jurisdiction, official, organization } from './json-ld/places.ts';
import { measure, meeting, policy, topic } from './json-ld/policies.ts';
import { publisher, source, statement, statementReport } from './json-ld/words.ts';

/** The media type of JSON-LD. */
export const JSON_LD = 'application/ld+json';

/** The context that gives the terms their meaning. */
const CONTEXT = 'https://schema.org';

interface Mapping {
  readonly node: (linking: Linking, record: Full) => Node;
  /** Related records that the node tells of; one statement each, at most 100 records. */
  readonly include: readonly string[];
}

/** The kinds that schema.org has a class for, by name. */
const mappings: Readonly<Record<string, Mapping>> = {
  jurisdiction: { node: jurisdiction, include: ['parent', 'sources.publisher'] },
  organization: { node: organization, include: ['jurisdiction', 'parent', 'children', 'sources.publisher'] },
  official: { node: official, include: ['memberships.jurisdiction', 'sources.publisher'] },
  policy: {
    node: policy,
    include: [
      'jurisdiction',
      'organization',
      'parent',
      'parts',
      'topics',
      'relations',
      'versions',
      'actions.organization',
      'sources.publisher',
    ],
  },
  meeting: { node: meeting, include: ['organization', 'sources.publisher'] },
  topic: { node: topic, include: ['sources.publisher'] },
  measure: { node: measure, include: ['sources.publisher'] },
  statement: {
    node: statement,
    include: ['official', 'organization', 'reports', 'stances', 'sources.publisher'],
  },
  statement_report: { node: statementReport, include: ['source', 'outlet', 'sources.publisher'] },
  source: { node: source, include: ['publisher', 'derived_from.publisher', 'sources.publisher'] },
  publisher: { node: publisher, include: ['sources.publisher'] },
};

/** Whether records of a kind can be had as linked data. */
export function isLinked(kind: Kind): boolean {
  return kind.name in mappings;
}

/**
 * One record as a JSON-LD document, with its version and the revision it was read at; `base` is the origin that its
 * address and those of related records begin with. 404 or 410 when it cannot be seen.
 */
export async function linkedData(
  engine: Engine,
  kind: Kind,
  name: string,
  { base, narrowed }: Pick<ReadOptions, 'narrowed'> & Linking,
): Promise<{ document: Node; version: number; revision: number }> {
  const { node, include } = mappings[kind.name] as Mapping;
  const options = { restricted: false, ...(narrowed ? { narrowed } : {}) };
  const { record, revision } = await get(engine, kind, name, { include: [...include] }, options);
  const { url, sameAs, identifier, subjectOf, ...own } = node({ base }, record);
  const document = { '@context': CONTEXT, ...compact({ ...own, url, sameAs, identifier, subjectOf }) };
  return { document, version: record.version, revision: revision as number };
}
