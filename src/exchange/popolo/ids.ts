/** What things of a document are called here: by their ids, which hold everywhere or in their own data only. */

import { isId } from '../../engine/references.ts';
import type { Identifier } from '../../engine/rows.ts';
import { named, ocdReference, plain } from '../open-civic-data/keys.ts';
import type { Id } from './schemas.ts';

/** Scheme of ids that are the same everywhere: UUIDs and addresses. */
export const SCHEME = 'popolo';

/** The names of one set of data, told from others by the name of its file or folder. */
export class Names {
  readonly #scheme: string;

  constructor(source: string) {
    const bare = source.replace(/(\.popolo)?\.json(\.gz)?$/i, '').replace(/^(ep-)?popolo[-_.]?/i, '');
    this.#scheme = `${SCHEME}-${plain(bare) || 'data'}`.slice(0, 100);
  }

  /** The name of what has an id; undefined for no id. */
  of(id: Id): Identifier | undefined {
    const text = id == null ? '' : String(id).trim();
    if (text === '') return undefined;
    if (isId(text)) return { scheme: SCHEME, identifier: text.toLowerCase() };
    if (/^https?:\/\//i.test(text)) return { scheme: SCHEME, identifier: text };
    return ocdReference(text) ?? { scheme: this.#scheme, identifier: text };
  }

  /** The name of what has no id of its own, made of facts that tell it from others. */
  made(what: string, ...facts: readonly string[]): Identifier {
    return { ...named('', what, ...facts), scheme: this.#scheme };
  }

  /** The id that a new record gets: the document's, where it can be one. */
  idOf(id: Id): string | undefined {
    return typeof id === 'string' && isId(id.trim()) ? id.trim().toLowerCase() : undefined;
  }
}
