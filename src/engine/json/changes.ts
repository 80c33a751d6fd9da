/** The change log as JSON texts that the database makes. */
import type { Column } from '../../db/columns.ts';
import type { JsonStorage, Session } from '../../db/database.ts';
import { sql } from '../../db/drizzle.ts';
import type { PublicRecord } from '../../model/declare.ts';
import { kindNamed, kinds } from '../../model/kinds.ts';
import { changeFields, type PublicChange, type Reach, readStretch, type Stretch } from '../changes.ts';
import type { Engine } from '../engine.ts';
import { withoutRestricted } from '../select.ts';

/** The next changes in order, each as the JSON text that it is answered as. */
export function readChangesJson(engine: Engine, session: Session, reach: Reach): Promise<Stretch<string>> {
  return readStretch(engine, session, reach, textsOf);
}

/** Kinds some of whose fields are not for everyone. */
const partlyHidden: ReadonlySet<string> = new Set(
  kinds
    .filter(({ fields }) => Object.values(fields).some((field) => field.restricted))
    .map(({ name }) => name),
);

/** Some changes by their numbers, as JSON texts. */
async function textsOf(
  { db }: Engine,
  session: Session,
  seqs: readonly number[],
  { restricted, content }: Pick<Reach, 'restricted' | 'content'>,
): Promise<string[]> {
  if (seqs.length === 0) return [];
  const { changes } = db.tables;
  const names = changeFields.filter((name) => content || name !== 'content');
  const rows = await session.all<{ kind: string; json: string }>(
    `changes as json ${content}`,
    (on) => {
      const parts = names.flatMap((name, at) => [
        sql.raw(`'${at === 0 ? '{' : ','}"${name}":'`),
        db.dialect.jsonText(changes[name] as Column, storages[name] ?? 'text'),
      ]);
      return on
        .select({
          kind: changes.kind as Column,
          json: sql<string>`${db.dialect.concat([...parts, sql.raw("'}'")])}`,
        })
        .from(changes)
        .where(db.dialect.isAmong(changes.seq as Column, 'seqs'))
        .orderBy(changes.seq as Column);
    },
    { seqs: db.dialect.list(seqs) },
  );
  return rows.map(({ kind, json }) => {
    if (restricted || !content || !partlyHidden.has(kind)) return json;
    const change = JSON.parse(json) as PublicChange;
    return JSON.stringify({
      ...change,
      content: withoutRestricted(kindNamed(kind), change.content as PublicRecord),
    });
  });
}

/** How columns of the log are kept, where it is not as text. */
const storages: Readonly<Partial<Record<keyof PublicChange, JsonStorage>>> = {
  seq: 'integer',
  at: 'instant',
  version: 'integer',
  changed_fields: 'json',
  content: 'json',
};
