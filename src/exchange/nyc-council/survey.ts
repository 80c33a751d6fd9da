/**
 * What has to be known of all files before records are made of one: which bodies there are, which matters stand in two
 * files, which numbers they have, and what has changed. Files are looked through for this without being parsed.
 */
import { readFileSync } from 'node:fs';
import type { Body } from '../legistar/forms.ts';
import { folded, type Standing } from './layout.ts';

export interface Survey {
  /** By their ids; each with the file that names it so. */
  readonly bodies: readonly (Body & { readonly file: string })[];
  /** Ids of matters by their numbers, folded. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Files whose matter stands in another that was changed later, and that other. */
  readonly doubled: ReadonlyMap<string, string>;
  /** Files in which something has changed since; undefined where that was not asked. */
  readonly changed: ReadonlySet<string> | undefined;
}

/** Looks through the files; `since` is an instant. */
export function survey(files: readonly Standing[], since?: string): Survey {
  const bodies = new Bodies();
  const numbers = new Map<string, number>();
  const kept = new Map<number, Seen>();
  const doubled = new Map<string, string>();
  const changed = since === undefined ? undefined : new Set<string>();
  const from = Date.parse(since ?? '');
  for (const { file, holds } of files) {
    if (holds !== 'matter' && holds !== 'event' && holds !== 'person') continue;
    const text = readFileSync(file.path, 'utf8');
    bodies.meet(text, file.name);
    if (changed && hasChanged(text, from)) changed.add(file.name);
    const id = holds === 'matter' ? idIn(text) : undefined;
    if (id === undefined) continue;
    const number = NUMBER.exec(text)?.[1];
    if (number) numbers.set(folded(number), id);
    const seen = { file: file.name, at: lastChange(text) };
    const other = kept.get(id);
    // The copy leaves the old file where a matter was moved to another folder.
    const newer = !other || seen.at > other.at;
    if (newer) kept.set(id, seen);
    if (other && newer) doubled.set(other.file, seen.file);
    else if (other) doubled.set(seen.file, other.file);
  }
  return { bodies: bodies.all(), numbers, doubled, changed };
}

interface Seen {
  readonly file: string;
  /** When it was last changed, in milliseconds since 1970. */
  readonly at: number;
}

/** The id of the whole comes first. */
const idIn = (text: string) => {
  const found = /^\s*\{\s*"ID":\s*(\d+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};
const NUMBER = /"File":\s*"([^"\\]*)"/;

/** When the whole was last changed, which comes last. */
function lastChange(text: string): number {
  const found = text.lastIndexOf('"LastModified"');
  const time = /^"LastModified":\s*"([^"]*)"/.exec(text.slice(found, found + 80))?.[1];
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at;
}

/** Whether the whole or any of its parts was changed since; what does not say when counts as changed. */
function hasChanged(text: string, since: number): boolean {
  const times = [...text.matchAll(/"LastModified":\s*"([^"]*)"/g)].map(([, time]) => Date.parse(time ?? ''));
  return times.length === 0 || times.some((time) => Number.isNaN(time) || time > since);
}

/** Bodies are not listed anywhere: they are where they are mentioned, under the name they had when that was written. */
class Bodies {
  /** By id, the names, each with the newest file that has it. */
  readonly #names = new Map<number, Map<string, { readonly age: number; readonly file: string }>>();
  readonly #met = new Map<string, number>();

  meet(text: string, file: string): void {
    const age = yearOf(file);
    for (const [mention, id, name] of text.matchAll(MENTION)) {
      if ((this.#met.get(mention) ?? -1) >= age) continue;
      this.#met.set(mention, age);
      const names = this.#names.get(Number(id)) ?? new Map();
      names.set(JSON.parse(`"${name}"`), { age, file });
      this.#names.set(Number(id), names);
    }
  }

  all(): Survey['bodies'] {
    return [...this.#names]
      .filter(([id]) => id !== 0)
      .sort(([a], [b]) => a - b)
      .map(([id, names]) => {
        const sorted = [...names].sort(([, a], [, b]) => b.age - a.age);
        const [name, { file }] = sorted[0] as (typeof sorted)[number];
        return { id, name, type: null, formerNames: sorted.slice(1).map(([former]) => former), file };
      });
  }
}

const MENTION = /"BodyID":\s*(\d+),\s*"BodyName":\s*"((?:[^"\\]|\\.)*)"/g;

/** How new a file's names are: those of people are written anew from time to time, others with the year they are of. */
function yearOf(file: string): number {
  return Number(/\/(\d{4})\//.exec(file)?.[1] ?? 9999);
}
