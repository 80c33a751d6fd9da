import cliProgress from 'cli-progress';
import type { Progress } from '../exchange/copy.ts';

/** A bar on a terminal; elsewhere a plain line each tenth of the way. All on stderr; `what` is named where it helps. */
export function progressBar(what = ''): { update: Progress; stop: () => void } {
  if (process.stderr.isTTY) {
    const bar = new cliProgress.SingleBar(
      { format: `{bar} {percentage} %${what && ` of {total} ${what}`}, {eta_formatted} left` },
      cliProgress.Presets.shades_classic,
    );
    let started = false;
    return {
      update: (done, total) => {
        if (!started) bar.start(total, 0);
        started = true;
        bar.setTotal(total);
        bar.update(done);
      },
      stop: () => bar.stop(),
    };
  }
  let tenth = 0;
  return {
    update: (done, total) => {
      const now = Math.floor((done / total) * 10);
      if (now > tenth) process.stderr.write(`${now * 10} %${what && ` of ${total} ${what}`}\n`);
      tenth = Math.max(tenth, now);
    },
    stop: () => undefined,
  };
}
