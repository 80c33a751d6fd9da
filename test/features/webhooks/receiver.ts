/** A receiver of messages on this machine, which answers as a test tells it. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read many shapes
  readonly message: any;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Connections that were opened. */
  readonly connections: () => number;
  /** How the next messages are answered: a status, or whatever is done with the response. */
  answer: (message: Received, response: ServerResponse) => number | undefined | Promise<number | undefined>;
}

/** Opens a receiver that takes everything until it is told otherwise. */
export async function receiver(t: Test): Promise<Receiver> {
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const text = Buffer.concat(chunks).toString();
      const got = {
        url: String(request.url),
        headers: request.headers,
        text,
        message: text && JSON.parse(text),
      };
      own.received.push(got);
      const status = await own.answer(got, response);
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const own: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received: [],
    connections: () => connections,
    answer: () => 204,
  };
  return own;
}
