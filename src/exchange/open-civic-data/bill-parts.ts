/** What hangs on a bill: its actions, sponsors, texts, documents, and how it bears on other bills. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place, Read } from '../import/record.ts';
import { attached } from './attachments.ts';
import { dayOf, said, wordsOf } from './facts.ts';
import { counting, named, partOf } from './keys.ts';
import type { Bill, Entity } from './schemas.ts';
import { billKey, record, type Scrape, unplaced } from './scrape.ts';
import { actionWords, documentWord, RELATIONS, sponsorWord, versionWord } from './words.ts';

/** The parts of a bill, each in the collection of that bill: one that a later scrape has not is told of. */
export function* partsOf(place: Place, data: Bill, bill: Identifier, scrape: Scrape): Generator<Read> {
  const collection = bill.identifier;
  yield* actionsOf(place, data, bill, scrape);
  yield* sponsorshipsOf(place, data, bill, scrape);
  const owner = { policy_id: bill };
  yield* attached(place, data.versions, {
    kind: 'policy_version',
    owner,
    of: bill,
    collection,
    word: versionWord,
  });
  yield* attached(place, data.documents, {
    kind: 'document',
    owner,
    of: bill,
    collection,
    word: documentWord,
  });
  yield* relationsOf(place, data, bill, scrape);
}

/** What actions of a bill are called: their time, body and words, and a number where several are alike. */
export function actionKeys({ actions }: Bill, bill: Identifier, { organizations }: Scrape): Identifier[] {
  const again = counting();
  return (actions ?? []).map(({ date, organization_id, organization, description }) => {
    const body = organizations.fact(organization_id ?? organization);
    const facts = [said(date) ?? '', body, description];
    return partOf(bill, 'action', ...facts, again(facts.join('\n')));
  });
}

function* actionsOf(place: Place, data: Bill, bill: Identifier, scrape: Scrape): Generator<Read> {
  const keys = actionKeys(data, bill, scrape);
  const unknowns = new Set<string>();
  for (const [at, action] of (data.actions ?? []).entries()) {
    const { known, unknown } = actionWords(wordsOf(action.classification));
    for (const word of unknown) unknowns.add(word);
    const person = (action.related_entities ?? []).find(({ entity_type }) => entity_type === 'person');
    yield record(
      'action',
      place,
      {
        policy_id: bill,
        position: at + 1,
        date: dayOf(action.date),
        description: action.description,
        classification: known,
        organization_id: scrape.organizations.reference(action.organization_id ?? action.organization),
        official_id: personIn(person, scrape),
        identifiers: [keys[at]],
      },
      bill.identifier,
    );
  }
  yield* unplaced('action', place, { 'unknown classes': [...unknowns] });
}

const personIn = (entity: Entity | undefined, { people, place }: Scrape): Identifier | undefined =>
  entity &&
  (people.reference(entity.person_id ?? entity.id) ??
    (entity.name ? named(place, 'person', entity.name) : undefined));

function* sponsorshipsOf(
  place: Place,
  data: Bill,
  bill: Identifier,
  { people, organizations }: Scrape,
): Generator<Read> {
  const again = counting();
  for (const [at, sponsor] of (data.sponsorships ?? []).entries()) {
    const { name, classification, primary, entity_type, person_id, organization_id } = sponsor;
    const facts = [name, said(classification) ?? ''];
    const isBody = entity_type === 'organization';
    yield record(
      'sponsorship',
      place,
      {
        policy_id: bill,
        name,
        official_id: isBody ? undefined : people.reference(person_id),
        organization_id: isBody ? organizations.reference(organization_id) : undefined,
        classification: sponsorWord(classification, primary === true),
        position: at + 1,
        identifiers: [partOf(bill, 'sponsorship', ...facts, again(facts.join('\n')))],
      },
      bill.identifier,
    );
  }
}

function* relationsOf(place: Place, data: Bill, bill: Identifier, scrape: Scrape): Generator<Read> {
  const met = new Set<string>();
  for (const { identifier, legislative_session, relation_type } of data.related_bills ?? []) {
    const word = said(relation_type) ?? 'related';
    const { type, swapped, mutual } = RELATIONS[word] ?? { type: 'related', mutual: true };
    const other = billKey(scrape, legislative_session, identifier);
    if (other.identifier === bill.identifier) {
      yield { kind: 'relation', place, note: `${identifier} is named as ${word} to itself` };
      continue;
    }
    // Both bills may tell of it, each from its side: it is one relation.
    const turned = swapped || (mutual && other.identifier < bill.identifier);
    const [subject, object] = turned ? [other, bill] : [bill, other];
    const key = partOf(subject, 'relation', type, object.identifier);
    if (met.has(key.identifier)) continue;
    met.add(key.identifier);
    yield record('relation', place, {
      subject_id: subject,
      object_id: object,
      type,
      basis: 'stated',
      identifiers: [key],
    });
  }
}
