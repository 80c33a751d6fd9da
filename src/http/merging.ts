/** Making one record of two that are one, and taking that or a delete back. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { merge } from '../engine/merge.ts';
import { redirectOf, survivorsAmong } from '../engine/redirects.ts';
import { lookUp } from '../engine/references.ts';
import { restore } from '../engine/remove.ts';
import { readStored, type Stored } from '../engine/store.ts';
import { unmerge } from '../engine/unmerge.ts';
import type { Writer } from '../engine/writer.ts';
import { type Fault, Problem } from '../errors.ts';
import { authorOf } from './author.ts';
import { etagOf, requireMatch } from './conditional.ts';
import { answerOnce } from './idempotency.ts';
import { answers, operation } from './operations.ts';
import { article, identified, type Resource } from './resource.ts';
import { liveTargetOf, targetOf } from './target.ts';

/** Body of a merge. */
export const mergeSchema = Type.Object(
  {
    into: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Id or slug of the record that stays.',
    }),
  },
  { $id: 'Merge', additionalProperties: false, description: 'Which record another is merged into.' },
);

const restoreParameters = Type.Object(
  {
    partial: Type.Boolean({
      default: false,
      description:
        'When a merge is taken back: leave what was changed since the merge as it is. Without it that is a 409 that lists it.',
    }),
  },
  { additionalProperties: false },
);

/** Merge and restore of a resource. */
export function registerMerging(app: FastifyInstance, engine: Engine, resource: Resource): void {
  const { kind, path, noun } = resource;
  const url = `/v1/${path}/:id`;
  app.post(
    `${url}/merge`,
    {
      schema: operation(path, 'merge', {
        summary: `Merge ${article(noun)} ${noun} into another`,
        description: `For two records that turn out to be one. What points at this ${noun} then points at the other, which also gets its identifiers and, where the kind has \`other_names\`, its names. This one is left as a tombstone: reads of it answer 308 with the other’s address, its history stays readable, and \`restore\` takes the merge back. The change log has one change for each record concerned; those of the two are \`merge\`. Answers the ${noun} that stays.`,
        params: identified(noun),
        body: 'Merge',
        mayMatch: true,
        repeatable: true,
        writes: true,
        response: answers(
          { 200: [`The ${noun} that stays.`, kind.title] },
          [403, 404, 409, 410, 412, 413, 415, 422, 507],
        ),
      }),
    },
    (request, reply) =>
      answerOnce(request, reply, { engine, author: authorOf(request), alone: true }, async (writer) => {
        const merged = await liveTargetOf(writer, request, resource, { required: false });
        const { into } = request.body as { into: string };
        const record = await merge(writer, kind, merged, await survivorOf(writer, resource, merged, into));
        return { status: 200, headers: { etag: etagOf(kind, record) }, body: record };
      }),
  );

  app.post(
    `${url}/restore`,
    {
      schema: operation(path, 'restore', {
        summary: `Restore a deleted or merged ${noun}`,
        description:
          'Takes a delete back, with the parts that were deleted by it; or a merge: what it moved points here again, and names and identifiers come back.',
        params: identified(noun),
        querystring: restoreParameters,
        mayMatch: true,
        repeatable: true,
        writes: true,
        response: answers({ 200: [`The ${noun} as it is now.`, kind.title] }, [403, 404, 409, 412, 422, 507]),
      }),
    },
    (request, reply) =>
      answerOnce(request, reply, { engine, author: authorOf(request), alone: true }, async (writer) => {
        const stored = await targetOf(writer, request, resource);
        if (stored.deletedAt === null) throw new Problem('conflict', `This ${noun} is not deleted.`);
        const match = request.headers['if-match'];
        if (match !== undefined) requireMatch(match, kind, stored.record);
        const redirect = await redirectOf(writer, stored.record.id);
        const { partial } = request.query as { partial: boolean };
        const record = redirect
          ? await unmerge(writer, kind, stored, redirect, partial)
          : await restore(writer, kind, stored);
        return { status: 200, headers: { etag: etagOf(kind, record) }, body: record };
      }),
  );
}

/** The record that another is merged into: a live one of the same view, and not itself. */
async function survivorOf(
  writer: Writer,
  { kind, noun, fixed }: Resource,
  merged: Stored,
  into: string,
): Promise<Stored> {
  const refused = (message: string, expected = `the id or slug of another ${noun}`): Problem => {
    const fault: Fault = { pointer: '/into', message, expected, got: into };
    return new Problem('unprocessable', `The ${noun} cannot be merged into that.`, { errors: [fault] });
  };
  const known = await lookUp(writer.session, writer.engine.db, kind, [into]);
  const found = known.get(into);
  const stored = found && (await readStored(writer, kind, found.id));
  if (stored === undefined) throw refused(`there is no ${noun} '${into}'`);
  if (stored.record.id === merged.record.id) throw refused(`is the ${noun} itself`);
  if (fixed && stored.record[fixed.field] !== fixed.value)
    throw refused(`is not ${article(noun)} ${noun}, but of another ${fixed.field}`);
  if (stored.deletedAt === null) return stored;
  const survivor = (await survivorsAmong(writer, known)).get(stored.record.id);
  if (survivor) throw refused(`was merged into ${survivor}`, survivor);
  throw refused('was deleted');
}
