/** What a measurement depends on: the machine, its disk, and what it costs to make something durable on it. */
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

/** The machine's facts, as a file of results keeps them. */
export function machineFacts(folder: string): Readonly<Record<string, unknown>> {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    load: loadavg()[0],
    file_system: fileSystemOf(folder),
    synced_page_us: syncCost(folder),
  };
}

/** One line on the machine, and one on the file system of a folder. */
export function machine(folder: string): string {
  const processors = cpus();
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `${processors.length} × ${processors[0]?.model}, ${gibibytes} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
    `${fileSystemOf(folder)}: a page written and synced in ${syncCost(folder)} µs (median of 300)`,
  ].join('\n');
}

function fileSystemOf(folder: string): string {
  try {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').trim().split('\n');
    const found = mounts
      .map((line) => line.split(' ') as [string, string, string])
      .filter(([, at]) => `${folder}/`.startsWith(at === '/' ? at : `${at}/`))
      .sort(([, a], [, b]) => b.length - a.length)[0];
    return found ? `${found[2]} on ${found[0]}` : 'unknown file system';
  } catch {
    return 'unknown file system';
  }
}

function syncCost(folder: string): number {
  const path = join(folder, 'sync');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  const times: number[] = [];
  for (let at = 0; at < 300; at += 1) {
    const start = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    times.push((performance.now() - start) * 1000);
  }
  closeSync(file);
  rmSync(path);
  return Math.round(median(times));
}
