/** Policies, meetings and subjects as schema.org has them: Legislation, Event, DefinedTerm. */
import type { policyStatus, relationType } from '../../model/vocabularies.ts';
import {
  brief,
  compact,
  type Full,
  identity,
  included,
  type Linking,
  type Node,
  pointer,
  subjectOf,
} from './node.ts';

type Status = keyof typeof policyStatus.words;
type Relation = keyof typeof relationType.words;

/** Whether a policy of this status is in force; of the others the status alone does not tell. */
const FORCE: { readonly [status in Status]?: 'InForce' | 'NotInForce' } = {
  announced: 'NotInForce',
  draft: 'NotInForce',
  filed: 'NotInForce',
  introduced: 'NotInForce',
  in_committee: 'NotInForce',
  reported: 'NotInForce',
  on_agenda: 'NotInForce',
  passed_one_chamber: 'NotInForce',
  sent_to_executive: 'NotInForce',
  effective: 'InForce',
  amended: 'InForce',
  vetoed: 'NotInForce',
  failed: 'NotInForce',
  withdrawn: 'NotInForce',
  repealed: 'NotInForce',
  expired: 'NotInForce',
  struck_down: 'NotInForce',
};

/** What a policy is to another, where schema.org has a term for it. */
const RELATIONS: { readonly [type in Relation]?: string } = {
  amends: 'legislationAmends',
  repeals: 'legislationRepeals',
  rescinds: 'legislationRepeals',
  replaces: 'legislationChanges',
  suspends: 'legislationChanges',
  extends: 'legislationChanges',
  implements: 'legislationEnsuresImplementationOf',
  cites: 'citation',
  modelled_on: 'isBasedOn',
  part_of: 'isPartOf',
};

/** A policy as Legislation. */
export function policy(linking: Linking, record: Full): Node {
  const own = identity(linking, 'policy', record);
  const force = FORCE[record.status as Status];
  const related = relations(linking, record);
  return {
    ...own,
    name: record.title,
    alternateName: record.short_title,
    abstract: record.summary,
    inLanguage: record.language,
    legislationType: [...new Set([record.type, record.type_raw])],
    legislationIdentifier: [...new Set([record.identifier, record.law_number])],
    legislationDate: record.adopted_on ?? record.signed_on,
    legislationDateOfApplicability: record.effective_on,
    expires: record.expires_on,
    legislationLegalForce: force && { '@id': `schema:${force}` },
    legislationJurisdiction: brief(linking, 'jurisdiction', record.jurisdiction),
    legislationResponsible: brief(linking, 'organization', record.organization),
    legislationPassedBy: passedBy(linking, record),
    ...related,
    isPartOf: [brief(linking, 'policy', record.parent), related.isPartOf].flat(),
    hasPart: included(record, 'parts').map((one) => brief(linking, 'policy', one)),
    about: included(record, 'topics').map((one) => brief(linking, 'topic', one)),
    encoding: included(record, 'versions').flatMap((one) => (one.url ? text(one) : [])),
    subjectOf: subjectOf(linking, record, own),
  };
}

/** The bodies in which it passed, as its steps tell. */
function passedBy(linking: Linking, record: Full): (Node | null)[] {
  const passages = included(record, 'actions').filter(({ classification, organization }) => {
    return organization && (classification as string[]).includes('passage');
  });
  const bodies = new Map(
    passages.map(({ organization_id, organization }) => [organization_id, organization]),
  );
  return [...bodies.values()].map((one) => brief(linking, 'organization', one));
}

/** Other policies by the term for what this one is to them; relations are seen from the subject’s end. */
function relations(linking: Linking, { id, ...record }: Full): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  for (const { type, subject_id, object_id } of included({ id, ...record }, 'relations')) {
    const term = RELATIONS[type as Relation];
    if (term === undefined || subject_id !== id) continue;
    found[term] = [...(found[term] ?? []), pointer(linking, 'policy', object_id)];
  }
  return found;
}

/** A text of a policy, where it can be had. */
function text(version: Full): Node {
  return compact({
    '@type': 'LegislationObject',
    name: version.label,
    contentUrl: version.url,
    encodingFormat: version.media_type,
    sha256: version.sha256,
    legislationDateVersion: version.date,
  });
}

const EVENT_STATUS: Readonly<Record<string, string>> = {
  tentative: 'EventScheduled',
  confirmed: 'EventScheduled',
  cancelled: 'EventCancelled',
  postponed: 'EventPostponed',
};

interface AgendaItem {
  readonly policy_id: string | null;
}

/** A meeting as an Event. */
export function meeting(linking: Linking, record: Full): Node {
  const own = identity(linking, 'meeting', record);
  const status = EVENT_STATUS[String(record.status)];
  const policies = ((record.agenda ?? []) as readonly AgendaItem[]).map(({ policy_id }) => policy_id);
  return {
    ...own,
    name: record.name,
    startDate: record.date,
    eventStatus: status && { '@id': `schema:${status}` },
    location: record.location,
    organizer: brief(linking, 'organization', record.organization),
    about: [...new Set(policies)].map((id) => pointer(linking, 'policy', id)),
    subjectOf: subjectOf(linking, record, own),
  };
}

/** A topic as a DefinedTerm of the list it comes from. */
export function topic(linking: Linking, record: Full): Node {
  const set = record.scheme === 'local' ? { '@id': `${linking.base}/v1/topics` } : { name: record.scheme };
  return {
    ...term(linking, 'topic', record),
    termCode: record.code,
    inDefinedTermSet: { '@type': 'DefinedTermSet', ...set },
  };
}

/** A measure as a DefinedTerm of this service’s measures. */
export function measure(linking: Linking, record: Full): Node {
  const set = { '@type': 'DefinedTermSet', '@id': `${linking.base}/v1/measures` };
  return { ...term(linking, 'measure', record), inDefinedTermSet: set };
}

function term(linking: Linking, kind: string, record: Full): Node {
  const own = identity(linking, kind, record);
  return {
    ...own,
    name: record.name,
    description: record.description,
    subjectOf: subjectOf(linking, record, own),
  };
}
