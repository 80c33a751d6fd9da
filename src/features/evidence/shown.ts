/** The evidence of several records, as it is shown beside them. */
import { attachIncludes, type Including, readByIds } from '../../engine/include.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';

/** Where something stands: a citation, or the report that a source is of a statement. */
export interface Proof {
  readonly citation_id: string | null;
  readonly statement_report_id: string | null;
  /** JSON Pointer to the field it is evidence for; empty for the whole record. */
  readonly field: string;
  /** What the source says of the field; null where it is only pointed at. */
  readonly value: unknown;
  readonly rank: string | null;
  readonly selector: unknown;
  readonly source: ShownSource | null;
}

/** As much of a source as it takes to name it and find it. */
export interface ShownSource {
  readonly id: string;
  readonly slug: unknown;
  readonly title: unknown;
  readonly url: unknown;
  readonly published_on: unknown;
  readonly publisher: { readonly id: string; readonly slug: unknown; readonly name: unknown } | null;
}

export interface Proofs {
  readonly data: readonly Proof[];
  /** Address of the rest; null where these are all. */
  readonly more: string | null;
}

/**
 * What the citations of some records say, by record id: 20 of each, as lists show them. One statement for each kind
 * that has records, and two for the sources of all.
 */
export async function proofsOf(
  context: Including,
  groups: readonly { readonly kind: Kind; readonly records: readonly PublicRecord[] }[],
): Promise<Map<string, Proofs>> {
  const cited: { id: string; citations: readonly PublicRecord[]; more: string | null }[] = [];
  for (const { kind, records } of groups) {
    // Only the ids count here.
    const bare = records.map(({ id, version }) => ({ id, version }));
    const full = await attachIncludes({ ...context, single: false }, kind, bare, ['citations']);
    for (const { id, citations } of full) {
      const { data, more } = citations as { data: readonly PublicRecord[]; more: string | null };
      cited.push({ id, citations: data, more });
    }
  }
  const sources = await sourcesOf(
    context,
    cited.flatMap(({ citations }) => citations.map(({ source_id }) => source_id as string)),
  );
  return new Map(
    cited.map(({ id, citations, more }) => [
      id,
      { data: citations.map((citation) => proofOf(citation, sources)), more },
    ]),
  );
}

async function sourcesOf(context: Including, ids: readonly string[]): Promise<Map<string, PublicRecord>> {
  if (ids.length === 0) return new Map();
  return readByIds(context, kindNamed('source'), [...new Set(ids)], ['publisher']);
}

function proofOf(citation: PublicRecord, sources: ReadonlyMap<string, PublicRecord>): Proof {
  const { id, field, value, rank, selector, source_id } = citation;
  return {
    citation_id: id,
    statement_report_id: null,
    field: field as string,
    value,
    rank: rank as string,
    selector,
    source: shownSource(sources.get(source_id as string)),
  };
}

/** What a report itself proves: that its source has the statement, and where. The report comes with its source. */
export function proofByReport(report: PublicRecord): Proof {
  const { id, selector, source } = report;
  return {
    citation_id: null,
    statement_report_id: id,
    field: '',
    value: null,
    rank: null,
    selector,
    source: shownSource(source as PublicRecord | null),
  };
}

function shownSource(source: PublicRecord | null | undefined): ShownSource | null {
  if (source == null) return null;
  const { id, slug, title, url, published_on } = source;
  const publisher = source.publisher as PublicRecord | null;
  const named = publisher && { id: publisher.id, slug: publisher.slug, name: publisher.name };
  return { id, slug, title, url, published_on, publisher: named };
}
