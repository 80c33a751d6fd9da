/** Persons, organizations and areas of Popolo as officials, organizations and jurisdictions. */
import type { Identifier } from '../../engine/rows.ts';
import { linkKind } from '../../model/vocabularies.ts';
import type { Place, Read } from '../import/record.ts';
import { contactsOf, profileKind } from '../open-civic-data/contacts.ts';
import { addressOf, dayOf, linksOf, said } from '../open-civic-data/facts.ts';
import { otherNames } from '../open-civic-data/places.ts';
import { unplaced } from '../open-civic-data/scrape.ts';
import { organizationWord } from '../open-civic-data/words.ts';
import type { Context } from './context.ts';
import type { Of } from './schemas.ts';
import { placeWord } from './words.ts';

type Link = { readonly url?: string | null; readonly note?: string | null };

/** Links and sources; a note that is a word for a kind of link is that. */
export function popoloLinks(
  links: readonly (readonly Link[] | null | undefined)[],
  otherwise: (link: Link) => string,
) {
  const word = (link: Link) =>
    Object.hasOwn(linkKind.words, link.note ?? '') ? (link.note as string) : undefined;
  const all = links.flatMap((some) => some ?? []);
  const found = linksOf(all, (link) => word(link) ?? otherwise(link));
  const bare = found.links.map(({ note, ...link }) =>
    note === link.kind ? link : { ...link, note: note ?? null },
  );
  return { links: bare, others: found.others };
}

/** An area that governs itself; others are the seats of offices. */
export function* areaRecords(place: Place, data: Of<'areas'>, context: Context): Generator<Read> {
  const classification = placeWord(data.classification ?? data.type);
  const own = context.names.of(data.id);
  const name = said(data.name);
  if (classification === undefined || own === undefined) {
    yield {
      kind: 'jurisdiction',
      place,
      note: `'${name ?? data.id}' is no place that governs itself; offices have it as their seat`,
    };
    return;
  }
  const called = context.identifiers('jurisdiction', own, data.identifiers);
  if (called === undefined) {
    yield twice('jurisdiction', place, own);
    return;
  }
  const { identifiers } = called;
  const divisions = [
    own.identifier,
    data.identifier,
    ...identifiers.map(({ identifier }) => identifier),
  ].filter((one) => one?.startsWith('ocd-division/'));
  const [division_id, ...same_as] = [...new Set(divisions)];
  const made = context.record('jurisdiction', place, data.id, {
    name,
    classification,
    division_id,
    same_as,
    parent_id: context.placeIn(data.parent_id),
    identifiers,
  });
  yield { ...made, onlyIfNew: true };
}

export function* organizationRecords(
  place: Place,
  data: Of<'organizations'>,
  context: Context,
): Generator<Read> {
  const own =
    context.names.of(data.id) ?? context.names.made('organization', data.name, data.classification ?? '');
  const called = context.identifiers('organization', own, data.identifiers);
  if (called === undefined) {
    yield twice('organization', place, own);
    return;
  }
  const { identifiers, taken } = called;
  const { links, others } = popoloLinks([data.links, data.sources], () => 'other');
  yield context.record('organization', place, data.id, {
    name: data.name,
    classification: organizationWord(data.classification),
    jurisdiction_id: context.placeIn(data.area_id),
    parent_id: context.names.of(data.parent_id),
    other_names: otherNames(data.other_names),
    founded_on: dayOf(data.founding_date),
    dissolved_on: dayOf(data.dissolution_date),
    identifiers,
    links,
  });
  yield* unplaced('organization', place, { addresses: others, 'identifiers that another has': taken });
}

export function* officialRecords(place: Place, data: Of<'persons'>, context: Context): Generator<Read> {
  const own = context.names.of(data.id) ?? context.names.made('person', data.name, data.birth_date ?? '');
  const called = context.identifiers('official', own, data.identifiers);
  if (called === undefined) {
    yield twice('official', place, own);
    return;
  }
  const { identifiers, taken } = called;
  const { links, others } = popoloLinks([data.links, data.sources], profileKind);
  const email = said(data.email);
  const listed = data.contact_details ?? [];
  const known = listed.some(({ value }) => value === email);
  const mail = email === undefined || known ? [] : [{ type: 'email', value: email }];
  const { contacts, homes } = contactsOf([...listed, ...mail]);
  yield context.record('official', place, data.id, {
    name: data.name,
    given_name: said(data.given_name),
    family_name: said(data.family_name),
    honorific: said(data.honorific_prefix),
    other_names: otherNames(data.other_names),
    birth_date: dayOf(data.birth_date),
    death_date: dayOf(data.death_date),
    image_url: addressOf(data.image),
    biography: said(data.biography) ?? said(data.summary),
    contact_details: contacts,
    identifiers,
    links,
  });
  yield* unplaced('official', place, {
    addresses: others,
    'identifiers that another has': taken,
    'how to reach the person at home': homes > 0 ? [`${homes} left out`] : [],
  });
}

/** Something that the document has twice. */
export function twice(kind: string, place: Place, { identifier }: Identifier): Read {
  const message = `has the id of another ${kind.replaceAll('_', ' ')} of the document`;
  return {
    kind,
    place,
    faults: [{ pointer: '/id', message, expected: 'an id of its own', got: identifier }],
  };
}
