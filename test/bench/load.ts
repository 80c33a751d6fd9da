/** Run as a process of its own: asks servers as fast as they answer, or writes to them, when its parent says so. */
import { get } from 'node:http';
import { connect } from 'node:net';
import autocannon from 'autocannon';
import { type Load, pacedWrites, type WriteTarget, writeTopics } from './clients.ts';

/** One load. */
export type Job =
  | {
      readonly do: 'ask';
      readonly port: number;
      readonly paths: readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly status: number;
      readonly connections: number;
      readonly seconds: number;
      /** Writes to make meanwhile, so many a second. */
      readonly writes?: WriteTarget & { readonly perSecond: number };
      /** Something long to fetch meanwhile, again and again. */
      readonly fetching?: string;
    }
  | { readonly do: 'fetch'; readonly port: number; readonly path: string }
  | ({ readonly do: 'write'; readonly clients: number; readonly seconds: number } & WriteTarget);

/** What came of a load. */
export interface Outcome {
  /** Requests (or megabytes, for a fetch) a second. */
  readonly rate: number;
  /** Requests answered. */
  readonly answered: number;
  readonly bytes: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds to the first byte of a fetch. */
  readonly first?: number;
}

async function ask(job: Extract<Job, { do: 'ask' }>): Promise<Outcome> {
  const stop = new AbortController();
  const meanwhile = [
    job.writes ? pacedWrites(job.writes, job.writes.perSecond, stop.signal) : undefined,
    job.fetching ? fetchAgain(job.port, job.fetching, stop.signal) : undefined,
  ];
  const result = await autocannon({
    url: `http://127.0.0.1:${job.port}`,
    connections: job.connections,
    duration: job.seconds,
    requests: job.paths.map((path) => ({
      method: 'GET',
      path,
      ...(job.headers ? { headers: job.headers } : {}),
    })),
  });
  stop.abort();
  await Promise.all(meanwhile);
  const codes = (result as unknown as { statusCodeStats: Record<string, { count: number }> }).statusCodeStats;
  const others = Object.keys(codes).filter((code) => Number(code) !== job.status);
  if (others.length > 0 || result.errors > 0)
    throw new Error(`${job.paths[0]} was answered with ${Object.keys(codes)}, and ${result.errors} errors`);
  const answered = codes[job.status]?.count ?? 0;
  const { duration, latency, throughput } = result;
  return { rate: answered / duration, answered, bytes: throughput.total, p50: latency.p50, p99: latency.p99 };
}

function fetchOnce(port: number, path: string): Promise<{ bytes: number; first: number; took: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    let [bytes, first] = [0, 0];
    get({ port, host: '127.0.0.1', path }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path} was answered with ${answer.statusCode}`));
      answer.on('data', (part: Buffer) => {
        if (bytes === 0) first = performance.now() - began;
        bytes += part.length;
      });
      answer.on('error', reject).on('end', () => resolve({ bytes, first, took: performance.now() - began }));
    }).on('error', reject);
  });
}

/**
 * Fetches again and again, and looks at nothing but the first line: a client that took all apart would be busy itself, and
 * late for the answers that are measured.
 */
async function fetchAgain(port: number, path: string, stop: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(256 * 1024);
  while (!stop.aborted)
    await new Promise<void>((resolve, reject) => {
      let line = '';
      const callback = (length: number, part: Uint8Array) => {
        line ||= Buffer.from(part.buffer, part.byteOffset, Math.min(length, 15)).toString('latin1');
        return true;
      };
      const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } }, () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n`),
      );
      socket.on('error', reject).on('close', () => {
        if (line === 'HTTP/1.1 200 OK') resolve();
        else reject(new Error(`${path} was answered with ${line}`));
      });
    });
}

async function fetchWhole({ port, path }: Extract<Job, { do: 'fetch' }>): Promise<Outcome> {
  const { bytes, first, took } = await fetchOnce(port, path);
  return { rate: bytes / 1e6 / (took / 1000), answered: 1, bytes, p50: took, p99: took, first };
}

function outcomeOf({ acknowledged, seconds, took }: Load): Outcome {
  const at = (part: number) => took[Math.floor(took.length * part)] ?? 0;
  return { rate: acknowledged / seconds, answered: acknowledged, bytes: 0, p50: at(0.5), p99: at(0.99) };
}

let runs = 0;
async function run(job: Job): Promise<Outcome> {
  runs += 1;
  if (job.do === 'ask') return ask(job);
  if (job.do === 'fetch') return fetchWhole(job);
  return outcomeOf(await writeTopics(job, job.clients, job.seconds * 1000, `Made ${process.pid} ${runs}`));
}

process.on('message', async (job: Job) => {
  const answer = await run(job).catch((error: Error) => ({ error: error.message }));
  process.send?.(answer);
});
