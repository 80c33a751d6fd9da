/** Keys limited to jurisdictions: refused before it is known whether the record they ask for exists. */
import type { FastifyRequest } from 'fastify';
import { jurisdictionsOf } from '../engine/belonging.ts';
import type { Engine } from '../engine/engine.ts';
import { survivorsAmong } from '../engine/redirects.ts';
import { lookUp } from '../engine/references.ts';
import { readStored } from '../engine/store.ts';
import { unstorableTexts } from '../engine/validate.ts';
import { Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import type { ApiKey } from './keys.ts';
import { resources } from './resource.ts';

/**
 * Refuses a change of one record to a key that is limited to jurisdictions, unless the record belongs to them and to
 * no other; one that is not there belongs to none. What a body says is judged when it is written.
 */
export async function refuseElsewhere(engine: Engine, request: FastifyRequest, key: ApiKey): Promise<void> {
  const within = key.jurisdictionIds;
  if (within === null) return;
  const path = request.routeOptions.url?.split('/')[2];
  if (path === 'webhooks')
    throw new Problem('forbidden', 'This key is limited to some jurisdictions; webhooks are none of theirs.');
  const kind = resources.find((resource) => resource.path === path)?.kind;
  if (kind === undefined) return;
  const { id } = request.params as { id?: string };
  const places = isShared(kind) ? [] : id === undefined ? undefined : await placesOf(engine, kind, id);
  if (places === undefined || (places.length > 0 && places.every((place) => within.includes(place)))) return;
  throw new Problem(
    'forbidden',
    'This key is limited to some jurisdictions: it may change only what belongs to them, and to no other.',
  );
}

/** Whether records of a kind belong to no jurisdiction, whatever they say. */
function isShared({ name, belongs, ownedBy }: Kind): boolean {
  return name !== 'jurisdiction' && belongs === undefined && ownedBy === undefined;
}

/** The jurisdictions of a record called by id or slug, or of the one it was merged into; none when it is not there. */
async function placesOf(engine: Engine, kind: Kind, name: string): Promise<string[]> {
  if (unstorableTexts(name).length > 0) return [];
  return engine.db.read(async (session) => {
    const known = await lookUp(session, engine.db, kind, [name]);
    const id = known.get(name)?.id;
    const survivor = (await survivorsAmong({ engine, session }, known)).get(id ?? '');
    const stored = id && (await readStored({ engine, session }, kind, survivor ?? id));
    return stored ? jurisdictionsOf({ engine, session }, kind, stored.record) : [];
  });
}
