/** The routes of every kind: the same calls for each, made from its declaration. */
import type { FastifyInstance } from 'fastify';
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

/** Registers the schemas and routes of every kind. */
export async function registerResources(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  for (const schema of wholeSchemas) app.addSchema(schema);
  app.decorate('wholeLists', makeGate());
  for (const kind of kinds) {
    app.addSchema(recordSchema(kind));
    app.addSchema(pageSchema(kind));
    app.addSchema(wholeSchema(kind));
  }
  for (const { kind, title, fixed } of resources.filter((one) => !one.kind.kept)) {
    app.addSchema(inputSchema(kind, title, fixed));
    app.addSchema(patchSchema(kind, title, fixed));
    app.addSchema(batchSchema(title));
  }
  for (const schema of [mergeSchema, mixedBatchSchema, batchResultSchema, evidenceSchema])
    app.addSchema(schema);
  app.addSchema(linkedSchema);
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
