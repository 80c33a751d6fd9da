/** Asking a server how it stands, again and again, on a connection of its own, in bounded time. */
import { Client } from './client.ts';

/** How long after its own time limit a server may take to say that a question reached it, in milliseconds. */
const LATE = 250;

/** How a server stands. */
export interface Standing {
  /** Whether it follows another one. */
  readonly standby: boolean;
  /** How far its log is on disk, or a standby's is replayed, in bytes. */
  readonly position: number;
  /** Number of the newest change it shows. */
  readonly revision: number;
  /** The same for a primary and its standbys, and for no others. */
  readonly cluster: string;
  /** When it was asked and when it answered, in milliseconds that never go back. */
  readonly asked: number;
  readonly answered: number;
}

// Bytes of a log are counted exactly up to nine petabytes.
const QUESTION = `SELECT standby, revision,
    pg_wal_lsn_diff(CASE WHEN standby THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END, '0/0')::float8 AS position,
    (SELECT system_identifier FROM pg_control_system()) || '/' || current_database() AS cluster
  FROM (SELECT pg_is_in_recovery() AS standby, (SELECT coalesce(max(seq), 0)::float8 FROM changes) AS revision) AS now`;

export interface ProbeSettings {
  /** Time between two questions, in milliseconds. */
  readonly every: number;
  /** How long an answer may take, connecting included, in milliseconds. */
  readonly patience: number;
}

/** Asks from now on; `told` gets each answer, or why there was none. Returns what ends it. */
export function probing(
  url: string,
  { every, patience }: ProbeSettings,
  told: (standing: Standing | Error) => void,
): () => void {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const connected = async (): Promise<Client> => {
    if (client) return client;
    const made = new Client({
      connectionString: url,
      connectionTimeoutMillis: patience,
      // A server that is only slow says so before it is taken for silent.
      statement_timeout: patience,
      query_timeout: patience + LATE,
      application_name: 'civic probe',
    });
    made.on('error', () => undefined);
    client = made;
    await made.connect();
    return made;
  };
  const drop = () => {
    // What it is asked or told at the time fails by itself.
    void client?.end().catch(() => undefined);
    client = undefined;
  };
  const ask = async (): Promise<Standing> => {
    const asked = performance.now();
    const { rows } = await (await connected()).query({ name: 'standing', text: QUESTION });
    return { ...rows[0], asked, answered: performance.now() };
  };
  const round = async () => {
    const answer = await ask().catch((error: Error) => {
      drop();
      return error;
    });
    if (stopped) return drop();
    told(answer);
    timer = setTimeout(round, every).unref();
  };
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
    drop();
  };
}
