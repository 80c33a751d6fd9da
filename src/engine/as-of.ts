/**
 * A record as this service held it at a moment. A moment is turned into the number of the last change made by then,
 * and that number into what the record and its parts were, so that all of an answer is of one state of the log.
 */
import type { Session } from '../db/database.ts';
import { type Fault, Problem } from '../errors.ts';
import type { Kind, PublicRecord } from '../model/declare.ts';
import type { Engine } from './engine.ts';
import { toInstant } from './formats.ts';
import { idOf } from './history.ts';
import { pick, wantedFields } from './list.ts';
import { movedOrGone } from './moved.ts';
import { ownedIncludes, type ReadQuery } from './parameters.ts';
import { partsAt } from './parts-then.ts';
import { gone, type Narrowed, notFound, type ReadOptions } from './read.ts';
import { redirectOf } from './redirects.ts';
import { rowThen } from './row-then.ts';
import { withoutRestricted } from './select.ts';
import { recordThen, seqAt } from './then.ts';

/** A record as it was, and the number of the change it was read at. */
export interface Then {
  readonly record: PublicRecord;
  readonly whole: PublicRecord;
  readonly seq: number;
}

/**
 * One record as of `query.as_of`, with the parts it owned then; 404 before it was known, 410 where it was deleted
 * then. A slug stands for the record that has it now.
 */
export async function getThen(
  engine: Engine,
  kind: Kind,
  name: string,
  query: ReadQuery & { readonly as_of: string },
  { restricted, narrowed }: ReadOptions,
): Promise<Then> {
  const at = momentOf(engine, query.as_of);
  refuseUnknowable(kind, query);
  wantedFields(kind, query, restricted);
  return engine.db.read(async (session) => {
    const reading = { engine, session };
    const seq = await seqAt(reading, at);
    const found = kind.rowsOf
      ? await rowThen(engine, session, kind, name, seq)
      : await recordThen(reading, kind, await idOf(engine, session, kind, name, undefined), seq);
    if (found === undefined) throw unknownThen(kind, name, at);
    if (narrowed && found[narrowed.field] !== narrowed.value)
      throw await notFound(engine, session, kind, name);
    const { deleted_at, ...live } = found;
    if (typeof deleted_at === 'string' && !query.include_deleted)
      throw await leftBy(reading, { kind, name, id: found.id, at: deleted_at }, seq, narrowed);
    const shown = query.include_deleted ? { ...live, deleted_at: deleted_at ?? null } : live;
    const whole = (restricted ? shown : withoutRestricted(kind, shown as PublicRecord)) as PublicRecord;
    const parts: Record<string, unknown> = {};
    for (const include of query.include ?? [])
      parts[include] = { data: await partsAt(reading, kind, include, whole.id, seq), more: null };
    return { record: pick({ ...whole, ...parts }, query), whole, seq };
  });
}

/** The moment a text names; one that is still to come is a 400, as nobody knows what will be held then. */
function momentOf({ now }: Engine, text: string): string {
  const at = toInstant(text) as string;
  const present = now().toISOString();
  if (at <= present) return at;
  throw new Problem('invalid-parameter', 'What this service will hold is not known yet.', {
    errors: [
      { parameter: 'as_of', message: 'lies in the future', expected: `${present} or earlier`, got: text },
    ],
  });
}

/** Refuses what the log does not keep: fields that are made when read, and records that are no parts of this one. */
function refuseUnknowable(kind: Kind, { fields = [], include = [] }: ReadQuery): void {
  const owned = ownedIncludes(kind);
  const faults: Fault[] = [
    ...fields
      .filter((name) => kind.fields[name]?.attached)
      .map((got) => ({
        parameter: 'fields',
        message: `${got} is made from other records when it is read, so it is not known as of a moment`,
        expected: 'another field, or no as_of',
        got,
      })),
    ...include
      .filter((name) => !owned.includes(name))
      .map((got) => ({
        parameter: 'include',
        message: `${got} cannot be included as of a moment: only parts that the record owns can`,
        expected: owned.length > 0 ? `one of ${owned.join(', ')}, or no as_of` : 'no include, or no as_of',
        got,
      })),
  ];
  if (faults.length > 0)
    throw new Problem('invalid-parameter', 'Some of this is not known as of a moment.', { errors: faults });
}

/** How a record that was no longer there answers: with where it is found, if it had been merged by then. */
async function leftBy(
  reading: { engine: Engine; session: Session },
  asked: { kind: Kind; name: string; id: string; at: string },
  seq: number,
  narrowed: Narrowed | undefined,
): Promise<Error> {
  const redirect = await redirectOf(reading, asked.id);
  if (redirect && redirect.first_seq <= seq) return movedOrGone(reading, asked, narrowed);
  return gone(asked.kind, asked.name, asked.at);
}

function unknownThen(kind: Kind, name: string, at: string): Problem {
  return new Problem(
    'not-found',
    `The ${kind.name.replaceAll('_', ' ')} '${name}' was not known here by ${at}.`,
  );
}
