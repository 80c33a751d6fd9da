/** `POST /v1/imports`: a bundle, received whole and then imported while the client looks on, or leaves. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { get } from '../engine/read.ts';
import { Problem } from '../errors.ts';
import { openImports, type Received } from '../exchange/import/queue.ts';
import { importRun } from '../model/import-runs.ts';
import { lastingAuthorOf } from './author.ts';
import { answers, operation } from './operations.ts';
import type { Uploads } from './uploads.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body is read as it comes. */
    streamed?: boolean;
  }
}

const MEDIA_TYPE = 'application/x-ndjson';

/** A bundle of one line. */
const EXAMPLE = `${JSON.stringify({
  kind: 'topic',
  record: { name: 'Libraries', identifiers: [{ scheme: 'local', identifier: 'libraries' }] },
})}\n`;

/** Bytes of a body at most, packed or not, and how many times as many it may unpack to. */
const MOST = 1024 ** 3;
const UNPACKED = 20;
/** Imports that run, wait or are on their way at most. */
const WAITING = 8;

const parameters = Type.Object(
  {
    strict: Type.Boolean({
      default: false,
      description: 'Whether one bad record makes all fail; others that write wait for the whole import.',
    }),
    dry_run: Type.Boolean({
      default: false,
      description: 'Whether nothing is to be written; the run says what would be.',
    }),
  },
  { additionalProperties: false },
);

const DESCRIPTION = `A bundle is NDJSON, one record a line: \`{"kind": "policy", "id": …, "record": {…}}\`, the record as the POST of its kind takes it. It needs an id or an identifier, by which the next import finds it again. A reference is an id, a slug or \`{"scheme", "identifier"}\`, and may come before what it mentions. Records are upserted, a bad one fails alone, and references to what never comes are left out; a key that ends, or has used up its writes of the day, ends the import with what it wrote so far; the run at \`Location\` counts and lists both. The body may be gzip, with \`Content-Encoding\` or without, and has ${MOST / 1024 ** 3} GiB at most. It may take as long as it comes; once nothing has come for 30 seconds it is given up with 408. The same body again goes on where it was interrupted, or changes nothing.`;

/** Registers the route; imports that run end with the app. */
export async function registerImports(
  app: FastifyInstance,
  { engine, uploads }: { engine: Engine; uploads: Uploads },
): Promise<void> {
  const imports = openImports(engine, (err) => app.log.error({ err }, 'an import failed'));
  app.addHook('onClose', imports.close);
  let coming = 0;
  /** The body of a request, in a file; a place is held for it meanwhile. */
  const taken = (request: FastifyRequest) => {
    if (imports.length() + coming >= WAITING)
      throw new Problem('overloaded', `${WAITING} imports are waiting already.`, {
        headers: { 'retry-after': '60' },
      });
    coming += 1;
    return receive(request, uploads).finally(() => {
      coming -= 1;
    });
  };
  app.addContentTypeParser(
    [MEDIA_TYPE, 'application/ndjson'],
    async (request: FastifyRequest, stream: Readable) => {
      if (request.routeOptions.config.streamed) return stream;
      throw new Problem('unsupported-media-type', 'Bodies here are JSON: send application/json.');
    },
  );
  app.post(
    '/v1/imports',
    {
      config: { streamed: true },
      // The body is a stream, of which a schema can say nothing.
      validatorCompiler: ({ schema, httpPart, ...rest }) =>
        httpPart === 'body'
          ? () => true
          : (app.validatorCompiler as NonNullable<typeof app.validatorCompiler>)({
              schema,
              ...rest,
              ...(httpPart ? { httpPart } : {}),
            }),
      schema: {
        ...operation('imports', 'create', {
          summary: 'Import a bundle of records',
          description: DESCRIPTION,
          querystring: parameters,
          writes: true,
          response: answers(
            { 202: ['The run, which has been begun; look at it again.', 'ImportRun'] },
            [403, 413, 415, 422, 507],
          ),
        }),
        body: {
          content: {
            [MEDIA_TYPE]: { schema: { type: 'string', description: 'The bundle.', examples: [EXAMPLE] } },
          },
        },
      },
    },
    async (request, reply) => {
      const { strict, dry_run: dryRun } = request.query as { strict: boolean; dry_run: boolean };
      const author = lastingAuthorOf(request);
      const run = await imports.take(author, await taken(request), { strict, dryRun });
      const { record } = await get(engine, importRun, run.id, {}, { restricted: false });
      reply.code(202).header('location', `${engine.publicUrl}/v1/import-runs/${run.id}`);
      return reply.send(record);
    },
  );
}

/** Puts a body into a file; what has not come whole leaves nothing behind. */
async function receive(request: FastifyRequest, uploads: Uploads): Promise<Received> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (!['identity', 'gzip', 'x-gzip'].includes(encoding))
    throw new Problem(
      'unsupported-media-type',
      `Bundles come as they are or as gzip, not encoded as ${encoding}.`,
    );
  if (!(request.body instanceof Readable))
    throw new Problem('unsupported-media-type', `Send the bundle as ${MEDIA_TYPE}.`);
  if (Number(request.headers['content-length'] ?? 0) > MOST) throw tooLarge();
  const folder = await mkdtemp(join(tmpdir(), 'civic-import-'));
  const path = join(folder, 'bundle');
  const hash = createHash('sha256');
  let size = 0;
  async function* measured(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > MOST) throw tooLarge();
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    await pipeline(uploads.read(request), measured, createWriteStream(path));
    if (size === 0) throw new Problem('bad-request', 'The body is empty; send a bundle.');
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder, path, name: `sha256:${hash.digest('hex')}`, most: UNPACKED * MOST };
}

const tooLarge = () =>
  new Problem('payload-too-large', `A bundle has at most ${MOST} bytes here; the command line takes any.`);
