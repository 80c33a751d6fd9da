/** The routes of every kind: the same calls for each, made from its declaration. */
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { inputSchema, pageSchema, patchSchema, recordSchema } from '../engine/schemas.ts';
import { kinds } from '../model/kinds.ts';
import {
  batchResultSchema,
  batchSchema,
  mixedBatchSchema,
  registerBatch,
  registerMixedBatch,
} from './batch.ts';
import { evidenceSchema, registerEvidence } from './evidence.ts';
import { registerHistory } from './history.ts';
import { linkedSchema } from './linked.ts';
import { mergeSchema, registerMerging } from './merging.ts';
import { registerParts, registerReads } from './reads.ts';
import { resources } from './resource.ts';
import { makeGate, wholeSchema, wholeSchemas } from './whole-lists.ts';
import { registerWrites } from './writes.ts';

/** The schemas of every kind, the same for every app. */
const schemas: readonly TSchema[] = [
  ...wholeSchemas,
  ...kinds.flatMap((kind) => [recordSchema(kind), pageSchema(kind), wholeSchema(kind)]),
  ...resources
    .filter(({ kind }) => !kind.kept)
    .flatMap(({ kind, title, fixed }) => [
      inputSchema(kind, title, fixed),
      patchSchema(kind, title, fixed),
      batchSchema(title),
    ]),
  ...[mergeSchema, mixedBatchSchema, batchResultSchema, evidenceSchema, linkedSchema],
];

/** Registers the schemas and routes of every kind. */
export async function registerResources(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  app.decorate('wholeLists', makeGate());
  for (const schema of schemas) app.addSchema(schema);
  await registerMixedBatch(app, { engine });
  for (const resource of resources) {
    registerReads(app, engine, resource);
    if (resource.kind.kept) continue;
    registerWrites(app, engine, resource);
    registerMerging(app, engine, resource);
    registerBatch(app, engine, resource);
    registerHistory(app, engine, resource);
    registerEvidence(app, engine, resource);
    registerParts(app, engine, resource);
  }
}
