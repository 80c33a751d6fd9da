/** What is known of one council that keeps its records in Legistar (a “client” of it), beside the records themselves. */
import type { Content } from '../../engine/content.ts';
import type { Identifier } from '../../engine/rows.ts';

export interface Client {
  /** Its name in addresses of Legistar: `nyc`. */
  readonly name: string;
  /** The place it governs, as a record: `identifiers` begin with its division. */
  readonly place: Content & { readonly identifiers: readonly Identifier[] };
  /** BodyId of the council itself, where policies start. */
  readonly council: number;
  /** Where its own pages are, for links to matters. */
  readonly site: string | null;
  /** What its bodies are that their names do not tell, by BodyId. */
  readonly bodies: Readonly<Record<number, KnownBody>>;
  /** The session a matter belongs to, by the year in its number. */
  readonly session: (year: number) => string | null;
}

/** What is known of a body. */
export interface KnownBody {
  /** Its name where that of the source says too little outside the council. */
  readonly name?: string;
  /** What kind of body it is; null for what is listed as a body and is none. */
  readonly classification: string | null;
}

/** How a thing of Legistar's is called here: by its id there, which is unique for each kind of thing. */
export function idIn({ name }: Pick<Client, 'name'>, id: number | string): Identifier {
  return { scheme: `legistar-${name}`, identifier: String(id) };
}

/** The place of a client, as references name it. */
export function placeOf({ place }: Client): Identifier {
  // A place has its division for a name.
  return place.identifiers[0] as Identifier;
}

/** A body, as references name it; undefined for what is none. */
export function bodyIn(client: Client, id: number | null): Identifier | undefined {
  if (id === null || id === 0 || client.bodies[id]?.classification === null) return undefined;
  return idIn(client, id);
}
