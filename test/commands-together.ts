/**
 * Runs commands of `civic` one after another in one process, each with an environment of its own; started by
 * `program.ts`, which is told what each wrote and what its exit status would be.
 */
import { runCommand } from '../src/cli/civic.ts';

interface Asked {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const written = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const)
  process[name].write = (text) => {
    written[name] += text;
    return true;
  };

process.on('message', async ({ words, env }: Asked) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  Object.assign(written, { stdout: '', stderr: '' });
  process.exitCode = 0;
  await runCommand(words);
  process.send?.({ code: process.exitCode, ...written });
  process.exitCode = 0;
});
