/** Clients that write as fast as they are answered, each on a connection it keeps; light, as they share the machine. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Load {
  /** Writes that were acknowledged. */
  readonly acknowledged: number;
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds each answer took, sorted. */
  readonly took: readonly number[];
}

/** Has so many clients create topics for a while; throws at any answer but 201. */
export async function writeTopics(
  { port, key }: { readonly port: number; readonly key: string },
  clients: number,
  milliseconds: number,
  name: string,
): Promise<Load> {
  const took: number[] = [];
  const sockets = await Promise.all(Array.from({ length: clients }, () => connected(port)));
  const start = performance.now();
  const client = async (socket: Socket, number: number) => {
    for (let at = 0; performance.now() - start < milliseconds; at += 1) {
      const body = JSON.stringify({ name: `${name} ${number} ${at}`, description: 'What a topic is about.' });
      const sent = performance.now();
      const status = await exchange(
        socket,
        `POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      if (status !== 201) throw new Error(`answered with ${status}`);
      took.push(performance.now() - sent);
    }
  };
  await Promise.all(sockets.map(client));
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return { acknowledged: took.length, seconds, took: took.sort((a, b) => a - b) };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  await once(socket, 'connect');
  return socket;
}

/** Sends a request and waits until its whole answer is there; returns the status. */
function exchange(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const settle = (done: () => void) => {
      socket.off('data', onData).off('close', onClose);
      done();
    };
    const onClose = () => settle(() => reject(new Error('the connection was closed')));
    const onData = (text: string) => {
      answer += text;
      const head = answer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1]);
      if (answer.length < head + 4 + length) return;
      settle(() => resolve(Number(answer.slice(9, 12))));
    };
    socket.on('data', onData).on('close', onClose);
    socket.write(request);
  });
}
