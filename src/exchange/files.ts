/** Making files that are either whole under their name or not there, whatever ends the program in between. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Readable by the owner alone: a tracker holds hashes of keys. */
const PRIVATE = 0o600;

const MARK = '.partial-';

/**
 * Runs work on an empty file beside the one it is for, which others cannot read, and removes it afterwards unless it
 * was put in its place. Those that a process left behind when it was killed go first.
 */
export async function withPartial<T>(file: string, work: (partial: string) => Promise<T>): Promise<T> {
  const start = `${basename(file)}${MARK}`;
  for (const name of readdirSync(dirname(file)).filter((one) => one.startsWith(start))) {
    // Files beside the partial one, such as its journal, are named after it.
    const pid = Number(/^\d+/.exec(name.slice(start.length))?.[0]);
    if (pid === process.pid || !isRunning(pid)) rmSync(join(dirname(file), name), { force: true });
  }
  const partial = `${file}${MARK}${process.pid}`;
  closeSync(openSync(partial, 'wx', PRIVATE));
  try {
    return await work(partial);
  } finally {
    for (const name of readdirSync(dirname(file)))
      if (name.startsWith(basename(partial))) rmSync(join(dirname(file), name), { force: true });
  }
}

/** Whether a process runs, on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Puts a file in the place of another, durably: whoever looks finds the old one whole, or the new one. */
export function replace(partial: string, file: string): void {
  sync(partial);
  renameSync(partial, file);
  sync(dirname(file));
}

/** Puts a file under a name that nothing has; throws EEXIST where something does. */
export function place(partial: string, file: string): void {
  sync(partial);
  if (!link(partial, file)) renameSync(partial, file);
  sync(dirname(file));
}

/** Gives a file a second name, so that it is still there when its first is given to another; copies it where files have one name only. */
export function keep(file: string, name: string): void {
  if (!link(file, name)) {
    copyFileSync(file, name);
    sync(name);
  }
  sync(dirname(name));
}

/** Whether the file could be given the name; throws EEXIST where something has it. */
function link(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST' || existsSync(name)) throw error;
    // A file system without links.
    return false;
  }
}

/** Has a file, or the names in a folder, written to the disk. */
export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** SHA-256 of a file, in hexadecimal; `progress` gets the bytes read so far. */
export async function digestOf(
  file: string,
  progress: (done: number) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(part as Buffer);
    done += (part as Buffer).length;
    progress(done);
  }
  return hash.digest('hex');
}

/** Name of the file that holds a file's checksum. */
export function checksumFile(file: string): string {
  return `${file}.sha256`;
}

/** A checksum the way `sha256sum -c` reads it; unusual names are escaped, and a backslash in front says so. */
export function checksumLine(sha256: string, file: string): string {
  const name = basename(file);
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}

/** The checksum that such a file gives, or undefined when it gives none. */
export function checksumIn(text: string): string | undefined {
  return /^\\?([0-9a-f]{64})(\s|$)/i.exec(text)?.[1]?.toLowerCase();
}
