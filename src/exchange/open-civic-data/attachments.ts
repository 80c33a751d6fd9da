/** Versions, documents and recordings: one record for each file there is of them, as each has an address of its own. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place, Read } from '../import/record.ts';
import { addressOf, dayOf, said } from './facts.ts';
import { counting, partOf } from './keys.ts';
import type { Attachment } from './schemas.ts';
import { record } from './scrape.ts';

/** What attachments become, and whose they are. */
export interface Attaching {
  readonly kind: 'policy_version' | 'document';
  readonly owner: Readonly<Record<string, Identifier>>;
  readonly of: Identifier;
  readonly collection?: string;
  /** The tracker's word for a classification. */
  readonly word: (classification: string | null | undefined) => string | undefined;
  /** What is put before their names: the agenda item they belong to. */
  readonly under?: string;
}

/** The form of a media type that can be kept. */
const MEDIA = /^[a-z]+\/[A-Za-z0-9.+-]{1,80}$/;

/** The records of some attachments; one without any file is a record all the same. */
export function* attached(
  place: Place,
  attachments: readonly Attachment[] | null | undefined,
  { kind, owner, of, collection, word, under }: Attaching,
): Generator<Read> {
  const again = counting();
  for (const one of attachments ?? []) {
    const { date, classification } = one;
    const own = said(one.note) ?? said(one.name) ?? said(classification) ?? 'untitled';
    const name = under === undefined ? own : `${under}: ${own}`;
    const files = one.links?.length
      ? one.links
      : [{ url: one.url, media_type: one.media_type, text: undefined }];
    for (const file of files) {
      const url = addressOf(file.url);
      const media = said(file.media_type)?.trim().toLowerCase();
      const facts = [name, said(date) ?? '', url ?? ''];
      const identifiers = [partOf(of, kind, ...facts, again(facts.join('\n')))];
      const shared = {
        ...owner,
        classification: word(classification),
        date: dayOf(date),
        url,
        media_type: media !== undefined && MEDIA.test(media) ? media : undefined,
        identifiers,
      };
      const texts = kind === 'document' ? { name } : { label: name, text: said(file.text) };
      yield record(kind, place, { ...shared, ...texts }, collection);
    }
  }
}
