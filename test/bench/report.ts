/** What a measurement found, as a table and as JSON. */
import { median } from './machine.ts';
import type { Run } from './programs.ts';

/** The runs of one program at one workload. */
export interface Measured {
  readonly workload: string;
  readonly what: string;
  readonly program: string;
  readonly runs: readonly Run[];
  /** What is counted a second. */
  readonly unit: string;
  /** The ratio to reach, of this program to another at the same workload; or, where `most` is set, not to exceed. */
  readonly goal?: { readonly of: string; readonly least: number };
}

/** A measured program in figures: medians of its runs. */
export interface Figures {
  readonly workload: string;
  readonly what: string;
  readonly program: string;
  readonly unit: string;
  readonly rate: number;
  readonly least: number;
  readonly most: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly cpu_us: number;
  readonly bytes: number;
  readonly ratio?: number;
  /** Ratio of the CPU time the other takes to that of this: what it would be if the machine did nothing else. */
  readonly cpu_ratio?: number;
  readonly goal?: { readonly of: string; readonly least: number; readonly reached: boolean };
}

/** The figures of all that was measured. */
export function figuresOf(all: readonly Measured[]): Figures[] {
  const of = (runs: readonly Run[], figure: (run: Run) => number) => median(runs.map(figure));
  return all.map(({ workload, what, program, runs, unit, goal }) => {
    const rates = runs.map(({ rate }) => rate);
    const rate = median(rates);
    const cpu = of(runs, (run) => run.cpu);
    const other = goal && all.find((one) => one.workload === workload && one.program === goal.of);
    const ratio = other && rate / of(other.runs, (run) => run.rate);
    return {
      workload,
      what,
      program,
      unit,
      rate,
      least: Math.min(...rates),
      most: Math.max(...rates),
      p50_ms: of(runs, ({ p50 }) => p50),
      p99_ms: of(runs, ({ p99 }) => p99),
      cpu_us: Math.round(cpu),
      bytes: Math.round(of(runs, ({ bytes, answered }) => bytes / Math.max(1, answered))),
      ...(ratio === undefined
        ? {}
        : { ratio, cpu_ratio: of((other as Measured).runs, (run) => run.cpu) / cpu }),
      ...(ratio === undefined || !goal ? {} : { goal: { ...goal, reached: ratio >= goal.least } }),
    };
  });
}

const shown = (rate: number) => (rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en'));

/** Prints figures as a table. */
export function printTable(figures: readonly Figures[]): void {
  console.table(
    figures.map(
      ({
        workload,
        what,
        program,
        unit,
        rate,
        least,
        most,
        p99_ms,
        cpu_us,
        bytes,
        ratio,
        cpu_ratio,
        goal,
      }) => ({
        '': `${workload} ${what}`.slice(0, 46),
        program,
        'a second': `${shown(rate)} ${unit}`,
        'least–most': `${shown(least)}–${shown(most)}`,
        'p99 ms': p99_ms.toFixed(1),
        'CPU µs': cpu_us,
        bytes,
        ratio: ratio === undefined ? '' : `${ratio.toFixed(2)} (CPU ${cpu_ratio?.toFixed(2)})`,
        goal: goal ? `${goal.reached ? 'reached' : 'missed'} ≥ ${goal.least} × ${goal.of}` : '',
      }),
    ),
  );
}
