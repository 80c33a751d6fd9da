/** A matter as a policy, with all that hangs on it: sponsors, history, votes, attachments and its text. */
import { createHash } from 'node:crypto';
import type { Identifier } from '../../engine/rows.ts';
import { type Client, idIn, placeOf } from './client.ts';
import { documentKindOf, mediaTypeOf } from './document-words.ts';
import { type Draft, noAddress, told } from './draft.ts';
import type { Attachment, Day, Matter, MatterText, Sponsor } from './forms.ts';
import { FINAL, statusOf, typeOf } from './matter-words.ts';
import { fromSteps, type Understood, understood } from './steps.ts';
import { addressOf, prose, tidy } from './wording.ts';

/** The records of a matter, the policy first. */
export function* fromMatter(client: Client, matter: Matter): Generator<Draft> {
  const policy = idIn(client, matter.id);
  const type = typeOf(matter.type);
  const steps = understood(client, matter.steps, type === 'ordinance' || type === 'bill');
  const standing = standingOf(matter, steps);
  yield { kind: 'policy', at: '', body: policyOf(client, matter, type, standing, steps) };
  yield* fromSponsors(client, matter.id, matter.sponsors);
  yield* fromSteps(client, policy, steps);
  for (const attachment of matter.attachments) yield* fromAttachment(client, policy, attachment);
  if (matter.text) yield* fromText(client, policy, matter, matter.text, standing.status);
}

/** Where a matter stands, and how that is known. */
interface Standing {
  readonly status: string;
  readonly basis: 'stated' | 'derived' | null;
}

/**
 * By the source's word. One that was filed because its session ended has expired; older records have the same word for
 * both, and the last step tells them apart.
 */
function standingOf({ status: word }: Matter, steps: readonly Understood[]): Standing {
  const status = statusOf(word);
  if (status === 'filed' && steps.at(-1)?.meaning.status === 'expired')
    return { status: 'expired', basis: 'derived' };
  return status ? { status, basis: 'stated' } : { status: 'unknown', basis: null };
}

function policyOf(
  client: Client,
  matter: Matter,
  type: string,
  { status, basis }: Standing,
  steps: readonly Understood[],
) {
  const file = tidy(matter.file);
  const title = tidy(matter.title) ?? tidy(matter.name) ?? file ?? String(matter.id);
  const name = tidy(matter.name);
  const { site } = client;
  const page = `gateway.aspx?m=l&id=/matter.aspx?key=${matter.id}`;
  return told({
    type,
    type_raw: tidy(matter.type),
    identifier: file,
    title,
    short_title: name === title ? null : name,
    summary: prose(matter.summary),
    jurisdiction_id: placeOf(client),
    organization_id: idIn(client, client.council),
    session: file && sessionOf(client, file),
    status,
    status_raw: tidy(matter.status),
    status_basis: basis,
    status_as_of: asOf(matter, status, steps),
    introduced_on: matter.introduced,
    adopted_on: adoptedOn(matter, status, steps),
    signed_on: lastOf(steps, 'executive-signature'),
    final_action_on: matter.finalAction,
    law_number: tidy(matter.lawNumber),
    language: 'en',
    links: site ? [{ url: `${site}/${page}`, kind: 'legislation' }] : null,
    identifiers: [idIn(client, matter.id)],
  });
}

/** The session of the year in a number, as in `Int 0804-1996-A`. */
function sessionOf(client: Client, file: string): string | null {
  const year = /\b(\d{4})-(\d{4})\b/.exec(file)?.[2] ?? /\b(?:19|20)\d{2}\b/.exec(file)?.[0];
  return year ? client.session(Number(year)) : null;
}

/** The day of the step that brought a matter where it stands, as far as the source says; else of its last step. */
function asOf(matter: Matter, status: string, steps: readonly Understood[]): Day | null {
  const decided = FINAL.has(status) ? (matter.enacted ?? matter.finalAction) : null;
  return decided ?? steps.at(-1)?.step.date ?? matter.introduced;
}

/**
 * A resolution is adopted by the final action. A law is passed before it is signed or becomes law, which is what the
 * source's “passed date” tells: it is adopted by the council's last vote for it, over a veto where there was one.
 */
function adoptedOn({ finalAction }: Matter, status: string, steps: readonly Understood[]): Day | null {
  if (status === 'adopted') return finalAction ?? lastOf(steps, 'passage');
  if (status === 'enacted') return lastOf(steps, 'veto-override-passage') ?? lastOf(steps, 'passage');
  return null;
}

function lastOf(steps: readonly Understood[], classification: string): Day | null {
  const found = steps.findLast(({ meaning }) => meaning.classification.includes(classification));
  return found?.step.date ?? null;
}

/** The first is the prime sponsor. One without a name is none: it is left out, and said to be. */
function* fromSponsors(client: Client, matter: number, sponsors: readonly Sponsor[]): Generator<Draft> {
  const policy = idIn(client, matter);
  const met = new Set<string>();
  for (const [index, { personId, name: printed }] of sponsors.entries()) {
    const at = `sponsor ${index + 1}`;
    const name = tidy(printed);
    if (!name) {
      yield { kind: 'sponsorship', at, note: 'the source names nobody here' };
      continue;
    }
    const whom = personId ? String(personId) : name;
    if (met.has(whom)) {
      yield { kind: 'sponsorship', at, note: `${name} stands here a second time` };
      continue;
    }
    met.add(whom);
    yield {
      kind: 'sponsorship',
      at,
      body: told({
        policy_id: policy,
        name,
        official_id: personId ? idIn(client, personId) : undefined,
        classification: index === 0 ? 'primary' : 'cosponsor',
        position: index + 1,
        identifiers: [idIn(client, `${matter}-${whom}`)],
      }),
    };
  }
}

function* fromAttachment(
  client: Client,
  policy: Identifier,
  { id, name: printed, url: link }: Attachment,
): Generator<Draft> {
  const name = tidy(printed) ?? '(no name)';
  const at = `attachment ${id}`;
  const url = link && addressOf(link);
  yield {
    kind: 'document',
    at,
    body: told({
      policy_id: policy,
      name,
      classification: documentKindOf(name),
      url,
      media_type: link && mediaTypeOf(link),
      identifiers: [idIn(client, id)],
    }),
  };
  if (link && !url) yield noAddress(at, link);
}

/**
 * The text that stands. The formatted original is not kept: its SHA-256 (of its UTF-8) tells whether it is the same. A
 * later version has an id of its own, so that earlier texts stay beside it.
 */
function* fromText(
  client: Client,
  policy: Identifier,
  { file, version }: Matter,
  { id, plain, rtf }: MatterText,
  status: string,
): Generator<Draft> {
  const text = prose(plain);
  if (text === null && !rtf) return;
  const letter = tidy(version) ?? '*';
  yield {
    kind: 'policy_version',
    at: `text ${id}`,
    body: told({
      policy_id: policy,
      classification: stageOf(status, letter),
      label: letter === '*' ? tidy(file) : `${tidy(file) ?? ''}, version ${letter}`,
      text,
      media_type: rtf ? 'application/rtf' : null,
      sha256: rtf ? createHash('sha256').update(rtf).digest('hex') : null,
      language: 'en',
      identifiers: [idIn(client, id)],
    }),
  };
}

function stageOf(status: string, letter: string): string {
  if (status === 'enacted') return 'became_law';
  if (status === 'adopted') return 'adopted';
  return letter === '*' ? 'introduced' : 'substituted';
}
