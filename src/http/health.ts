import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Engine } from '../engine/engine.ts';
import { revisionOf } from '../engine/list.ts';
import { Problem } from '../errors.ts';
import { answers, operation } from './operations.ts';

const health = Type.Object(
  { status: Type.String({ enum: ['ok'], description: 'Always `ok`; anything else is a problem.' }) },
  { $id: 'Health', additionalProperties: false, description: 'The service is well.' },
);

/** How long the database is given to answer a probe, in milliseconds: less than probes wait, mostly. */
const PATIENCE = 2000;

/** Whether the process lives, and whether it can answer from its database. */
export async function registerHealth(app: FastifyInstance, { engine }: { engine: Engine }): Promise<void> {
  app.addSchema(health);
  let asked: Promise<unknown> | undefined;
  // A database that has gone silent is asked once, however many probes come meanwhile.
  const ask = () => {
    asked ??= engine.db
      .read((session) => revisionOf(session, engine))
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
  const response = answers({ 200: ['It is.', 'Health'] }, [400]);
  // Probes come every few seconds; only their failures are worth a line.
  const logLevel = app.log.level === 'silent' ? 'silent' : 'warn';
  app.get(
    '/health/live',
    { logLevel, schema: operation('health', 'live', { summary: 'Is the process alive?', response }) },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get(
    '/health/ready',
    {
      logLevel,
      schema: operation('health', 'ready', { summary: 'Can it answer from its database?', response }),
    },
    async (request, reply) => {
      try {
        await within(PATIENCE, ask());
      } catch (error) {
        request.log.error({ err: error }, 'not ready');
        throw new Problem('unavailable', 'The database does not answer.', {
          headers: { 'retry-after': '1' },
        });
      }
      return reply.header('cache-control', 'no-store').send({ status: 'ok' });
    },
  );
}

/** What work comes to; rejects once so many milliseconds have passed without that. */
async function within(time: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = pause(time, undefined, { signal: over.signal }).then(() => {
    throw new Error(`no answer within ${time} ms`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}
