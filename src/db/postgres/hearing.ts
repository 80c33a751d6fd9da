/** Hearing of commits: every write notifies, and whoever wants to know listens on a connection of its own. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Source } from '../audience.ts';
import type { Limits } from '../open.ts';
import { Client } from './client.ts';

/** The channel that writes notify when they are committed. */
export const COMMITS = 'civic_commits';

/** How often a server that is silent is asked whether it is there, in milliseconds. */
const SILENCE = 5_000;

/** How long after a lost connection the next is tried, in milliseconds. */
const RETRY = 250;

/**
 * Tells of commits by connections other than the own ones, which know already. A connection that is lost is replaced,
 * and then it is told once, as something may have been committed meanwhile.
 */
export function hearingOf(url: string, { wait }: Limits, isOwn: (processId: number) => boolean): Source {
  return (tell) => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const listen = async () => {
      const client = new Client({
        connectionString: url,
        connectionTimeoutMillis: wait,
        query_timeout: wait,
        keepAlive: true,
        application_name: 'civic',
      });
      // Errors on its way there are told by what is asked of it.
      const ended = new Promise((resolve) => client.once('end', resolve));
      const end = () => void client.end().catch(() => undefined);
      client.on('error', () => undefined);
      client.on('notification', ({ processId }) => {
        if (!isOwn(processId)) tell();
      });
      signal.addEventListener('abort', end);
      try {
        await client.connect();
        await client.query(`LISTEN ${COMMITS}`);
        tell();
        while (!signal.aborted) {
          const quiet = new AbortController();
          const rest = pause(SILENCE, undefined, { signal: quiet.signal, ref: false });
          await Promise.race([ended, rest.catch(() => undefined)]);
          quiet.abort();
          await client.query('SELECT 1');
        }
      } finally {
        signal.removeEventListener('abort', end);
        end();
      }
    };
    const run = async () => {
      while (!signal.aborted) {
        await listen().catch(() => undefined);
        // It rejects where it is stopped meanwhile.
        await pause(RETRY, undefined, { signal, ref: false }).catch(() => undefined);
      }
    };
    void run();
    return () => stopping.abort();
  };
}
