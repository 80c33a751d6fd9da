/** The driver's client, and connections of their own for what pools do not do. */
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** How long the other side may take to close a connection that is ended, in milliseconds. */
const FAREWELL = 1000;

/** What a connection is sent over, which the driver's types leave out. */
export function streamOf(client: unknown): Duplex {
  return (client as { connection: { stream: Duplex } }).connection.stream;
}

/** The driver's client, whose end does not wait for ever for the other side: one that is gone never closes its own. */
export class Client extends pg.Client {
  override end(): Promise<void>;
  override end(ended: (error: Error) => void): void;
  override end(ended?: (error: Error) => void): Promise<void> | void {
    setTimeout(() => streamOf(this).destroy(), FAREWELL).unref();
    return ended ? super.end(ended) : super.end();
  }
}

/**
 * Runs work on a connection of its own, which may take as long as it likes and ends with it. `wait` is how long connecting
 * may take, in milliseconds, and `name` how the server's administrators see it.
 */
export async function onClient<T>(
  url: string,
  wait: number,
  name: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: wait, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
