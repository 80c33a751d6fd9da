/** Addresses of people and committees: their sites, their accounts, and where the facts were found. */
import { isWebUrl } from '../../engine/formats.ts';
import type { Link, Person } from './shapes.ts';

interface Made {
  readonly url: string;
  readonly kind: string;
  readonly note?: string;
}

export interface Links {
  readonly links: Made[];
  /** What was left out, as phrases. */
  readonly left: string[];
}

/** Notes of links, and what they lead to. */
const KINDS: readonly (readonly [note: RegExp, kind: string])[] = [
  [/home ?page|^website$/i, 'homepage'],
  [/form|send e-?mail/i, 'contact_form'],
  [/biograph/i, 'biography'],
];

/** Where accounts are found. They are links and no identifiers, as the next mayor often has the city’s. */
const ACCOUNTS: Readonly<Record<string, (name: string) => string>> = {
  twitter: (name) => `https://twitter.com/${name}`,
  facebook: (name) => `https://www.facebook.com/${name}`,
  instagram: (name) => `https://www.instagram.com/${name}`,
  youtube: (name) =>
    /^UC[\w-]{22}$/.test(name)
      ? `https://www.youtube.com/channel/${name}`
      : `https://www.youtube.com/${name}`,
};

/** Links a record has at most. */
const MOST = 100;

/** All addresses of a file, each once. */
export function linksOf({ links, sources, ids }: Pick<Person, 'links' | 'sources' | 'ids'>): Links {
  const made = new Map<string, Made>();
  const left: string[] = [];
  const add = (address: string, kind: string, note?: string | null) => {
    const url = address.trim();
    if (made.has(url)) return;
    if (!isWebUrl(url)) left.push(`an address that is none of the web: ${url}`);
    else if (made.size === MOST) left.push(`an address beyond the ${MOST} a record can have: ${url}`);
    else made.set(url, { url, kind, ...(note ? { note } : {}) });
  };
  for (const { url, note } of links ?? []) add(url, kindOf(note), note);
  for (const [system, name] of Object.entries(ids ?? {})) {
    const address = Object.hasOwn(ACCOUNTS, system) ? ACCOUNTS[system] : undefined;
    if (!name) continue;
    if (address) add(address(name), 'social', system);
    else left.push(`an account of a kind that is not known here: ${system}: ${name}`);
  }
  for (const source of sources ?? []) add(source.url, 'other', sourceNote(source));
  return { links: [...made.values()], left };
}

function kindOf(note: string | null | undefined): string {
  return KINDS.find(([form]) => form.test(note ?? ''))?.[1] ?? 'other';
}

/** Tells what was a source of the facts from other addresses. */
function sourceNote({ note }: Link): string {
  return note ? `source: ${note}` : 'source';
}
