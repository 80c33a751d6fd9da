/** `/v1/exports`: the last snapshot, and its files, which can be taken in parts and gone on with where that was cut off. */
import { join } from 'node:path';
import send from '@fastify/send';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { hint } from '../engine/nearest.ts';
import { Problem } from '../errors.ts';
import { type ExportFile, MEDIA_TYPES, PACKAGE } from '../exchange/export/datapackage.ts';
import { readSnapshot, type Snapshot, snapshotsIn } from '../exchange/export/folder.ts';
import { isFresh, tagsOf } from './conditional.ts';
import { exportsSchema } from './exports-schema.ts';
import { answers, operation } from './operations.ts';
import { sendFresh } from './reads.ts';
import { makeGate } from './whole-lists.ts';

const PATH = '/v1/exports';

/** Files sent at a time, and of them to one address. */
const MOST = 128;
const EACH = 16;
/** How long a client may take nothing of a file before it is given up, in milliseconds. */
const STALL = 30_000;

const closed = { additionalProperties: false };
const name = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const fileName = name('Name of the file, as the list has it.');

/** Registers the routes; `dir` is the folder of snapshots, empty for none. */
export function registerExports(
  app: FastifyInstance,
  { engine, dir }: { engine: Engine; dir: string },
): void {
  app.addSchema(exportsSchema);
  const last = lastOf(dir);
  const gate = makeGate(MOST, EACH, 'files');

  app.get(
    PATH,
    {
      schema: operation('exports', 'list', {
        summary: 'List the files of the last snapshot',
        description: `A snapshot is all that anyone may have of the tracker, as it was at one change: each kind as NDJSON, CSV and Parquet, all of them as a bundle that an empty service can be filled with, and as one database file; \`${PACKAGE}\` describes them (Frictionless Data Package). From its \`revision\` on the change feed tells what came later: nothing is missing in between. Without a snapshot there are no files, and \`meta\` has nulls.`,
        response: answers({ 200: ['The files.', 'Exports'] }, [304, 401, 403, 406]),
      }),
    },
    async (request, reply) => {
      const snapshot = last();
      const etag = `"${snapshot?.name ?? 'none'}"`;
      return sendFresh(request, reply, etag, listed(engine, snapshot));
    },
  );

  app.get(
    `${PATH}/:file`,
    {
      config: { produces: Object.values(MEDIA_TYPES) },
      schema: operation('exports', 'find', {
        summary: 'Find a file of the last snapshot',
        description:
          'Leads to the file where it stays what it is; there a download that was cut off can be gone on with.',
        params: Type.Object({ file: fileName }, closed),
        response: {
          ...answers({}, [401, 403, 404, 406]),
          307: { description: '`Location` is the address of the file.', type: 'null' },
        },
      }),
    },
    async (request, reply) => {
      const { file } = request.params as { file: string };
      const snapshot = last();
      if (snapshot === undefined) throw new Problem('not-found', 'There is no snapshot yet.');
      const { path } = fileIn(snapshot, file);
      reply.code(307).headers({ location: addressOf(engine, snapshot, path), 'cache-control': 'no-cache' });
      return reply.send();
    },
  );

  app.get(
    `${PATH}/:snapshot/:file`,
    {
      // A download takes as long as it takes, and keeps nothing waiting.
      config: { produces: Object.values(MEDIA_TYPES), endless: true },
      schema: operation('exports', 'get', {
        summary: 'Take a file of a snapshot',
        description:
          'The file under this address never changes; it goes when newer snapshots have taken its place. `Range` takes a part of it, with `If-Range` only while it is the same; its ETag is its SHA-256.',
        params: Type.Object({ snapshot: name('Name of the snapshot.'), file: fileName }, closed),
        response: {
          ...answers({}, [304, 401, 403, 404, 406, 412, 416]),
          200: { description: 'The file.', content: contents },
          206: { description: 'A part of it.', content: contents },
        },
      }),
    },
    async (request, reply) => {
      const { snapshot: wanted, file } = request.params as { snapshot: string; file: string };
      const found = snapshotsIn(dir).includes(wanted) ? readSnapshot(dir, wanted) : undefined;
      if (found === undefined) {
        const newest = last();
        const detail = `There is no snapshot '${wanted}', or no longer.${newest ? ` The last is ${newest.name}.` : ''}`;
        throw new Problem('not-found', detail);
      }
      gate.enter(request, reply);
      return sendFile(request, reply, join(dir, wanted), fileIn(found, file));
    },
  );
}

const contents = Object.fromEntries(
  Object.values(MEDIA_TYPES).map((type) => [
    type,
    { schema: type === MEDIA_TYPES.json ? { type: 'object' } : { type: 'string' } },
  ]),
);

/** The last snapshot; read once, as it stays what it is. */
function lastOf(dir: string): () => Snapshot | undefined {
  let known: Snapshot | undefined;
  return () => {
    const [newest] = dir === '' ? [] : snapshotsIn(dir);
    if (newest !== known?.name) known = newest === undefined ? undefined : readSnapshot(dir, newest);
    return known;
  };
}

type Sent = Pick<ExportFile, 'path' | 'format'> & { readonly tag: string };

/** A file by name; 404 with the nearest where there is none. */
function fileIn({ name: snapshot, files }: Snapshot, wanted: string): Sent {
  if (wanted === PACKAGE) return { path: PACKAGE, format: 'json', tag: `"${snapshot}"` };
  const found = files.find(({ path }) => path === wanted);
  if (found) return { path: found.path, format: found.format, tag: `"${found.sha256}"` };
  const names = [PACKAGE, ...files.map(({ path }) => path)];
  const detail = `The snapshot has no file '${wanted}'${hint(wanted, names)}`;
  throw new Problem('not-found', detail.replace(/([^?])$/, '$1.'));
}

function addressOf({ publicUrl }: Engine, { name: snapshot }: Snapshot, path: string): string {
  return `${publicUrl}${PATH}/${snapshot}/${path}`;
}

function listed(engine: Engine, snapshot: Snapshot | undefined) {
  const self = `${engine.publicUrl}${PATH}`;
  if (snapshot === undefined)
    return {
      data: [],
      meta: { snapshot: null, revision: null, created_at: null },
      links: { self, datapackage: null, changes: null },
    };
  const { name: of, revision, created, files } = snapshot;
  return {
    data: files.map(({ path, format, kind, rows, bytes, sha256, description }) => ({
      file: path,
      format,
      media_type: MEDIA_TYPES[format],
      kind,
      rows,
      bytes,
      sha256,
      description,
      url: addressOf(engine, snapshot, path),
    })),
    meta: { snapshot: of, revision, created_at: created },
    links: {
      self,
      datapackage: addressOf(engine, snapshot, PACKAGE),
      changes: `${engine.publicUrl}/v1/changes?after=${revision}`,
    },
  };
}

/** Sends a file, or the part of it that is asked for. */
async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  root: string,
  { path, format, tag }: Sent,
) {
  const { headers, method } = request;
  reply.headers({ etag: tag, 'cache-control': 'public, max-age=86400, immutable' });
  const wanted = headers['if-match'];
  if (wanted !== undefined && tagsOf(wanted) !== '*' && !tagsOf(wanted).includes(tag))
    throw new Problem('precondition-failed', 'The file is not the one that ETag is of.', {
      headers: { etag: tag },
      errors: [{ header: 'If-Match', message: 'does not match', expected: tag, got: wanted }],
    });
  if (isFresh(headers['if-none-match'], tag)) return reply.code(304).send();
  const inPart = headers.range !== undefined && [undefined, tag].includes(headers['if-range'] as string);
  // What else it would look at is judged above: it knows no ETags but its own.
  const asked = { method, headers: inPart ? { range: headers.range } : {} };
  const found = await send(asked as never, path, {
    root,
    etag: false,
    cacheControl: false,
    lastModified: false,
    contentType: false,
    dotfiles: 'deny',
  });
  if (found.statusCode === 416) {
    const range = found.headers['Content-Range'] ?? '';
    throw new Problem('range-not-satisfiable', `The file ends before that: ${range}.`, {
      headers: { 'content-range': range, etag: tag },
      errors: [{ header: 'Range', message: 'lies beyond the end of the file', got: headers.range }],
    });
  }
  if (found.type !== 'file') throw new Problem('not-found', 'The snapshot is no longer there.');
  reply.raw.setTimeout(STALL, () => reply.raw.destroy());
  reply.code(found.statusCode).headers(found.headers).type(MEDIA_TYPES[format]);
  reply.header('content-disposition', `attachment; filename="${path}"`);
  return reply.send(found.stream);
}
