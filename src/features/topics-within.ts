/** A topic with all the topics below it. */
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import type { Including } from '../engine/include.ts';
import { tableOf } from '../engine/select.ts';
import type { PublicRecord } from '../model/declare.ts';
import { kindNamed } from '../model/kinds.ts';

/** As much of a topic as names it. */
export type ShownTopic = Pick<PublicRecord, 'id' | 'slug' | 'name'>;

/** A topic and those below it, at any depth, itself first, then by name; a circle is walked once. One statement. */
export async function topicsWithin(
  { engine, session }: Pick<Including, 'engine' | 'session'>,
  id: string,
): Promise<ShownTopic[]> {
  const topics = tableOf(engine.db, kindNamed('topic'));
  const rows = await session.all<ShownTopic>(
    'topics within',
    (on) =>
      on
        .select({ id: topics.id as Column, slug: topics.slug as Column, name: topics.name as Column })
        .from(topics)
        .where(
          sql`${topics.deleted_at} is null and ${topics.id} in (
            with recursive within(id) as (
              select t.id from ${topics} t where t.id = ${sql.placeholder('id')}
              union select t.id from ${topics} t join within on t.parent_id = within.id where t.deleted_at is null
            ) select within.id from within)`,
        )
        .orderBy(topics.sort_name as Column, topics.id as Column),
    { id },
  );
  return [...rows.filter((row) => row.id === id), ...rows.filter((row) => row.id !== id)];
}
