/** Brings rows that keep no JSON of their record, or one as another version of the program made it, up to this version. */
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import { keepsShown } from '../db/tables.ts';
import type { Kind } from '../model/declare.ts';
import { kinds } from '../model/kinds.ts';
import { catchingUp, idsAfter } from './catching-up.ts';
import type { Engine } from './engine.ts';
import { usualText } from './json/record.ts';
import { shapeOf, tagOf } from './json/shown.ts';
import { readMark, setMark } from './marks.ts';
import { tableOf } from './select.ts';
import type { Writer } from './writer.ts';

/** The mark of the shapes that all rows have, or will have once what is left to do is done; without it, it is begun anew. */
export const SHAPES = 'shown';
const LEFT = 'shown left';

interface Place {
  /** Name of the kind. */
  readonly kind: string;
  /** Id of the last row looked at; null at the beginning. */
  readonly after: string | null;
}

const keeping = kinds.filter(keepsShown);

const fillOn = catchingUp<Place>({
  mark: LEFT,
  reason: 'JSON of records that is kept from now on',
  page: 500,
  work: async (writer, { kind: name, after }, page) => {
    const at = keeping.findIndex((kind) => kind.name === name);
    const kind = keeping[at];
    if (kind === undefined) return { seen: 0, next: null };
    const table = tableOf(writer.engine.db, kind);
    const ids = await idsAfter(writer, { table, shape: `shown ${name}`, where: sql`true` }, after, page);
    const [first, last] = [ids[0], ids.at(-1)];
    if (first !== undefined && last !== undefined) await fillBetween(writer, kind, first, last);
    const following = keeping[at + 1];
    const other = following ? { kind: following.name, after: null } : null;
    return { seen: ids.length, next: last === undefined ? other : { kind: name, after: last } };
  },
});

async function fillBetween(
  { engine: { db }, session }: Writer,
  kind: Kind,
  first: string,
  last: string,
): Promise<void> {
  const table = tableOf(db, kind);
  const tag = tagOf(kind, table.version as Column);
  await session.run(
    `fill shown ${kind.name}`,
    (on) =>
      on
        .update(table)
        .set({ shown: usualText(db, kind, kind.table), shown_of: tag } as never)
        .where(
          sql`${table.id} >= ${sql.placeholder('first')} and ${table.id} <= ${sql.placeholder('last')}
            and ${table.deleted_at} is null and coalesce(${table.shown_of}, 0) <> ${tag}`,
        ),
    { first, last },
  );
}

/**
 * Makes the JSON of all rows that keep none of this version's shape, until all do or `signal` says to stop; returns how
 * many it looked at. Until then it is made whenever such a record is read.
 */
export async function fillShown(engine: Engine, signal: AbortSignal, page?: number): Promise<number> {
  const known = await engine.db.read((session) => readMark<string>(engine, session, SHAPES));
  if (known !== shapes()) await engine.db.write((session) => begin(engine, session));
  return fillOn(engine, signal, page);
}

const shapes = () => keeping.map((kind) => `${kind.name} ${shapeOf(kind)}`).join();

async function begin(engine: Engine, session: Session): Promise<void> {
  await setMark(engine, session, SHAPES, shapes());
  await setMark(engine, session, LEFT, { kind: keeping[0]?.name, after: null });
}
