import { setFlagsFromString } from 'node:v8';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { formats } from '../exchange/formats.ts';
import type { Failure, Gone, Lost, Noted, Tally } from '../exchange/import/tally.ts';
import { print, withDatabase } from './environment.ts';
import { progressBar } from './progress.ts';

/** Percent by which the heap may grow between collections; an import is to stay small beside what else runs. */
const GROWTH = 30;

interface Options {
  readonly strict?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly since?: string;
  readonly json?: boolean;
}

export const importCommand = new Command('import')
  .description('Load records from a file; run again with the same, it goes on or changes nothing.')
  .addArgument(new Argument('<format>', 'what kind of input it is; below'))
  .argument('<path>', 'what to read: a file or a folder, as the format has it')
  .option('--strict', 'write all records or, when one is bad, none')
  .option('--dry-run', 'write nothing, and say what would be')
  .option('--since <instant>', 'only what has changed since, where the format can tell', instant)
  .option('--reason <text>', 'why, for the change log')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `\nFormats:\n${listed()}\n\nEach bad record is named with its line and what is wrong; the others are written. Exit status 1 when one was bad.\nInterrupted (Ctrl-C), it ends with the transaction that runs; the same command goes on from there.`,
  )
  .action(async (format: string, path: string, options: Options) => {
    const { importFrom } = await import('../exchange/import/import.ts');
    const { buildApp } = await import('../app.ts');
    const found = Object.hasOwn(formats, format) ? formats[format] : undefined;
    if (!found)
      throw new Error(`there is no format '${format}': it must be one of ${Object.keys(formats).join(', ')}`);
    const { since } = options;
    if (since !== undefined && !found.since)
      throw new Error(`'${format}' does not say what has changed since when: leave out --since`);
    const input = await found.open(path, {
      environment: process.env,
      ...(since === undefined ? {} : { since }),
    });
    const { strict = false, dryRun = false, reason = null, json } = options;
    // Left alone, V8 lets garbage grow to several times what lives before it collects.
    setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
    await withDatabase(async (db, config) => {
      const app = await buildApp({ config: { ...config, LOG_LEVEL: 'silent' }, db });
      const bar = progressBar();
      const stop = new AbortController();
      const interrupt = () => {
        bar.tell(['stopping once what is being written is written; Ctrl-C again stops at once']);
        stop.abort();
      };
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
      const imported = await importFrom(app.engine, { actor: 'civic import', reason }, input, {
        importer: format,
        input: path,
        strict,
        dryRun,
        signal: stop.signal,
        onProgress: bar.update,
        onFailures: (failures) => bar.tell(failures.map(failureLine)),
        onLost: (lost) => bar.tell(lost.map(lostLine)),
        onLeftOut: (leftOut) => bar.tell(leftOut.map(leftOutLine)),
      }).finally(() => bar.stop());
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      await app.close();
      const { run, status, tally, error, cause } = imported;
      const counts = [...tally.counts].map(([kind, of]) => ({ kind, ...of }));
      const { read, failures, unresolvedCount: unresolved_count, unresolved } = tally;
      const { leftOut: left_out, disappeared } = tally;
      if (json)
        print(
          json,
          {
            run: dryRun ? null : run.id,
            status,
            dry_run: dryRun,
            read,
            counts,
            failures,
            unresolved_count,
            unresolved,
            left_out,
            disappeared,
            error,
          },
          '',
        );
      // Of what could not be read at all there is nothing to say but why.
      else if (read > 0 || !error) {
        bar.tell((disappeared?.listed ?? []).map(goneLine));
        for (const { kind, ...of } of counts) print(false, null, `${kind ?? 'unknown'}: ${countsLine(of)}`);
        print(false, null, `${summaryLine(status, tally)}${aftermath(status, strict, dryRun)}`);
      }
      if (cause) throw cause;
      if (error) throw new Error(error);
      const bad = counts.some(({ failed }) => failed > 0);
      if (status !== 'done' || bad) process.exitCode = 1;
    });
  });

/** The formats, a line each, as commander lists options. */
function listed(): string {
  const width = Math.max(...Object.keys(formats).map((name) => name.length));
  return Object.entries(formats)
    .map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`)
    .join('\n');
}

const at = ({ file, line }: { file: string; line: number | null }) =>
  line === null ? file : `${file}:${line}`;

function failureLine({ pointer, message, expected, ...place }: Failure): string {
  return `${at(place)}: ${pointer ? `${pointer} ` : ''}${message}${expected ? ` (expected: ${expected})` : ''}`;
}

function lostLine({ kind, pointer, to, name, ...place }: Lost): string {
  return `${at(place)}: ${kind}${pointer}: no ${to.replaceAll('_', ' ')} '${name}' came; written without`;
}

function leftOutLine({ kind, note, ...place }: Noted): string {
  return `${at(place)}: ${kind ? `${kind.replaceAll('_', ' ')}: ` : ''}${note}; left out`;
}

function goneLine({ collection, kind, record_id }: Gone): string {
  return `${collection}: the ${kind.replaceAll('_', ' ')} ${record_id} is not there any more; it stays as it is`;
}

/** An instant as RFC 3339 has it, or a day, which is its first instant. */
function instant(value: string): string {
  const found = new Date(value);
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(found.getTime()))
    throw new InvalidArgumentError(
      'It must be a day or an instant, such as 2026-01-31 or 2026-01-31T12:00:00Z.',
    );
  return found.toISOString();
}

function summaryLine(status: string, { read, unresolvedCount, leftOut, disappeared }: Tally): string {
  return `${status}: ${read} records read, ${unresolvedCount} references led nowhere, ${leftOut.count} left out, ${disappeared?.count ?? 0} not there any more`;
}

/** What is there now of an import that is not as it was meant to be. */
function aftermath(status: string, strict: boolean, dryRun: boolean): string {
  if (dryRun || (strict && status !== 'done')) return '; nothing was written';
  return status === 'interrupted' ? '; the same command goes on from there' : '';
}

function countsLine(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .filter(([what, count]) => count > 0 || what === 'created')
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}
