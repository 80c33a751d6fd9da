/** What the records of a document are made with: its areas, posts, periods and bodies, which others only name. */
import type { Identifier } from '../../engine/rows.ts';
import type { BundleRecord, Place } from '../import/record.ts';
import { distinct, Met, plain } from '../open-civic-data/keys.ts';
import { record } from '../open-civic-data/scrape.ts';
import type { Names } from './ids.ts';
import type { Id, Of } from './schemas.ts';
import { placeWord } from './words.ts';

/** What is held of a body: enough to say whose party it is, and in which place. */
interface Body {
  readonly name: string;
  readonly area_id?: Id;
  readonly parent_id?: Id;
}

const key = (id: Id) => String(id ?? '').trim();

export class Context {
  readonly names: Names;
  readonly #areas = new Map<string, Of<'areas'>>();
  readonly #posts = new Map<string, Of<'posts'>>();
  readonly #periods = new Map<string, Of<'events'>>();
  readonly #bodies = new Map<string, Body>();
  readonly #met = new Met();

  constructor(names: Names) {
    this.names = names;
  }

  addArea(area: Of<'areas'>): void {
    this.#areas.set(key(area.id), area);
  }
  addPost(post: Of<'posts'>): void {
    this.#posts.set(key(post.id), post);
  }
  addPeriod(event: Of<'events'>): void {
    this.#periods.set(key(event.id), event);
  }
  addBody({ id, name, area_id, parent_id }: Of<'organizations'>): void {
    this.#bodies.set(key(id), { name, area_id, parent_id });
  }

  area = (id: Id) => this.#areas.get(key(id));
  post = (id: Id) => this.#posts.get(key(id));
  period = (id: Id) => this.#periods.get(key(id));
  bodyName = (id: Id) => this.#bodies.get(key(id))?.name;

  /** The place that an area is; undefined where it is a part of one. */
  placeIn(id: Id): Identifier | undefined {
    const area = this.area(id);
    return area && placeWord(area.classification ?? area.type) ? this.names.of(area.id) : undefined;
  }

  /** The place of a body: its own, or that of the nearest body above that has one. */
  placeOf(id: Id): Identifier | undefined {
    const met = new Set<string>();
    for (let at = key(id); at !== '' && !met.has(at); at = key(this.#bodies.get(at)?.parent_id)) {
      met.add(at);
      const place = this.placeIn(this.#bodies.get(at)?.area_id);
      if (place) return place;
    }
    return undefined;
  }

  /**
   * What something is called: by its id, and in other systems; of two that claim a name the first has it. Undefined for
   * what has the id of another.
   */
  identifiers(
    kind: string,
    own: Identifier,
    given?: readonly { readonly identifier: string; readonly scheme?: string | null }[] | null,
  ): { readonly identifiers: Identifier[]; readonly taken: string[] } | undefined {
    if (!this.isFirst(kind, own)) return undefined;
    const others = (given ?? []).map(({ scheme, identifier }) => ({
      scheme: plain(scheme?.trim() || 'identifier').slice(0, 100),
      identifier,
    }));
    const [, ...rest] = distinct([own, ...others]);
    const free = rest.filter((one) => this.isFirst(kind, one));
    const taken = rest.filter((one) => !free.includes(one));
    return {
      identifiers: [own, ...free],
      taken: taken.map(({ scheme, identifier }) => `${scheme}:${identifier}`),
    };
  }

  /** Whether nothing of the document had this name before. */
  isFirst(kind: string, { scheme, identifier }: Identifier): boolean {
    return this.#met.add({ scheme, identifier: `${kind} ${identifier}` });
  }

  /** A record, with the document's id where that can be one. */
  record(kind: string, place: Place, id: Id, fields: Readonly<Record<string, unknown>>): BundleRecord {
    const made = record(kind, place, fields);
    const given = this.names.idOf(id);
    return given === undefined ? made : { ...made, id: given };
  }
}
