/** The record that a write is about, within the write's own transaction. */
import type { FastifyRequest } from 'fastify';
import { goneForWrites } from '../engine/moved.ts';
import { notFound, resolve } from '../engine/read.ts';
import { readStored, type Stored } from '../engine/store.ts';
import type { Writer } from '../engine/writer.ts';
import { requireMatch } from './conditional.ts';
import type { Resource } from './resource.ts';

type Found = Pick<Resource, 'kind' | 'fixed'>;

/** The record of the address, deleted or not; 404 when there is none, or another view has it. */
export async function targetOf(
  writer: Writer,
  request: FastifyRequest,
  { kind, fixed }: Found,
): Promise<Stored> {
  const { id: name } = request.params as { id: string };
  const id = await resolve(writer.engine, writer.session, kind, name);
  const stored = await readStored(writer, kind, id);
  if (stored === undefined || (fixed && stored.record[fixed.field] !== fixed.value))
    throw await notFound(writer.engine, writer.session, kind, name);
  return stored;
}

/** The record of the address, which has to live and, where `If-Match` is sent or required, to be as it says. */
export async function liveTargetOf(
  writer: Writer,
  request: FastifyRequest,
  resource: Found,
  { required }: { readonly required: boolean } = { required: true },
): Promise<Stored> {
  const stored = await targetOf(writer, request, resource);
  const { kind } = resource;
  const { id: name } = request.params as { id: string };
  if (stored.deletedAt !== null)
    throw await goneForWrites(writer, { kind, name, id: stored.record.id, at: stored.deletedAt });
  const match = request.headers['if-match'];
  if (required || match !== undefined) requireMatch(match, kind, stored.record);
  return stored;
}
