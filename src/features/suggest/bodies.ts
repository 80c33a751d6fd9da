/** Suggestions as bodies that a POST takes: what is known is filled in, and what is not is named in `fill`. */
import { PARTICLES } from './vocabulary.ts';

/** A body ready for `POST /v1/{path}`, once the members that `fill` points at are given. */
export interface Ready {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** JSON Pointers to members that only an editor can give. */
  readonly fill: readonly string[];
}

/** The source that suggestions are made from; without one its id is left to be filled in. */
export interface Origin {
  readonly id: string | null;
  readonly published_on: string | null;
  readonly language: string | null;
}

/** Adds the source, or the wish for one. */
export function fromSource(origin: Origin, path: string, body: object, fill: readonly string[] = []): Ready {
  if (origin.id !== null) return { path, body: { ...body, source_id: origin.id }, fill };
  return { path, body: { ...body }, fill: [...fill, '/source_id'] };
}

/** A body for a person nobody knows yet. */
export function newOfficial(printed: string): Ready {
  const words = printed.split(/\s+/);
  const particle = words.findIndex((word, at) => at > 0 && PARTICLES.has(word.toLowerCase()));
  const suffix = /^(?:jr|sr|ii|iii|iv)\.?$/i.test(words.at(-1) ?? '') ? 1 : 0;
  const family = particle > 0 ? particle : words.length - 1 - suffix;
  const parts =
    words.length > 1 && family > 0
      ? {
          given_name: words.slice(0, family).join(' '),
          family_name: words.slice(family, words.length - suffix).join(' '),
        }
      : {};
  return { path: 'officials', body: { name: printed, ...parts }, fill: [] };
}

/** What the last word of a body’s name says of it, as a word of `organization_classification`. */
const CLASSES: Readonly<Record<string, string>> = {
  council: 'council',
  committee: 'committee',
  subcommittee: 'subcommittee',
  commission: 'commission',
  department: 'department',
  agency: 'agency',
  party: 'party',
  court: 'judiciary',
  legislature: 'legislature',
};

/** A body for an organization nobody knows yet. */
export function newOrganization(printed: string): Ready {
  const words = printed.toLowerCase().split(/\s+/);
  const head = words.find((word) => word in CLASSES);
  const classification = head === undefined ? {} : { classification: CLASSES[head] };
  return { path: 'organizations', body: { name: printed, ...classification }, fill: [] };
}

/** What the words beside a name say the person is; forms of address say nothing. */
export function roleOf(title: string | null, role: string | null): string | null {
  const plain = title?.replace(/^(?:mr|mrs|ms|mx|miss|dr|prof)\.?$/i, '') ?? '';
  return role ?? (plain === '' ? null : plain);
}

/** Whether a role is one of the past. */
export function isFormer(role: string): boolean {
  return /^(?:the |an? )?(?:former|ex)\b/i.test(role);
}

/** On what kind of occasion something was said, by the words around it: a word of `statement_kind`. */
export function occasionOf(attribution: string, document: boolean): string {
  if (document) return 'document_text';
  if (/\binterview/i.test(attribution)) return 'interview';
  if (/\btestif|\bhearing\b/i.test(attribution)) return 'hearing';
  if (/\btweet|\bposted\b|\bsocial media\b|\bFacebook\b|\bInstagram\b/i.test(attribution))
    return 'social_post';
  if (/\bpress conference\b|\bnews conference\b|\btold reporters\b/i.test(attribution))
    return 'press_conference';
  if (/\bpress release\b|\bin a statement\b/i.test(attribution)) return 'press_release';
  if (/\bletter\b/i.test(attribution)) return 'letter';
  return /\bspeech\b|\baddress\b/i.test(attribution) ? 'speech' : 'remark';
}
