/** How people are reached, and where else they are told of; where they live never enters. */
import { said } from './facts.ts';

interface Given {
  readonly type?: string | null;
  readonly value?: string | null;
  readonly label?: string | null;
  readonly note?: string | null;
}

/** Where people live is nobody's business, whatever a source found. */
const HOME = /\b(home|residence|residential|private|personal)\b/i;

/** How somebody's offices are reached, and how many ways of reaching them at home were left out. */
export function contactsOf(details: readonly Given[] | null | undefined): {
  readonly contacts: object[];
  readonly homes: number;
} {
  const given = (details ?? []).filter(({ value }) => said(value) !== undefined);
  const away = given.filter(({ type, note, label }) => !HOME.test([type, note, label].join(' ')));
  const contacts = away.map(({ type, value, note, label }) => ({
    type: said(type) ?? 'other',
    value: value as string,
    label: said(label) ?? null,
    note: said(note) ?? null,
  }));
  return { contacts, homes: given.length - away.length };
}

const SOCIAL = /(^|\.)(twitter|x|facebook|instagram|youtube|linkedin|tiktok|threads|bsky)\.(com|app|net)$/i;

/** What an address that tells of a person is. */
export function profileKind({
  url,
  note,
}: {
  readonly url?: string | null;
  readonly note?: string | null;
}): string {
  const host = URL.canParse(url ?? '') ? new URL(url ?? '').hostname : '';
  if (SOCIAL.test(host)) return 'social';
  return /homepage|website/i.test(note ?? '') ? 'homepage' : 'official_profile';
}
