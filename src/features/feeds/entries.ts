/** What a feed says of a record: a title, a text, and the words it is filed under. */
import type { Kind, PublicRecord } from '../../model/declare.ts';

/** An entry of a feed, in whatever form; instants are RFC 3339. */
export interface Entry {
  /** Stays the same whatever becomes of the record, and whatever the service is called. */
  readonly id: string;
  readonly title: string;
  /** Address of the record by its id, without the service's own. */
  readonly path: string;
  readonly text: string | null;
  readonly language: string | null;
  readonly published: string;
  readonly updated: string;
  readonly tags: readonly string[];
  /** Pages elsewhere that the record names. */
  readonly links: readonly string[];
}

/** Longest title, in code points. */
const TITLE = 200;

/** What is to be included in records for their entries. */
export function includesFor(kind: Kind): string[] {
  return ['topics', 'official', 'organization'].filter(
    (name) => name in kind.includes && (name !== 'organization' || kind.name === 'statement'),
  );
}

/** The entry of a record, read with `includesFor` its kind. */
export function entryOf(kind: Kind, record: PublicRecord): Entry {
  const { name, text } = kind.name === 'statement' ? utterance(record) : titled(kind, record);
  return {
    id: `urn:uuid:${record.id}`,
    title: abridged(name),
    path: `/v1/${kind.path}/${record.id}`,
    text,
    language: textOf(record, 'language'),
    published: String(record.created_at),
    updated: String(record.updated_at),
    tags: tagsOf(kind, record),
    links: ((record.links ?? []) as { url: string }[]).map(({ url }) => url),
  };
}

/** Whether a kind's records can be entries: those that have a name of their own. */
export function hasFeed(kind: Kind): boolean {
  return kind.slugFrom !== undefined;
}

const textOf = (record: PublicRecord, field: string): string | null => {
  const value = record[field];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
};

function titled(kind: Kind, record: PublicRecord): { name: string; text: string | null } {
  const name = (kind.slugFrom ?? []).map((field) => textOf(record, field)).find((one) => one !== null);
  const about = ['summary', 'description', 'biography'].map((field) => textOf(record, field));
  return { name: name ?? String(record.slug), text: about.find((one) => one !== null) ?? null };
}

/** An utterance is titled by who said what; its text has both the words and what was said in ours. */
function utterance(record: PublicRecord): { name: string; text: string | null } {
  const known = [record.official, record.organization] as ({ readonly name: string } | null | undefined)[];
  const speaker = known.find((one) => one)?.name ?? textOf(record, 'speaker_name');
  const words = textOf(record, 'text');
  const quoted = words === null ? null : `“${words}”`;
  const summary = textOf(record, 'summary');
  const name = [speaker, quoted ?? summary].filter((one) => one !== null).join(': ');
  return { name, text: [quoted, summary].filter((one) => one !== null).join('\n\n') || null };
}

/** Coded words, but for how something is known, and names of topics. */
function tagsOf(kind: Kind, record: PublicRecord): string[] {
  const coded = Object.keys(kind.fields).filter(
    (name) => kind.fields[name]?.filter === 'word' && !name.endsWith('_basis'),
  );
  const words = coded.flatMap((name) => [record[name] ?? []].flat().map(String));
  const topics = (record.topics as { data?: readonly PublicRecord[] } | undefined)?.data ?? [];
  return [...new Set([...words, ...topics.map(({ name }) => String(name))])];
}

/** A title on one line, cut at a word where it is too long. */
function abridged(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const points = [...line];
  if (points.length <= TITLE) return line;
  const start = points.slice(0, TITLE - 1).join('');
  return `${start.replace(/\s+\S*$/, '')}…`;
}
