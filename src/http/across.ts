/** What is answered across kinds: searches, timelines, comparisons, what officials said and voted, and coverage. */
import type { FastifyInstance } from 'fastify';
import type { Engine } from '../engine/engine.ts';
import { registerCompare } from './compare.ts';
import { registerCoverage } from './coverage.ts';
import { proofsSchema } from './evidence-schemas.ts';
import { registerSaidAndVoted } from './said-and-voted.ts';
import { registerSearch } from './search.ts';
import { registerTimeline } from './timeline.ts';

/** Registers the routes that span kinds, and what their answers have in common. */
export function registerAcross(
  app: FastifyInstance,
  { engine, elapsed }: { engine: Engine; elapsed: () => number },
): void {
  app.addSchema(proofsSchema);
  registerTimeline(app, { engine });
  registerCompare(app, { engine });
  registerSaidAndVoted(app, { engine });
  registerCoverage(app, { engine, elapsed });
  registerSearch(app, { engine });
}
