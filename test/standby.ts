/** A real standby: a copy of a server of the tests that follows it by streaming. */
import { cpSync, lchownSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { home, type PostgresServer, serverIn, settingsOf, urlOf } from './postgres.ts';

export interface Standby extends PostgresServer {
  /** Takes in no more of what the primary writes. */
  readonly pause: () => Promise<void>;
  /** Goes on with it. */
  readonly goOn: () => Promise<void>;
  /** Makes it a primary. */
  readonly promote: () => Promise<void>;
}

/** Settings by which a standby is soon there again once its primary is. */
const EAGER = ['wal_retrieve_retry_interval=100ms', 'hot_standby_feedback=on'];

/** Files of a server's data that are its own. */
const OWN = ['postmaster.pid', 'postmaster.opts'];

/** Starts a standby of a primary that was started with `followed`; `port` is one of 127.0.0.1 to listen on. */
export async function startStandby(
  primary: PostgresServer,
  { durable = false, port }: { readonly durable?: boolean; readonly port?: number } = {},
): Promise<Standby> {
  const place = home();
  await copyData(primary, place.data);
  writeFileSync(join(place.data, 'standby.signal'), '');
  const { uid, gid } = place.user;
  if (uid !== undefined && gid !== undefined) own(place.data, uid, gid);
  const settings = [
    ...settingsOf({ durable, followed: true, port }),
    ...EAGER,
    `primary_conninfo=host=${primary.folder} port=${primary.port} user=civic`,
  ];
  const server = await serverIn(place, settings, port);
  const ask = (text: string) => asked(server, (client) => client.query(text));
  return {
    ...server,
    pause: async () => void (await ask('select pg_wal_replay_pause()')),
    goOn: async () => void (await ask('select pg_wal_replay_resume()')),
    promote: async () => void (await ask('select pg_promote()')),
  };
}

/** Copies the data of a server that goes on meanwhile. */
function copyData(server: PostgresServer, to: string): Promise<void> {
  return asked(server, async (client) => {
    await client.query(`select pg_backup_start('standby', true)`);
    cpSync(server.data, to, { recursive: true, filter: (name) => !OWN.includes(basename(name)) });
    const { rows } = await client.query('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(to, 'backup_label'), rows[0].labelfile);
  });
}

async function asked<T>(server: PostgresServer, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(urlOf(server.folder, 'postgres', server.port));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function own(folder: string, uid: number, gid: number): void {
  lchownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), uid, gid);
}
