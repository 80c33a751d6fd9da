/** Who changes something, and why: what the change log keeps of a request. */
import type { FastifyRequest } from 'fastify';
import type { Author, Writer } from '../engine/writer.ts';
import { Problem } from '../errors.ts';
import { type ApiKey, readKeyById, stateOf } from './keys.ts';
import { countWrites } from './quotas.ts';

/** The author of the changes a request makes: the name of its key, its reason, and how far the key may go. */
export function authorOf(request: FastifyRequest): Author {
  const { apiKey } = request;
  return {
    actor: apiKey?.name ?? '',
    reason: reasonOf(request),
    within: apiKey?.jurisdictionIds ?? null,
    atEnd: async (writer, records) => {
      if (apiKey) request.quota = (await countWrites(writer, apiKey, records)) ?? null;
    },
    told: (revision) => {
      request.revision = revision;
    },
  };
}

/**
 * The author of what goes on once its request has been answered: each of its transactions is undone where the key may
 * not write by then what it could before.
 */
export function lastingAuthorOf(request: FastifyRequest): Author {
  const { apiKey } = request;
  if (apiKey === null) return authorOf(request);
  return {
    ...authorOf(request),
    atEnd: async (writer, records) => {
      await countWrites(writer, await stillGood(writer, apiKey), records);
    },
  };
}

/** A key as it is now; throws where it ended, or covers less than it did. */
async function stillGood({ engine: { db }, session, at }: Writer, then: ApiKey): Promise<ApiKey> {
  const now = await readKeyById(db, session, then.id);
  const refused = (what: string) => new Problem('forbidden', `The key ${then.name} ${what}.`);
  const state = now ? stateOf(now.row, new Date(at)) : 'revoked';
  if (now === undefined || state !== 'valid')
    throw refused(`has ${state === 'expired' ? '' : 'been '}${state}`);
  if (!now.scopes.includes('write')) throw refused('may not write any more');
  const { jurisdictionIds: places } = now;
  if (places && !then.jurisdictionIds?.every((id) => places.includes(id)))
    throw refused('is limited to fewer jurisdictions than before');
  return now;
}

const REASON_LENGTH = 1000;

/** Why a change is made, from `X-Reason` (percent-encoded where it is not plain ASCII). */
function reasonOf(request: FastifyRequest): string | null {
  const header = request.headers['x-reason'];
  if (header === undefined) return null;
  const text = decoded(String(header));
  if (text === undefined || text === '' || text.length > REASON_LENGTH) {
    throw new Problem('invalid-parameter', 'The reason cannot be kept as sent.', {
      errors: [
        {
          header: 'X-Reason',
          message: 'cannot be kept as sent',
          expected: `1 to ${REASON_LENGTH} characters; UTF-8, percent-encoded where it is not plain ASCII, and % as %25`,
        },
      ],
    });
  }
  return text;
}

/** The text of a header, or undefined: bytes beyond ASCII stand for one text to some clients, for another to others. */
function decoded(text: string): string | undefined {
  if (!/^[\t\x20-\x7e]*$/.test(text)) return undefined;
  try {
    const plain = decodeURIComponent(text);
    return plain.includes('\0') ? undefined : plain;
  } catch {
    return undefined;
  }
}
