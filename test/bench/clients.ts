/** Clients that write as fast as they are answered, each on a connection it keeps; light, as they share the machine. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Load {
  /** Writes that were acknowledged. */
  readonly acknowledged: number;
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds each answer took, sorted. */
  readonly took: readonly number[];
}

/** Where topics are created. */
export interface WriteTarget {
  readonly port: number;
  readonly key: string;
  /** `/v1/topics` where left out. */
  readonly path?: string;
}

/** Has so many clients create topics for a while; throws at any answer but 201. */
export async function writeTopics(
  target: WriteTarget,
  clients: number,
  milliseconds: number,
  name: string,
): Promise<Load> {
  const took: number[] = [];
  const sockets = await Promise.all(Array.from({ length: clients }, () => connected(target.port)));
  const start = performance.now();
  const client = async (socket: Socket, number: number) => {
    for (let at = 0; performance.now() - start < milliseconds; at += 1) {
      const sent = performance.now();
      await writeTopic(socket, target, `${name} ${number} ${at}`);
      took.push(performance.now() - sent);
    }
  };
  await Promise.all(sockets.map(client));
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return { acknowledged: took.length, seconds, took: took.sort((a, b) => a - b) };
}

async function writeTopic(socket: Socket, { key, path = '/v1/topics' }: WriteTarget, name: string) {
  const body = JSON.stringify({ name, description: 'What a topic is about.' });
  const status = await exchange(
    socket,
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  if (status !== 201) throw new Error(`answered with ${status}`);
}

/** Creates so many topics a second, one after another, until told to stop; returns how many were acknowledged. */
export async function pacedWrites(
  target: WriteTarget,
  perSecond: number,
  stop: AbortSignal,
): Promise<number> {
  const socket = await connected(target.port);
  const began = performance.now();
  let written = 0;
  for (; !stop.aborted; written += 1) {
    const due = began + (written * 1000) / perSecond;
    if (due > performance.now()) await pause(due - performance.now());
    await writeTopic(socket, target, `Paced ${process.pid} ${began} ${written}`);
  }
  socket.destroy();
  return written;
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
