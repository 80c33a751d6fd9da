import type { Writable } from 'node:stream';
import cliProgress from 'cli-progress';
import type { Progress } from '../exchange/copy.ts';

export interface ProgressBar {
  readonly update: Progress;
  /** Writes lines above the bar. */
  readonly tell: (lines: readonly string[]) => void;
  readonly stop: () => void;
}

/** A stream that may be a terminal. */
type Output = Writable & { readonly isTTY?: boolean };

/** A bar on a terminal; elsewhere a plain line each tenth of the way. All on stderr; `what` is named where it helps. */
export function progressBar(what = '', output: Output = process.stderr): ProgressBar {
  const tell = (lines: readonly string[]) => {
    for (const line of lines) output.write(`${line}\n`);
  };
  if (output.isTTY) return onTerminal(what, output, tell);
  let tenth = 0;
  return {
    update: (done, total) => {
      const now = Math.floor((done / total) * 10);
      if (now > tenth) tell([`${now * 10} %${what && ` of ${total} ${what}`}`]);
      tenth = Math.max(tenth, now);
    },
    tell,
    stop: () => undefined,
  };
}

/** Least time between two drawings, in milliseconds. */
const DRAWN = 100;

function onTerminal(what: string, output: Output, tellAlone: ProgressBar['tell']): ProgressBar {
  // Of one bar: a single one can have no lines beside it.
  const bars = new cliProgress.MultiBar(
    {
      format: `{bar} {percentage} %${what && ` of {total} ${what}`}, {eta_formatted} left`,
      stream: output as NodeJS.WriteStream,
      // The signals are the command's own.
      gracefulExit: false,
      // Told lines are read whole, however long they are.
      linewrap: true,
      forceRedraw: true,
    },
    cliProgress.Presets.shades_classic,
  );
  let bar: cliProgress.SingleBar | undefined;
  let drawn = 0;
  return {
    update: (done, total) => {
      bar ??= bars.create(total, 0);
      bar.setTotal(total);
      bar.update(done);
      // Work that leaves no time for timers is drawn all the same.
      if (performance.now() - drawn < DRAWN) return;
      drawn = performance.now();
      bars.update();
    },
    tell: (lines) => {
      if (bar === undefined) return tellAlone(lines);
      if (lines.length === 0) return;
      for (const line of lines) bars.log(`${line}\n`);
      bars.update();
    },
    stop: () => {
      if (bar !== undefined) bars.stop();
      bar = undefined;
    },
  };
}
