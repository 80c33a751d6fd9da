/** The place, and the bodies that are met in it, as organizations. */
import { bodyKindOf, WITHIN_COUNCIL } from './body-words.ts';
import { bodyIn, type Client, idIn, placeOf } from './client.ts';
import { type Draft, filled } from './draft.ts';
import type { Body } from './forms.ts';
import { tidy } from './wording.ts';

/** The place itself, of which others know more: it is there for references. */
export function fromPlace({ place }: Client): Draft {
  return { kind: 'jurisdiction', at: '', body: place, onlyIfNew: true };
}

/** A body as an organization; what is listed as a body and is none is left out. */
export function fromBody(client: Client, { id, name: printed, formerNames }: Body): Draft {
  const at = `body ${id}`;
  const known = client.bodies[id];
  const own = tidy(printed) ?? `Body ${id}`;
  if (!bodyIn(client, id))
    return { kind: 'organization', at, note: `'${own}' is listed as a body and is none` };
  const name = known?.name ?? own;
  const isCouncil = id === client.council;
  const classification = isCouncil ? 'council' : (known?.classification ?? bodyKindOf(own));
  const others = [...new Set([own, ...formerNames.flatMap((former) => tidy(former) ?? [])])].filter(
    (other) => other !== name,
  );
  return {
    kind: 'organization',
    at,
    body: filled({
      name,
      classification,
      jurisdiction_id: placeOf(client),
      parent_id: WITHIN_COUNCIL.has(classification) ? idIn(client, client.council) : null,
      other_names: others.map((other) => ({
        name: other,
        note: other === own ? 'as Legistar has it' : 'in older records of Legistar’s',
      })),
      identifiers: [idIn(client, id)],
    }),
  };
}
