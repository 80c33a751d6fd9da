import { Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Candidate, Candidates } from '../features/merging/candidate.ts';
import { print, withDatabase } from './environment.ts';

/** Least score that is offered, unless another is asked for: one name and nothing against it. */
const LEAST = 0.6;

const finders: Readonly<Record<string, () => Promise<(db: Database, least: number) => Promise<Candidates>>>> =
  {
    official: async () => (await import('../features/merging/officials.ts')).officialsToMerge,
    organization: async () => (await import('../features/merging/organizations.ts')).organizationsToMerge,
    jurisdiction: async () => (await import('../features/merging/jurisdictions.ts')).jurisdictionsToMerge,
  };

interface Options {
  readonly kind: string;
  readonly minScore: number;
  readonly json?: boolean;
}

export const mergeCandidatesCommand = new Command('merge-candidates')
  .description('Find records that may be one, and offer them for merging.')
  .addOption(new Option('--kind <kind>', 'kind of record').choices(Object.keys(finders)).default('official'))
  .option('--min-score <score>', 'least score that is offered, 0 to 1', scoreFrom, LEAST)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nNothing is changed: each pair comes with its reasons and the request that merges it, which a person sends or not.\nMerge jurisdictions first: officials of one place are told by it. Exit status 1 when some names were not compared.',
  )
  .action(async ({ kind, minScore, json }: Options) => {
    const find = await (finders[kind] as (typeof finders)[string])();
    await withDatabase(async (db, config) => {
      const found = await find(db, minScore);
      if (found.too_many.length > 0) process.exitCode = 1;
      if (json) return print(json, { kind, min_score: minScore, ...found }, '');
      for (const line of linesOf(kind, found, config)) print(false, null, line);
    });
  });

function scoreFrom(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || !(score >= 0 && score <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return score;
}

function* linesOf(kind: string, found: Candidates, config: Config): Generator<string> {
  for (const one of found.candidates) yield* toldOf(one, config);
  for (const { key, count } of found.too_many)
    yield `not compared: ${count} with names as '${key}', which are too many`;
  const { looked, weighed } = found;
  const shown = found.candidates.length;
  if (shown < found.found) yield `of ${found.found} pairs the best ${shown} are shown`;
  yield `${found.found} pairs to look at, of ${weighed} that were weighed, among ${looked} ${kind}s`;
}

function* toldOf({ score, stays, merges, reasons, request }: Candidate, config: Config): Generator<string> {
  yield `${score.toFixed(2)}  ${merges.slug} (${merges.name}) into ${stays.slug} (${stays.name})`;
  yield `      ${reasons.map(({ points, why }) => `${why} ${points > 0 ? '+' : ''}${points}`).join(', ')}`;
  const root = config.PUBLIC_URL || `http://${config.HOST}:${config.PORT}`;
  const headers = `-H "Authorization: Bearer $KEY" -H 'Content-Type: application/json'`;
  yield `      curl -X ${request.method} ${root}${request.path} ${headers} -d '${JSON.stringify(request.body)}'`;
}
