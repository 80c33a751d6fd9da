import { Command } from 'commander';
import type { Verification } from '../features/verify-source.ts';
import { print, withDatabase } from './environment.ts';
import { textIn } from './text.ts';

export const verifyCommand = new Command('verify')
  .description(
    'Hold every citation and report of a source against a copy of its text, by hash and by anchor.',
  )
  .argument('<slug>', 'slug or id of the source')
  .requiredOption('--text <file>', 'the text, in UTF-8')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nNothing is saved. Exit status 1 when the copy is another, or an anchor does not hold.',
  )
  .action(async (slug: string, { text: file, json }: { text: string; json?: boolean }) => {
    const { verifySource } = await import('../features/verify-source.ts');
    const text = textIn(file);
    await withDatabase(async (db) => {
      const found = await verifySource({ db }, slug, text);
      if (json) print(json, found, '');
      else for (const line of linesOf(found)) print(false, null, line);
      const another = found.sha256.same === false || found.length.same === false;
      if (another || found.faults.length > 0) process.exitCode = 1;
    });
  });

function* linesOf({ source, sha256, length, counts, faults }: Verification): Generator<string> {
  const compared = ({
    expected,
    found,
    same,
  }: {
    expected: unknown;
    found: unknown;
    same: boolean | null;
  }) =>
    same === null
      ? `${found}, the source names none`
      : same
        ? `${found}, the same`
        : `${found}, not ${expected}`;
  yield `source: ${source}`;
  yield `SHA-256: ${compared(sha256)}`;
  yield `code points: ${compared(length)}`;
  for (const [state, count] of Object.entries(counts)) yield `${state}: ${count}`;
  for (const { kind, id, state, remark, nearest } of faults) {
    const near = nearest ? `; nearest, at ${nearest.start}: “${nearest.exact}”` : '';
    yield `  ${state} ${kind} ${id}: ${remark}${near}`;
  }
}
