/** Utterances and where they were printed as schema.org has them: Quotation, NewsArticle, NewsMediaOrganization. */
import { standingOf } from '../../features/agreement-rule.ts';
import type { PublicRecord } from '../../model/declare.ts';
import {
  brief,
  compact,
  type Full,
  identity,
  included,
  type Linking,
  type Node,
  pointer,
  property,
  subjectOf,
  work,
} from './node.ts';

/** A statement as a Quotation: cited in its reports that stand, and based on the sources of these. */
export function statement(linking: Linking, record: Full): Node {
  const own = identity(linking, 'statement', record);
  const live = included(record, 'reports').filter(
    ({ report_status, source }) =>
      source && standingOf(String(report_status), String((source as PublicRecord).status)) === 'live',
  );
  const sources = new Map(live.map(({ source_id, source }) => [source_id, source as PublicRecord]));
  const speakers = speakersOf(linking, record);
  return {
    ...own,
    text: record.text,
    abstract: record.summary,
    spokenByCharacter: speakers,
    creator: record.speaker_role
      ? speakers.map((creator) => ({ '@type': 'Role', roleName: record.speaker_role, creator }))
      : speakers,
    dateCreated: record.said_on,
    inLanguage: record.language,
    citation: live.map((one) => printed(linking, one)),
    isBasedOn: [...sources.values()].map((one) => work(linking, one)),
    ...targets(linking, record),
    subjectOf: subjectOf(linking, record, own, new Set(sources.keys())),
  };
}

/** Who said it; where it is no known person or body, a name alone, as nothing says which of the two it is. */
function speakersOf(linking: Linking, record: Full): Node[] {
  const known = [
    brief(linking, 'official', record.official),
    brief(linking, 'organization', record.organization),
  ].filter((one) => one !== null);
  return known.length > 0 || !record.speaker_name ? known : [{ name: record.speaker_name }];
}

/** A report within its statement: the words as printed, and where. */
function printed(linking: Linking, report: Full): Node {
  return compact({
    '@type': 'Quotation',
    '@id': `${linking.base}/v1/statement-reports/${report.id}`,
    text: report.quoted_text,
    creditText: report.attribution_text,
    isPartOf: pointer(linking, 'source', report.source_id),
  });
}

/** What stances say the statement is about, and what it only mentions. */
function targets(linking: Linking, record: Full): Node {
  const kinds = ['policy', 'topic', 'jurisdiction', 'official'];
  const of = (mentioned: boolean) =>
    included(record, 'stances')
      .filter(({ relation }) => (relation === 'mentions') === mentioned)
      .flatMap((stance) => kinds.map((kind) => pointer(linking, kind, stance[`${kind}_id`])));
  return { about: of(false), mentions: of(true) };
}

/** A report as a Quotation of its own: an instance of the statement, as one source printed it. */
export function statementReport(linking: Linking, record: Full): Node {
  const own = identity(linking, 'statement_report', record);
  return {
    ...own,
    text: record.quoted_text,
    creditText: record.attribution_text,
    spokenByCharacter: record.speaker_as_printed ? { name: record.speaker_as_printed } : null,
    dateCreated: record.said_on,
    isPartOf: record.source ? work(linking, record.source as PublicRecord) : null,
    exampleOfWork: pointer(linking, 'statement', record.statement_id),
    sourceOrganization: brief(linking, 'publisher', record.outlet),
    subjectOf: subjectOf(linking, record, own, new Set([record.source_id])),
  };
}

/** A source as a NewsArticle, Dataset, VideoObject or other CreativeWork; never its text. */
export function source(linking: Linking, record: Full): Node {
  const own = identity(linking, 'source', record);
  const { licence } = record as { licence?: string | null };
  return {
    ...own,
    name: record.title,
    creditText: record.author,
    archivedAt: record.archive_url,
    datePublished: record.published_on,
    inLanguage: record.language,
    license: licence && /^https?:\/\/\S+$/.test(licence) ? licence : null,
    publisher: brief(linking, 'publisher', record.publisher),
    isBasedOn: record.derived_from ? work(linking, record.derived_from as PublicRecord) : null,
    subjectOf: subjectOf(linking, record, own),
  };
}

/** A publisher as a NewsMediaOrganization, GovernmentOrganization, NGO or other Organization. */
export function publisher(linking: Linking, record: Full): Node {
  const own = identity(linking, 'publisher', record);
  const domain = record.domain ? [property('domain', record.domain)] : [];
  const owner = record.owner_group ? { '@type': 'Organization', name: record.owner_group } : null;
  return {
    ...own,
    name: record.name,
    identifier: [own.identifier, domain].flat(2),
    parentOrganization: owner,
    subjectOf: subjectOf(linking, record, own),
  };
}
