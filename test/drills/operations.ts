/**
 * `npm run check:operations`: writes out the files that the guide's page on operations has, and has them looked through by
 * the programs they are for, as far as those are here: `systemd-analyze verify`, `nginx -t`, `docker compose config`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { filesOf } from '../guide-files.ts';

const files = filesOf('operations');
const root = mkdtempSync(join(tmpdir(), 'civic-operations-'));
let failed = 0;

/** A program that looks files through, and what tells whether it is here. */
interface Program {
  readonly call: readonly [string, ...string[]];
  readonly probe: readonly [string, ...string[]];
}

const SYSTEMD: Program = {
  call: ['systemd-analyze', 'verify', '--man=no'],
  probe: ['systemd-analyze', '--version'],
};
const NGINX: Program = { call: ['nginx', '-t', '-q', '-c'], probe: ['nginx', '-v'] };
const COMPOSE: Program = { call: ['docker', 'compose', '-f'], probe: ['docker', 'compose', 'version'] };

const run = ([command, ...args]: readonly [string, ...string[]]) =>
  spawnSync(command, args, { encoding: 'utf8' });

/** Has a file looked through, and tells how that came out; where its program is not here, that. */
function check(what: string, { call, probe }: Program, ...args: readonly string[]): void {
  if (run(probe).status !== 0) {
    process.stdout.write(`not checked, as \`${probe.join(' ')}\` fails here: ${what}\n`);
    return;
  }
  const { status, stdout, stderr } = run([...call, ...args]);
  const said = `${stdout}${stderr}`.trim();
  // What is wrong with a unit is said, and no reason for another status.
  const well = status === 0 && said === '';
  if (!well) failed += 1;
  process.stdout.write(`${well ? 'ok' : 'FAIL'} ${what}\n${well ? '' : `${said}\n`}`);
}

/** Puts a file into a folder under its own name; returns where. */
function put(folder: string, name: string, text: string): string {
  const path = join(root, folder, basename(name));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

try {
  // A unit is refused whose program is not there: one that does nothing stands in for it.
  const program = put('bin', 'program', '#!/bin/sh\n');
  chmodSync(program, 0o755);
  for (const [name, text] of files) {
    if (/\.(service|timer)$/.test(name)) {
      const path = put('units', name, text.replace(/^(ExecStart=)\/opt\/\S+/gm, `$1${program}`));
      if (!name.includes('@')) check(name, SYSTEMD, path);
      // Of a template one instance is looked at.
      else check(name, SYSTEMD, path.replace('@', '@3001'));
    } else if (name.includes('nginx')) {
      const site = put('site', name, text.replaceAll('listen 80;', 'listen 127.0.0.1:8080;'));
      const whole = put(
        'nginx',
        'nginx.conf',
        `pid ${join(root, 'pid')};\nerror_log stderr;\nevents {}\nhttp { access_log off; include ${site}; }\n`,
      );
      check(name, NGINX, whole);
    } else if (name === 'compose.yaml') {
      const path = put('compose', name, text);
      put('compose', '.env', 'POSTGRES_PASSWORD=a\nREPLICATION_PASSWORD=b\n');
      check(name, COMPOSE, path, 'config', '--quiet');
    }
  }
} finally {
  rmSync(root, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;
