import slugify from '@sindresorhus/slugify';
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Kind } from '../model/declare.ts';
import { isId } from './references.ts';
import { tableOf } from './select.ts';

/** Form of a slug. */
export const SLUG = {
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  expected: 'lower-case letters, digits and single dashes, such as karen-bass',
  example: 'karen-bass',
  max: 120,
};

/** Segments that mean something else where a slug would stand. */
const RESERVED = new Set(['batch', 'similar']);

/** Longest slug made from a name, before a number is put behind it. */
const MADE_LENGTH = 80;

/** How many numbered slugs are tried before the id's own digits are used. */
const NUMBERED = 20;

/** What is wrong with a slug beyond its form, if anything. */
export function slugFault(slug: string): string | undefined {
  if (isId(slug)) return 'looks like an id';
  if (RESERVED.has(slug)) return `'${slug}' has another meaning in addresses`;
  return undefined;
}

/**
 * A free slug for a record, made from the first of the kind's naming fields that gives one; numbered from 2
 * where others have it (or are about to: `reserved`), and ending in digits of the id where even those are taken.
 */
export async function makeSlug(
  session: Session,
  db: Database,
  kind: Kind,
  record: Readonly<Record<string, unknown>>,
  id: string,
  reserved: (slug: string) => boolean = () => false,
): Promise<string> {
  const base = slugBase(kind, record);
  const candidates = [base, ...Array.from({ length: NUMBERED }, (_, at) => `${base}-${at + 2}`)];
  const table = tableOf(db, kind);
  const taken = await session.all<{ slug: string }>(
    `slugs ${kind.name}`,
    (on) =>
      on
        .select({ slug: table.slug as Column })
        .from(table)
        .where(
          sql`${db.dialect.isAmong(table.slug as Column, 'slugs')} and ${table.id} <> ${sql.placeholder('id')}`,
        ),
    { slugs: db.dialect.list(candidates), id },
  );
  const known = new Set(taken.map(({ slug }) => slug));
  const free = candidates.find(
    (slug) => !known.has(slug) && slugFault(slug) === undefined && !reserved(slug),
  );
  return free ?? `${base}-${id.replaceAll('-', '').slice(-12)}`;
}

/** The slug a record is given while it is free. */
export function slugBase(kind: Kind, record: Readonly<Record<string, unknown>>): string {
  const names = [...(kind.slugFrom ?? []), 'name'].map((name) => record[name]);
  for (const name of names) {
    if (typeof name !== 'string') continue;
    const whole = slugify(name.slice(0, 300), { decamelize: false });
    const made = whole.length > MADE_LENGTH ? whole.slice(0, MADE_LENGTH).replace(/-[^-]*$/, '') : whole;
    if (made !== '') return made;
  }
  return kind.name.replaceAll('_', '-');
}
