/** The change log as JSON texts that the database makes. */
import type { Column } from '../../db/columns.ts';
import type { JsonStorage, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import type { PublicRecord } from '../../model/declare.ts';
import { kindNamed, kinds } from '../../model/kinds.ts';
import { changeFields, type PublicChange, type Reach, readStretch, type Stretch } from '../changes.ts';
import type { Engine } from '../engine.ts';
import { withoutRestricted } from '../select.ts';
import type { Text } from './list.ts';

/** The next changes in order as JSON: the text of each, or those of all with commas between. */
export function readChangesJson(engine: Engine, session: Session, reach: Reach): Promise<Stretch<Text>> {
  return readStretch(engine, session, reach, textsOf);
}

/** Kinds some of whose fields are not for everyone. */
const partlyHidden: ReadonlySet<string> = new Set(
  kinds
    .filter(({ fields }) => Object.values(fields).some((field) => field.restricted))
    .map(({ name }) => name),
);

/** Some changes by their numbers: as one text, which costs half, where nothing is to be taken out of any. */
async function textsOf(
  engine: Engine,
  session: Session,
  seqs: readonly number[],
  reach: Pick<Reach, 'restricted' | 'content'>,
): Promise<Text[]> {
  if (seqs.length === 0) return [];
  const { db } = engine;
  const { changes } = db.tables;
  const isOpen = reach.restricted || !reach.content;
  const [gathered] = await session.all<{ text: Text; hidden: number }>(
    `changes gathered ${reach.content}`,
    (on) => {
      const wanted = sql`select ${jsonOf(engine, reach)} as item, ${changes.kind} as kind from ${changes}
        where ${db.dialect.isAmong(changes.seq as Column, 'seqs')} order by ${changes.seq}`;
      const kinds = sql.raw([...partlyHidden].map((name) => `'${name}'`).join(', '));
      return on
        .select({
          text: sql<Text>`${db.dialect.joined([db.dialect.gathered(sql`item`, ',')])}`,
          hidden: sql<number>`count(case when kind in (${kinds}) then 1 end)`.mapWith(Number),
        })
        .from(sql`(${wanted}) as wanted`);
    },
    { seqs: db.dialect.list(seqs) },
  );
  if (gathered && (isOpen || gathered.hidden === 0)) return [gathered.text];
  return oneByOne(engine, session, seqs, reach);
}

/** The same one by one, without what only some may read. */
async function oneByOne(
  engine: Engine,
  session: Session,
  seqs: readonly number[],
  reach: Pick<Reach, 'content'>,
): Promise<string[]> {
  const { db } = engine;
  const { changes } = db.tables;
  const rows = await session.all<{ kind: string; json: string }>(
    `changes as json ${reach.content}`,
    (on) =>
      on
        .select({ kind: changes.kind as Column, json: sql<string>`${jsonOf(engine, reach)}` })
        .from(changes)
        .where(db.dialect.isAmong(changes.seq as Column, 'seqs'))
        .orderBy(changes.seq as Column),
    { seqs: db.dialect.list(seqs) },
  );
  return rows.map(({ kind, json }) => {
    if (!partlyHidden.has(kind)) return json;
    const change = JSON.parse(json) as PublicChange;
    return JSON.stringify({
      ...change,
      content: withoutRestricted(kindNamed(kind), change.content as PublicRecord),
    });
  });
}

/** The JSON of a change. */
function jsonOf({ db }: Engine, { content }: Pick<Reach, 'content'>): SQL {
  const names = changeFields.filter((name) => content || name !== 'content');
  const parts = names.flatMap((name, at) => [
    sql.raw(`'${at === 0 ? '{' : ','}"${name}":'`),
    db.dialect.jsonText(db.tables.changes[name] as Column, storages[name] ?? 'text'),
  ]);
  return db.dialect.concat([...parts, sql.raw("'}'")]);
}

/** How columns of the log are kept, where it is not as text. */
const storages: Readonly<Partial<Record<keyof PublicChange, JsonStorage>>> = {
  seq: 'integer',
  at: 'instant',
  version: 'integer',
  changed_fields: 'json',
  content: 'json',
};
