/** Reading the texts of hits again, to see where the words stand in them. */
import type { Column } from '../../db/columns.ts';
import type { Database, Session } from '../../db/database.ts';
import { type SQL, sql } from '../../db/drizzle.ts';
import { tableOf } from '../../engine/select.ts';
import type { Kind, PublicRecord } from '../../model/declare.ts';
import type { Query, Term } from './query.ts';
import { textsOf } from './tokens.ts';
import { chanceOf, firstChance, type Word, wordsIn, wordsNear } from './words.ts';

/** The columns of a kind's searched fields, each text cut after `length` characters, beside its id. */
function searchedColumns(
  db: Pick<Database, 'tables'>,
  kind: Kind,
  length: number,
): Record<string, Column | SQL> {
  const table = tableOf(db, kind);
  const columns: Record<string, Column | SQL> = { id: table.id as Column };
  for (const name of fieldsOf(kind)) {
    const column = table[name] as Column;
    columns[name] =
      kind.fields[name]?.storage === 'text' ? sql`substr(${column}, 1, ${sql.raw(String(length))})` : column;
  }
  return columns;
}

/**
 * The searched fields of some records, each text cut after `length` characters, by record id; `more` is what else is read
 * of their rows.
 */
export async function searchedTexts(
  db: Pick<Database, 'tables' | 'dialect'>,
  session: Session,
  kind: Kind,
  ids: readonly string[],
  length: number,
  more: Readonly<Record<string, SQL>> = {},
): Promise<Map<string, PublicRecord>> {
  const table = tableOf(db, kind);
  const rows = await session.all<PublicRecord>(
    `searched texts of ${kind.name} ${length} ${Object.keys(more)}`,
    (on) =>
      on
        .select({ ...searchedColumns(db, kind, length), ...more })
        .from(table)
        .where(db.dialect.isAmong(table.id as Column, 'ids')),
    { ids: db.dialect.list(ids) },
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Names of the searched fields of a kind, those it is called by first. */
export function pathsOf({ searched }: Kind): string[] {
  return [...(searched?.names ?? []), ...(searched?.texts ?? [])];
}

/** The fields that these paths begin with. */
export function fieldsOf(kind: Kind): string[] {
  return pathsOf(kind).map((path) => path.split('.')[0] as string);
}

/** A stretch of a text, in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const beginningsOf = (terms: readonly Term[]) => terms.map(({ words }) => words[0] as string);

/** Where each of some terms may stand: a query is looked for in many texts. */
const chances = new WeakMap<readonly Term[], RegExp>();

function chanceIn(terms: readonly Term[]): RegExp {
  const known = chances.get(terms);
  if (known !== undefined) return known;
  const chance = chanceOf(beginningsOf(terms));
  chances.set(terms, chance);
  return chance;
}

/**
 * Where terms stand in a text, in order, none twice; with `reach`, only those that begin so many UTF-16 units after the
 * first at most, so that no more of the text is looked at.
 */
export function stretchesOf(text: string, terms: readonly Term[], reach = text.length): Stretch[] {
  if (terms.length === 0) return [];
  const longest = Math.max(...terms.map(({ words }) => words.length));
  // What stands beside a word is of no account to terms of one.
  const rest =
    longest > 1 ? wordsIn(text, firstChance(text, beginningsOf(terms))) : wordsNear(text, chanceIn(terms));
  const words: Word[] = [];
  const found: Stretch[] = [];
  for (let at = 0; ; at += 1) {
    for (let next: IteratorResult<Word>; words.length < at + longest; words.push(next.value)) {
      next = rest.next();
      if (next.done) break;
    }
    const first = words[at];
    if (first === undefined || first.start > (found[0]?.start ?? first.start) + reach) return found;
    let length = 0;
    for (const term of terms)
      if (term.words.length > length && standsAt(words, at, term)) length = term.words.length;
    if (length === 0) continue;
    const last = words[at + length - 1] as Word;
    const before = found.at(-1);
    if (before === undefined || first.start >= before.end) found.push({ start: first.start, end: last.end });
    else if (last.end > before.end) found[found.length - 1] = { start: before.start, end: last.end };
  }
}

function standsAt(words: readonly Word[], at: number, { as, words: wanted }: Term): boolean {
  if (as === 'prefix') return (words[at] as Word).word.startsWith(wanted[0] as string);
  return wanted.every((word, after) => words[at + after]?.word === word);
}

/** Whether a record has every phrase it must and none that it must not. */
export function phrasesHold(kind: Kind, record: PublicRecord, { terms, excluded }: Query): boolean {
  const texts = pathsOf(kind).flatMap((path) => textsOf(record, path));
  const has = (term: Term) => texts.some((text) => stretchesOf(text, [term], 0).length > 0);
  const phrases = (of: readonly Term[]) => of.filter(({ as }) => as === 'phrase');
  return phrases(terms).every(has) && !phrases(excluded).some(has);
}

/** Characters of a record’s searched texts. */
export function lengthOf(kind: Kind, record: PublicRecord): number {
  const texts = pathsOf(kind).flatMap((path) => textsOf(record, path));
  return texts.reduce((sum, { length }) => sum + length, 0);
}
