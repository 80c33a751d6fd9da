/**
 * The properties with other cases than those of `npm test`, and more of them: `npm run drill:properties [ROUNDS]`, 10 by
 * default, each with a seed of its own, which is printed. Fails at the first round in which a property does not hold;
 * `PROPERTY_SEED=SEED PROPERTY_SHARE=1 node test/run.ts FILE` tries that again.
 */
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../commands.ts';

const rounds = Number(process.argv[2] ?? 10);
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name))
  .filter((file) => readFileSync(file, 'utf8').includes("from 'fast-check'"));

for (let round = 1; round <= rounds; round += 1) {
  const seed = String(randomInt(2 ** 31));
  process.stdout.write(`round ${round} of ${rounds}, seed ${seed}, ${files.length} files\n`);
  if (await run('node', ['test/run.ts', ...files], { PROPERTY_SEED: seed, PROPERTY_SHARE: '1' })) continue;
  process.exitCode = 1;
  break;
}
