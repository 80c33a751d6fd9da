/** Who changes something, and why: what the change log keeps of a request. */
import type { FastifyRequest } from 'fastify';
import type { Author } from '../engine/writer.ts';
import { Problem } from '../errors.ts';
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
  };
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
