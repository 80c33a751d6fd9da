/** Texts and dates of Legistar's, as records can hold them. */
import { isWebUrl } from '../../engine/formats.ts';
import type { Day } from './forms.ts';

/**
 * A name or title: line ends (`\r\n` stand even in names of people) and runs of spaces are one space, none at either
 * end. Null where nothing is left.
 */
export function tidy(text: string | null | undefined): string | null {
  return (
    storable(text ?? '')
      .replace(/\s+/g, ' ')
      .trim() || null
  );
}

/** A text of several lines, which end in `\n`; otherwise as it is. Null where it is blank. */
export function prose(text: string | null | undefined): string | null {
  const made = storable(text ?? '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n');
  return /\S/.test(made) ? made : null;
}

/**
 * What no text can hold here is U+FFFD: NUL, and halves of surrogate pairs. A U+FFFD of the source's own stays: what
 * stood there was lost before.
 */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

/** What a zero date begins with: it stands for none. */
const NO_YEAR = '0001-01-01';

/**
 * The day of a time by the local clock. Legistar writes such times as `2022-01-20T13:30:00`, copies of it put a `Z` behind
 * them that is not true: turned into local time they would move to another day, so the day is taken as it is written.
 */
export function dayOf(time: string | null | undefined): Day | null {
  if (!time || time.startsWith(NO_YEAR)) return null;
  return /^\d{4}-\d{2}-\d{2}T/.test(time) ? time.slice(0, 10) : time;
}

/** A time with its offset as it is; null for a zero one. */
export function momentOf(time: string | null | undefined): string | null {
  return !time || time.startsWith(NO_YEAR) ? null : time;
}

/** A web address, its spaces written as addresses have them; null for what is none, as the bare name of a file. */
export function addressOf(printed: string): string | null {
  const address = printed.trim().replaceAll(' ', '%20');
  return isWebUrl(address) ? address : null;
}
