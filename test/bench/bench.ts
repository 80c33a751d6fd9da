/**
 * The benchmark: `npm run bench`. The service is asked what its users ask, by turns with small programs that do the
 * same and nothing else on the same data, so that each figure is a ratio of one run. `--help` lists the options; with
 * `--policies 2000 --votes 40000 --runs 1 --seconds 1` it takes a minute or two.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepared } from './data.ts';
import { machine, machineFacts } from './machine.ts';
import { end, familyOf, processors } from './processes.ts';
import { Loader, type Run, type Server, startLimits, startService } from './programs.ts';
import { figuresOf, type Measured, printTable } from './report.ts';
import { measureExports, measureWrites, measureWritesMeanwhile } from './special.ts';
import { FULL } from './tracker.ts';
import { type Program, sameRecords, type Workload, workloadsOf } from './workloads.ts';

const USAGE = `npm run bench -- [options]
  --workloads W1,W3     only these; all by default (W1 to W6, W7 to W11)
  --runs N              runs of each program at each workload; 5 by default
  --seconds N           length of a run; 5 by default
  --connections N       clients that ask at a time; 32 by default
  --policies N --votes N --statements N
                        how much is made: ${Object.values(FULL).join(', ')} by default
  --texts FOLDER        JSON or YAML files with whose words texts are written; seeds by default
  --nyc PATH            imports New York's council data from there instead of making a tracker
  --data FOLDER         keeps what was made or imported there, and uses it again; a temporary folder by default
  --postgres            on a PostgreSQL server of its own instead of a SQLite file
  --json FILE           results in full; data/bench.json by default
`;

const { values: options } = parseArgs({
  options: {
    workloads: { type: 'string' },
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    policies: { type: 'string', default: String(FULL.policies) },
    votes: { type: 'string', default: String(FULL.votes) },
    statements: { type: 'string', default: String(FULL.statements) },
    texts: { type: 'string', default: 'seeds' },
    nyc: { type: 'string' },
    data: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    json: { type: 'string', default: 'data/bench.json' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const only = options.workloads?.toUpperCase().split(',');
const asked = (name: string) => only === undefined || only.includes(name.split(' ')[0] as string);
const runs = Number(options.runs);
const seconds = Number(options.seconds);
const say = (line: string) => process.stderr.write(`${line}\n`);

const folder = mkdtempSync(join(tmpdir(), 'civic-bench-'));
const size = {
  policies: Number(options.policies),
  votes: Number(options.votes),
  statements: Number(options.statements),
};
const data = await prepared({ ...options, size, folder }, say);
console.log(machine(folder));
if (!processors) console.log('servers and load share their processors: there is one only, or no taskset');

/** The service without its cache of answers, with it, and the limits. */
const service = await startService(data.url, { RESPONSE_CACHE: '0' });
const cached = await startService(data.url, {});
const limits = await startLimits(data.url, folder);
const servers: Record<Program, Server> = { service, cached, constant: limits, objects: limits, json: limits };
const others = () => (data.server ? familyOf(data.server) : []);
const loader = new Loader([service.child, cached.child, limits.child], others);
const measured: Measured[] = [];

/** Programs of a workload, in the order of their turns. */
function programsOf({ paths }: Workload): Program[] {
  const order: Program[] = ['service', 'cached', 'objects', 'json', 'constant'];
  return order.filter((program) => paths[program]);
}

/** The workload with what follows from the service's own requests: its cache gets the same, a constant their length. */
async function completed(workload: Workload): Promise<Workload> {
  const { cached: again = workload.paths.service, service: plain } = workload.paths;
  const first = (plain ?? again)?.[0] as string;
  const answer = await textOf(service, first);
  if (answer === undefined) return workload;
  limits.child.send({ name: workload.name.split(' ')[0], body: answer });
  const constant = workload.paths.constant ?? [`/constant/${workload.name.split(' ')[0]}`];
  const paths = { ...workload.paths, ...(again ? { cached: again } : {}), constant };
  for (const program of ['objects', 'json'] as const) {
    const path = paths[program]?.[0];
    if (!path) continue;
    const body = await textOf(limits, path);
    if (body === undefined) delete paths[program];
    else if (workload.same && !sameRecords(answer, body))
      throw new Error(`${first} and ${path} do not answer with the same records`);
  }
  return { ...workload, paths };
}

async function textOf({ port }: Server, path: string): Promise<string | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return answer.status === 200 ? answer.text() : undefined;
}

/** Seconds of asking before what counts: code that has not run often is not as fast as it gets. */
const WARM_UP = 2;

/** What is to be reached of a bare pool with prepared statements. */
const ON_POSTGRES = 0.8;

async function measure(given: Workload): Promise<void> {
  const workload = await completed(given);
  const programs = programsOf(workload);
  const found = new Map<Program, Run[]>(programs.map((program) => [program, []]));
  // A run of each beforehand, which does not count, warms all alike.
  for (let run = 0; run <= runs; run += 1) {
    for (const program of programs) {
      const ours = program === 'service' || program === 'cached';
      const one = await loader.run(servers[program], {
        do: 'ask',
        port: servers[program].port,
        paths: workload.paths[program] ?? [],
        status: workload.status ?? 200,
        connections: Number(options.connections),
        seconds: run === 0 ? WARM_UP : seconds,
        ...(ours && workload.headers ? { headers: workload.headers } : {}),
      });
      if (run === 0) continue;
      found.get(program)?.push({ ...one, rate: one.rate * (workload.rows ?? 1) });
      say(`${workload.name}, run ${run} of ${runs}: ${program} ${Math.round(one.rate)} requests/s`);
    }
  }
  const goal =
    options.postgres && workload.goal?.of === 'objects'
      ? { ...workload.goal, least: ON_POSTGRES }
      : workload.goal;
  for (const [program, of] of found)
    measured.push({
      workload: workload.name,
      what: workload.what,
      program,
      runs: of,
      unit: workload.rows ? 'rows' : '',
      ...(goal && program === (goal.cached ? 'cached' : 'service') ? { goal } : {}),
      ...(!goal && program === 'service' ? { goal: { of: 'objects', least: 0 } } : {}),
    });
}

for (const workload of await workloadsOf(service.port)) if (asked(workload.name)) await measure(workload);
const context = { loader, service, limits, runs, seconds, say, connections: Number(options.connections) };
if (asked('W7')) measured.push(...(await measureExports(context)));
if (asked('W8')) measured.push(...(await measureWrites(context, data.key)));
if (asked('W11')) measured.push(...(await measureWritesMeanwhile(context, data.key)));

const figures = figuresOf(measured);
printTable(figures);
const { ready, resident } = service.started;
console.log(`start to ready ${Math.round(ready)} ms, idle memory ${Math.round(resident)} MB`);
mkdirSync(join(options.json, '..'), { recursive: true });
const results = {
  at: new Date().toISOString(),
  machine: machineFacts(folder),
  processors: processors ?? null,
  data: data.facts,
  runs,
  seconds,
  started: service.started,
  figures,
  measured,
};
writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
console.log(`all of it in ${options.json}`);

await loader.close();
for (const { child } of [service, cached, limits]) await end(child);
await data.stop();
rmSync(folder, { recursive: true, force: true });
