/** Text formats of our own, for the validators. Each says whether a text is right, and what would be. */

import { SCHEME } from '../model/declare.ts';

const PARTIAL_DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/;

const IDENTIFIER = new RegExp(`${SCHEME.slice(0, -1)}:.+$`, 'su');

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and a day that exists in the calendar. */
export function isPartialDate(value: string): boolean {
  const match = PARTIAL_DATE.exec(value);
  if (match === null) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number?, number?];
  if (month === undefined || Number.isNaN(month)) return true;
  if (month < 1 || month > 12) return false;
  if (day === undefined || Number.isNaN(day)) return true;
  return day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** A partial date, a local time (`YYYY-MM-DDThh:mm`), or an instant with its offset. */
export function isMoment(value: string): boolean {
  if (isPartialDate(value)) return true;
  const match = LOCAL_TIME.exec(value);
  if (match === null || !isPartialDate(match[1] as string)) return false;
  const [hour, minute, second] = [match[2], match[3], match[4] ?? '0'].map(Number) as [
    number,
    number,
    number,
  ];
  const offset = /^[+-](\d{2}):(\d{2})$/.exec(match[5] ?? '');
  if (offset && (Number(offset[1]) > 23 || Number(offset[2]) > 59)) return false;
  return hour <= 23 && minute <= 59 && second <= 59;
}

/**
 * The instant a text names, in UTC with milliseconds, or undefined: RFC 3339, or a day, which means its first instant in
 * UTC. Years are 0001 to 9999 in UTC, too, as both databases know them and as texts are in the order of time.
 */
export function toInstant(value: string): string | undefined {
  const timed = LOCAL_TIME.exec(value);
  if (!isMoment(value) || value.length < 10 || (timed && timed[5] === undefined)) return undefined;
  const instant = new Date(value).toISOString();
  return /^(?!0000)\d{4}-/.test(instant) ? instant : undefined;
}

/** An absolute http or https address. */
export function isWebUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return (
    url !== undefined &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    /^https?:\/\/[^\s]+$/i.test(value)
  );
}

/** What would be right, for each format. */
export const formats: Readonly<Record<string, { validate: (value: string) => boolean; expected: string }>> = {
  'partial-date': {
    validate: isPartialDate,
    expected: 'a date as YYYY, YYYY-MM or YYYY-MM-DD that exists in the calendar',
  },
  moment: {
    validate: isMoment,
    expected: 'a partial date, a local time YYYY-MM-DDThh:mm without zone, or an instant with its offset',
  },
  'web-url': { validate: isWebUrl, expected: 'an absolute http or https address' },
  instant: {
    validate: (value) => toInstant(value) !== undefined,
    expected:
      'an instant such as 2026-01-31T00:00:00Z, or a day YYYY-MM-DD, of the years 0001 to 9999 in UTC',
  },
  identifier: {
    validate: (value) => IDENTIFIER.test(value),
    expected: 'scheme:value, such as legistar-nyc:12345',
  },
  day: { validate: (value) => value.length === 10 && isPartialDate(value), expected: 'a day as YYYY-MM-DD' },
};
