/** What only one record of a kind can have: its identifiers, and its slug. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind } from '../model/declare.ts';
import type { Reading } from './belonging.ts';
import type { Content } from './content.ts';
import { lookUp } from './references.ts';
import { type Identifier, identifierName } from './rows.ts';
import { slugFault } from './slug.ts';

/** The fault of a body whose identifiers belong to more than one record. */
export function severalHolders(kind: Kind, holders: readonly Holder[]): Fault[] {
  const noun = kind.name.replaceAll('_', ' ');
  const [first, ...others] = Map.groupBy(holders, ({ record_id }) => record_id);
  return others.map(([id, held]) => ({
    pointer: '/identifiers',
    message: `${held.map(({ name }) => name).join(', ')} is the ${noun} ${id}, but ${first?.[1][0]?.name} is ${first?.[0]}`,
    expected: 'identifiers of one record; merge the two if they are one',
  }));
}

/** The fault of writing over a tombstone. */
export function deletedFault(kind: Kind, id: string): Fault {
  const message = `the ${kind.name.replaceAll('_', ' ')} ${id} was deleted`;
  return { pointer: '', message, expected: `POST /v1/${kind.path}/${id}/restore first`, got: id };
}

/** The identifiers a body names, as the identifiers table spells them. */
export function identifierNames(body: Content): string[] {
  return ((body.identifiers ?? []) as Identifier[]).map(identifierName);
}

export interface Holder {
  readonly name: string;
  readonly record_id: string;
}

/** Who has these identifiers already. */
export async function identified(
  { engine, session }: Reading,
  kind: Kind,
  names: readonly string[],
): Promise<Holder[]> {
  if (names.length === 0) return [];
  const { identifiers } = engine.db.tables;
  return session.all<Holder>(
    'identified',
    (on) =>
      on
        .select({ name: identifiers.name as Column, record_id: identifiers.record_id as Column })
        .from(identifiers)
        .where(
          sql`${identifiers.kind} = ${sql.placeholder('kind')} and ${engine.db.dialect.isAmong(identifiers.name as Column, 'names')}`,
        ),
    { kind: kind.name, names: engine.db.dialect.list(names) },
  );
}

/** Refuses a slug or an identifier that another record of the kind has; those known to be `free` are not looked up. */
export async function refuseTaken(
  reading: Reading,
  kind: Kind,
  content: Content,
  body: Content,
  id: string,
  free: (name: string) => boolean = () => false,
): Promise<void> {
  const faults: Fault[] = [];
  if (typeof body.slug === 'string') {
    const wrong = slugFault(body.slug);
    if (wrong)
      throw new Problem('unprocessable', 'The slug cannot be used.', {
        errors: [{ pointer: '/slug', message: wrong, expected: 'another slug', got: body.slug }],
      });
    const holder = (await lookUp(reading.session, reading.engine.db, kind, [body.slug])).get(body.slug);
    if (holder && holder.id !== id) faults.push(taken('/slug', body.slug, kind, holder.id));
  }
  const names = (content.identifiers as Identifier[]).map(identifierName);
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) < at)
      throw new Problem('unprocessable', 'An identifier stands twice.', {
        errors: [
          {
            pointer: `/identifiers/${at}`,
            message: 'stands twice',
            expected: 'each identifier once',
            got: name,
          },
        ],
      });
  }
  for (const { name, record_id } of await identified(
    reading,
    kind,
    names.filter((name) => !free(name)),
  )) {
    if (record_id !== id) faults.push(taken(`/identifiers/${names.indexOf(name)}`, name, kind, record_id));
  }
  if (faults.length > 0)
    throw new Problem('duplicate', 'Another record has this already.', { errors: faults });
}

function taken(pointer: string, got: string, kind: Kind, id: string): Fault {
  const noun = kind.name.replaceAll('_', ' ');
  return {
    pointer,
    message: `the ${noun} ${id} has this already`,
    expected: `one that no other ${noun} has`,
    got,
  };
}
