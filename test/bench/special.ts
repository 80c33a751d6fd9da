/** The workloads that are more than asking again and again: exports, durable writes, and reads while others write. */
import { setTimeout as pause } from 'node:timers/promises';
import { residentOf } from './processes.ts';
import type { Loader, Run, Server } from './programs.ts';
import type { Measured } from './report.ts';
import { FIRST_PAGE } from './workloads.ts';

export interface Context {
  readonly loader: Loader;
  readonly service: Server;
  readonly limits: Server;
  readonly runs: number;
  readonly seconds: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

type Turn = readonly [program: string, run: () => Promise<Run>];

/** Takes turns, as many as there are runs, after one of each that does not count. */
async function inTurns(
  { runs, say }: Context,
  what: string,
  turns: readonly Turn[],
): Promise<Map<string, Run[]>> {
  const found = new Map<string, Run[]>(turns.map(([program]) => [program, []]));
  for (let run = 0; run <= runs; run += 1) {
    for (const [program, take] of turns) {
      const one = await take();
      if (run === 0) continue;
      found.get(program)?.push(one);
      say(`${what}, run ${run} of ${runs}: ${program} ${one.rate.toFixed(1)} a second`);
    }
  }
  return found;
}

function measuredOf(
  workload: string,
  what: string,
  unit: string,
  found: ReadonlyMap<string, Run[]>,
  goals: Readonly<Record<string, NonNullable<Measured['goal']>>>,
): Measured[] {
  return [...found].map(([program, runs]) => {
    const goal = goals[program];
    return { workload, what, program, runs, unit, ...(goal ? { goal } : {}) };
  });
}

const EXPORT = '/v1/policies.ndjson';

/** W7: everything of a list, streamed; memory above idle at its peak, and what it does to others meanwhile. */
export async function measureExports(context: Context): Promise<Measured[]> {
  const { loader, service, limits, seconds, say } = context;
  const probe = await fetch(`http://127.0.0.1:${service.port}${EXPORT}`);
  await probe.body?.cancel();
  if (probe.status !== 200) {
    say(`W7 is left out: ${EXPORT} is answered with ${probe.status}`);
    return [];
  }
  const fetched = (server: Server, path: string) => () =>
    loader.run(server, { do: 'fetch', port: server.port, path });
  const turns: Turn[] = [
    ['service', fetched(service, EXPORT)],
    ['objects', fetched(limits, '/objects/everything')],
    ['json', fetched(limits, '/json/everything')],
  ];
  const known = await Promise.all(turns.map(([program]) => offers(limits, program)));
  const found = await inTurns(
    context,
    'W7',
    turns.filter((_, at) => known[at]),
  );
  const peak = await peakOf(service, fetched(service, EXPORT));
  const first = Math.max(...(found.get('service') ?? []).map((run) => run.first ?? 0));
  say(`W7: ${Math.round(peak)} MB above idle at most, the first byte after ${first.toFixed(1)} ms at most`);
  const ask = (fetching: string | undefined) => () =>
    loader.run(service, {
      do: 'ask',
      port: service.port,
      paths: [`${FIRST_PAGE}?limit=1`],
      status: 200,
      connections: 4,
      seconds,
      ...(fetching ? { fetching } : {}),
    });
  const meanwhile = await inTurns(context, 'W7 meanwhile', [
    ['quiet', ask(undefined)],
    ['exporting', ask(EXPORT)],
  ]);
  return [
    ...measuredOf('W7', 'export as NDJSON', 'MB', found, { service: { of: 'objects', least: 2 } }),
    ...measuredOf('W7+', 'small requests while exporting (p99!)', '', meanwhile, {}),
  ];
}

async function offers({ port }: Server, program: string): Promise<boolean> {
  if (program === 'service') return true;
  const answer = await fetch(`http://127.0.0.1:${port}/${program}/everything`);
  await answer.body?.cancel();
  return answer.ok;
}

/** MB that a process takes above what it took before, while something runs. */
async function peakOf({ child }: Server, work: () => Promise<unknown>): Promise<number> {
  const pid = child.pid as number;
  const idle = residentOf(pid);
  let [peak, running] = [idle, true];
  const watch = async () => {
    while (running) {
      peak = Math.max(peak, residentOf(pid));
      await pause(10);
    }
  };
  const watching = watch();
  await work();
  running = false;
  await watching;
  return peak - idle;
}

/** W8: durable writes of one client and of fifty, beside bare ones of one row and one line of a log. */
export async function measureWrites(context: Context, key: string): Promise<Measured[]> {
  const { loader, service, limits, seconds } = context;
  const all: Measured[] = [];
  for (const clients of [1, 50]) {
    const write = (server: Server, path: string) => () =>
      loader.run(server, { do: 'write', port: server.port, key, path, clients, seconds });
    const turns: Turn[] = [
      ['service', write(service, '/v1/topics')],
      ['each', write(limits, '/write/each')],
      ['grouped', write(limits, '/write/grouped')],
    ];
    const grouped = await fetch(`http://127.0.0.1:${limits.port}/write/grouped`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `probe for ${clients}`, description: '' }),
    });
    const offered = turns.filter(([program]) => program !== 'grouped' || grouped.status !== 404);
    const found = await inTurns(context, `W8 ${clients}`, offered);
    const goal =
      clients === 1 || offered.length < 3 ? { of: 'each', least: 0.7 } : { of: 'grouped', least: 0.7 };
    all.push(
      ...measuredOf(`W8 ${clients}`, `durable writes, ${clients} at a time`, '', found, { service: goal }),
    );
  }
  return all;
}

/** W11: a list while 200 records a second are written. */
export async function measureWritesMeanwhile(context: Context, key: string): Promise<Measured[]> {
  const { loader, service, connections, seconds } = context;
  const ask = (writes: boolean) => () =>
    loader.run(service, {
      do: 'ask',
      port: service.port,
      paths: [`${FIRST_PAGE}?type=resolution&status=adopted`],
      status: 200,
      connections,
      seconds,
      ...(writes ? { writes: { port: service.port, key, perSecond: 200 } } : {}),
    });
  const found = await inTurns(context, 'W11', [
    ['quiet', ask(false)],
    ['service', ask(true)],
  ]);
  return measuredOf('W11', 'W3 while 200 a second are written', '', found, {
    service: { of: 'quiet', least: 0.75 },
  });
}
