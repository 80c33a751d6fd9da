/**
 * Requests that may be sent twice (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header): the answer to what
 * was done is kept in the transaction that did it, and given again to whoever repeats the request.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Column } from '../db/columns.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import { placeholders } from '../engine/rows.ts';
import { IDEMPOTENCY_KEPT } from '../engine/sweeps.ts';
import { type Author, type Writer, writing } from '../engine/writer.ts';
import { Problem } from '../errors.ts';
import type { ApiKey } from './keys.ts';

/** The answer to a write that was done. */
export interface Done {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The same as it is kept and sent: the body as text. */
interface Kept extends Omit<Done, 'body'> {
  readonly body: string;
}

export interface Once {
  readonly engine: Engine;
  readonly author: Author;
  /** Whether the work needs a transaction that it shares with no other. */
  readonly alone?: boolean;
}

/** What stands for a request: whose key it came with, its own key, and a digest of what it asks. */
interface Claim {
  readonly api_key_id: string;
  readonly key: string;
  readonly request_sha256: string;
}

/** Requests with a key that are being answered by this process, and what they ask. */
const running = new WeakMap<Engine, Map<string, string>>();

/**
 * Does the work of a POST in a transaction and answers it, once for each `Idempotency-Key`: a repeat gets the first
 * answer, one that comes while the first runs a 409, and another request with the same key a 422.
 */
export async function answerOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  { engine, author, alone = false }: Once,
  work: (writer: Writer) => Promise<Done>,
): Promise<FastifyReply> {
  const claim = claimOf(request);
  if (claim === undefined) {
    const done = await writing(engine, author, async (writer) => kept(await work(writer)), { alone });
    return send(reply, done);
  }
  const claims = running.get(engine) ?? new Map<string, string>();
  running.set(engine, claims);
  const name = `${claim.api_key_id} ${claim.key}`;
  const first = claims.get(name);
  if (first !== undefined) throw first === claim.request_sha256 ? stillRunning() : mismatch(claim.key);
  claims.set(name, claim.request_sha256);
  try {
    let replayed = false;
    const answer = await writing(
      engine,
      author,
      async (writer) => {
        // Writers of all processes take turns, so whoever was first has been answered by now.
        const known = await find(writer, claim);
        replayed = known !== undefined;
        if (known) return known;
        const done = kept(await work(writer));
        await keep(writer, claim, done);
        return done;
      },
      { alone },
    );
    if (replayed) reply.header('idempotent-replayed', 'true');
    return send(reply, answer);
  } finally {
    claims.delete(name);
  }
}

function kept({ body, ...rest }: Done): Kept {
  return { ...rest, body: JSON.stringify(body) };
}

function send(reply: FastifyReply, { status, headers, body }: Kept): FastifyReply {
  return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body);
}

function claimOf(request: FastifyRequest): Claim | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = keyOf(String(header));
  if (key === undefined) {
    throw new Problem('invalid-parameter', 'The Idempotency-Key cannot be used.', {
      errors: [
        {
          header: 'Idempotency-Key',
          message: 'is not a key',
          expected: '1 to 255 visible ASCII characters, bare or in double quotes, such as a UUID',
          got: header,
        },
      ],
    });
  }
  const asked = [request.method, request.url, JSON.stringify(request.body) ?? ''].join('\n');
  const request_sha256 = createHash('sha256').update(asked).digest('hex');
  return { api_key_id: (request.apiKey as ApiKey).id, key, request_sha256 };
}

/** The key in a header: a structured field's string (RFC 9651, section 3.3.3), or the same text without its quotes. */
function keyOf(header: string): string | undefined {
  const [, quoted] = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(header.trim()) ?? [];
  const key = quoted?.replace(/\\(.)/g, '$1') ?? header.trim();
  if (quoted === undefined && key.startsWith('"')) return undefined;
  return /^[\x21-\x7e]{1,255}$/.test(key) ? key : undefined;
}

function stillRunning(): Problem {
  return new Problem('idempotency-running', 'The first request with this Idempotency-Key is still running.', {
    headers: { 'retry-after': '1' },
  });
}

function mismatch(key: string): Problem {
  const [message, expected] = ['stands for another request', 'a new key for a new request'];
  return new Problem('idempotency-mismatch', 'This Idempotency-Key was used for another request.', {
    errors: [{ header: 'Idempotency-Key', message, expected, got: key }],
  });
}

/** The answer kept for a claim; a 422 when the key stands for another request. */
async function find({ engine, session }: Writer, claim: Claim): Promise<Kept | undefined> {
  const { idempotencyKeys: table } = engine.db.tables;
  const { api_key_id, key, request_sha256 } = claim;
  const columns = ['request_sha256', 'status', 'headers', 'body'] as const;
  const rows = await session.all<Kept & Claim>(
    'kept answer',
    (on) =>
      on
        .select(Object.fromEntries(columns.map((name) => [name, table[name] as Column])))
        .from(table)
        .where(
          sql`${table.api_key_id} = ${sql.placeholder('api_key_id')} and ${table.key} = ${sql.placeholder('key')}
            and ${table.created_at} > ${sql.placeholder('since')}`,
        ),
    { api_key_id, key, since: new Date(engine.now().getTime() - IDEMPOTENCY_KEPT).toISOString() },
  );
  const [row] = rows;
  if (row && row.request_sha256 !== request_sha256) throw mismatch(key);
  return row && { status: row.status, headers: row.headers, body: row.body };
}

/** Keeps the answer, in place of one that is too old to be given. */
async function keep({ engine, session, at }: Writer, claim: Claim, answer: Kept): Promise<void> {
  const { idempotencyKeys: table } = engine.db.tables;
  const row = { ...claim, ...answer, created_at: at };
  const renewed = ['request_sha256', 'status', 'headers', 'body', 'created_at'];
  await session.run(
    'keep answer',
    (on) =>
      on
        .insert(table)
        .values(placeholders(Object.keys(row)) as never)
        .onConflictDoUpdate({
          target: [table.api_key_id as Column, table.key as Column],
          set: Object.fromEntries(renewed.map((name) => [name, sql.raw(`excluded.${name}`)])) as never,
        }),
    row,
  );
}
