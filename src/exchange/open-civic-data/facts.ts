/** Small facts of scraped files as the tracker writes them: texts, days, moments, addresses. */

/** A text that says something; undefined where it is blank. */
export function said(text: string | null | undefined): string | undefined {
  return text == null || text.trim() === '' ? undefined : text;
}

/** The words of a list that may be one word, or none. */
export function wordsOf(words: readonly string[] | string | null | undefined): string[] {
  return [words ?? []].flat().filter((word) => word.trim() !== '');
}

/** The day of a date or a time, as it is written: a scraper writes the local time of the place, with its offset. */
export function dayOf(time: string | null | undefined): string | undefined {
  return said(time)?.slice(0, 10);
}

/** A date, or a time with its offset; offsets are written with minutes, and a whole day has none. */
export function momentOf(time: string | null | undefined, allDay = false): string | undefined {
  const text = said(time)
    ?.replace(' ', 'T')
    .replace(/([+-]\d{2})(\d{2})?$/, offset);
  return allDay ? text?.slice(0, 10) : text;
}

/** Of `2024-05-07` the end looks like an offset, and is none. */
function offset(found: string, hours: string, minutes: string | undefined, at: number): string {
  return at > 10 ? `${hours}:${minutes ?? '00'}` : found;
}

/** An address as browsers read it: spaces around it are none of it, those within are encoded. */
export function addressOf(url: string | null | undefined): string | undefined {
  return said(url)
    ?.trim()
    .replace(/\s/g, (space) => encodeURIComponent(space));
}

const WEB = /^https?:\/\//i;

interface Given {
  readonly url?: string | null;
  readonly note?: string | null;
}

interface Link {
  url: string;
  kind: string;
  note?: string;
}

/** Addresses as links, each once; what is no web address is told apart. */
export function linksOf(
  given: readonly Given[],
  kindOf: (link: Given) => string,
): { readonly links: Link[]; readonly others: string[] } {
  const links = new Map<string, Link>();
  const others: string[] = [];
  for (const one of given) {
    const url = addressOf(one.url);
    if (url === undefined || links.has(url)) continue;
    if (!WEB.test(url) || !URL.canParse(url)) others.push(url);
    else links.set(url, { url, kind: kindOf(one), ...(said(one.note) ? { note: one.note as string } : {}) });
  }
  return { links: [...links.values()], others };
}
