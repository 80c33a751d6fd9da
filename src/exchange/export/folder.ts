/** The folder of snapshots: each a folder of its own, there whole under its name or not at all. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, sync } from '../files.ts';
import { type ExportFile, type MEDIA_TYPES, PACKAGE, type Taken } from './datapackage.ts';

const NAME = /^\d{8}T\d{9}Z-r\d+$/;
const PARTIAL = '.partial-';
const OLD = '.old-';

/** How long a half-made snapshot of a process that is not there is left, in milliseconds: it may run on another machine. */
const ABANDONED = 600_000;

/** Name of a snapshot of a revision taken at an instant: names sort by time. */
export function snapshotName(at: Date, revision: number): string {
  return `${at.toISOString().replace(/[-:.]/g, '')}-r${revision}`;
}

/** Names of the snapshots in a folder, the newest first; none where there is no folder. */
export function snapshotsIn(dir: string): string[] {
  return namesIn(dir)
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/** A snapshot that is there. */
export interface Snapshot extends Taken {
  /** Version of the software that made it. */
  readonly software: string;
  readonly files: readonly ExportFile[];
}

/** What a snapshot says of itself; undefined where there is none of that name. */
export function readSnapshot(dir: string, name: string): Snapshot | undefined {
  if (!NAME.test(name)) return undefined;
  let text: string;
  try {
    text = readFileSync(join(dir, name, PACKAGE), 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
  const { revision, created, software, resources } = JSON.parse(text) as Omit<Snapshot, 'files'> & {
    resources: (Omit<ExportFile, 'sha256'> & { hash: string; format: keyof typeof MEDIA_TYPES })[];
  };
  const files = resources.map(({ path, format, kind, rows, bytes, hash, description }) => {
    return { path, format, kind, rows, bytes, sha256: hash.replace('sha256:', ''), description };
  });
  return { name, revision, created, software, files };
}

/** Makes the folder where there is none, and an empty one in it for a snapshot that is being made. */
export function beginSnapshot(dir: string, claim: string, now: number): string {
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(dir)) {
    const left =
      name.startsWith(OLD) || (name.startsWith(PARTIAL) && isAbandoned(join(dir, name), name, now));
    if (left) rmSync(join(dir, name), { recursive: true, force: true });
  }
  const partial = partialOf(dir, claim);
  mkdirSync(partial, { mode: 0o700 });
  return partial;
}

/** The folder of a snapshot that is being made. */
export function partialOf(dir: string, claim: string): string {
  return join(dir, `${PARTIAL}${process.pid}-${claim}`);
}

function isAbandoned(path: string, name: string, now: number): boolean {
  if (isRunning(Number(name.slice(PARTIAL.length).split('-')[0]))) return false;
  const times = readdirSync(path).map((file) => statSync(join(path, file)).mtimeMs);
  return now - Math.max(statSync(path).mtimeMs, ...times) > ABANDONED;
}

/** Gives a finished snapshot its name, durably. */
export function publishSnapshot(dir: string, partial: string, name: string): void {
  sync(partial);
  renameSync(partial, join(dir, name));
  sync(dir);
}

/** Takes away all but the newest snapshots; each goes at once, so that nobody meets half of one. */
export function keepNewest(dir: string, keep: number): void {
  for (const name of snapshotsIn(dir).slice(keep)) {
    const gone = join(dir, `${OLD}${name}`);
    renameSync(join(dir, name), gone);
    rmSync(gone, { recursive: true, force: true });
  }
}
