/** Records that a question names, by id or slug. */
import type { Including } from '../engine/include.ts';
import { unknownReference } from '../engine/list.ts';
import { survivorsAmong } from '../engine/redirects.ts';
import { lookUp } from '../engine/references.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';

/**
 * Ids of the live records that some names stand for, in the order of the names and each once; of records that were
 * merged, of what they were merged into. Names of nothing, or of what was deleted, are a 400 that names the parameter.
 */
export async function namedIds(
  { engine, session }: Pick<Including, 'engine' | 'session'>,
  kind: Kind,
  parameter: string,
  names: readonly string[],
): Promise<string[]> {
  const known = await lookUp(session, engine.db, kind, names);
  const survivors = await survivorsAmong({ engine, session }, known);
  const noun = kind.name.replaceAll('_', ' ');
  const faults: Fault[] = [];
  const ids: string[] = [];
  for (const name of names) {
    const found = known.get(name);
    const id = found?.deleted ? survivors.get(found.id) : found?.id;
    if (id) ids.push(id);
    else if (found) {
      const message = `the ${noun} '${name}' was deleted`;
      faults.push({ parameter, message, expected: `the id or slug of a ${noun}`, got: name });
    } else faults.push(await unknownReference(engine, session, kind, parameter, name));
  }
  if (faults.length > 0)
    throw new Problem('invalid-parameter', 'A parameter names a record that does not exist.', {
      errors: faults,
    });
  return [...new Set(ids)];
}
