import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import t, { type Test } from 'tap';
import { rangesOf } from '../../../src/features/webhooks/addresses.ts';
import { openSender, resolveByDns } from '../../../src/features/webhooks/send.ts';
import { receiver } from './receiver.ts';

const NEVER = new AbortController().signal;

interface Options {
  readonly allowed?: readonly string[];
  readonly attempt?: number;
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

function sender(t: Test, { allowed = ['127.0.0.1'], attempt = 5_000, names = {} }: Options = {}) {
  const opened = openSender({
    listed: rangesOf(allowed),
    attempt,
    resolve: async (name) => {
      const found = names[name];
      if (found === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      return found;
    },
  });
  t.teardown(opened.close);
  return (url: string, body = '{}', stop = NEVER) => opened.send(url, { 'x-test': 'yes' }, body, stop);
}

t.test('a message is posted, and its answer told', async (t) => {
  const one = await receiver(t);
  const send = sender(t);
  one.answer = ({ text }) => (text.includes('…') ? 201 : 500);
  t.match(await send(one.url, '{"a":"…"}'), { status: 201, error: null });
  t.match(await send(one.url), { status: 500, error: null });
  t.match(one.received[0], {
    url: '/hook',
    text: '{"a":"…"}',
    headers: { 'x-test': 'yes', 'content-length': '11' },
  });
  t.equal(one.connections(), 1, 'over one connection');
});

t.test('nothing is connected to that is not allowed, however it is spelt', async (t) => {
  const one = await receiver(t);
  const { port } = one;
  const names = {
    'inside.example': ['127.0.0.1'],
    'metadata.example': ['169.254.169.254'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'nat64.example': ['64:ff9b::7f00:1'],
    'both.example': ['10.0.0.1', '127.0.0.1'],
    'nothing.example': [],
    'public.example': ['93.184.216.34'],
  };
  const nobody = sender(t, { allowed: [], names });
  const hosts = [
    '127.0.0.1',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '0.0.0.0',
    '[::]',
    '169.254.169.254',
    ...Object.keys(names).filter((name) => name !== 'public.example'),
  ];
  for (const host of hosts) {
    for (const scheme of ['http', 'https']) {
      const { status, error } = await nobody(`${scheme}://${host}:${port}/hook`);
      t.match({ status, error }, { status: null, error: /^refused: / }, `${scheme}://${host}`);
    }
  }
  t.match(await nobody('http://public.example/'), { error: /refused: only https/ }, 'http says too much');
  t.match(await nobody('https://gone.example/'), { status: null, error: 'ENOTFOUND' });
  t.equal(one.connections(), 0, 'and so nobody was');
});

t.test('a name that leads to several addresses is followed to those that are allowed', async (t) => {
  const one = await receiver(t);
  const send = sender(t, { names: { 'mixed.example': ['10.0.0.1', '127.0.0.1'] } });
  t.match(await send(`http://mixed.example:${one.port}/hook`), { status: 204 });
});

t.test('a name that leads elsewhere the second time leads nowhere', async (t) => {
  const one = await receiver(t);
  const answers = [['127.0.0.1'], ['127.0.0.2']];
  const opened = openSender({
    listed: rangesOf(['127.0.0.1']),
    attempt: 5_000,
    resolve: async () => answers.shift() ?? [],
  });
  t.teardown(opened.close);
  const url = `http://rebound.example:${one.port}/`;
  // Closing the connection makes the next message ask for the address again.
  one.answer = (_, response) => void response.writeHead(204, { connection: 'close' }).end();
  t.match(await opened.send(url, {}, '{}', NEVER), { status: 204 });
  t.match(await opened.send(url, {}, '{}', NEVER), { status: null, error: /^refused: 127\.0\.0\.2/ });
});

t.test('redirects are not followed', async (t) => {
  const [one, other] = [await receiver(t), await receiver(t)];
  const send = sender(t);
  for (const status of [301, 302, 303, 307, 308]) {
    one.answer = (_, response) => void response.writeHead(status, { location: other.url }).end();
    t.match(await send(one.url), { status, error: null });
  }
  t.same(other.received, []);
});

t.test('an attempt ends in time, however slow the receiver is', async (t) => {
  const one = await receiver(t);
  const send = sender(t, { attempt: 100 });
  const silent: (typeof one)['answer'] = () => new Promise(() => undefined);
  one.answer = silent;
  t.match(await send(one.url), { status: null, error: 'no answer in time' });
  one.answer = (_, response) => void response.writeHead(200).write('and so on');
  t.match(await send(one.url), { status: 200, error: null }, 'a body that never ends changes nothing');
  const stop = new AbortController();
  one.answer = silent;
  setTimeout(() => stop.abort(), 20);
  t.match(await send(one.url, '{}', stop.signal), { status: null, error: 'stopped' });
});

t.test('no more is read than the head of an answer and a little', async (t) => {
  const one = await receiver(t);
  let written = 0;
  one.answer = (_, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) written += 1;
    };
    response.on('drain', more);
    more();
    return undefined;
  };
  t.match(await sender(t)(one.url), { status: 200 });
  t.ok(written < 1000, 'an endless answer is cut off');
});

t.test('what is no HTTP, and nobody, are told as such', async (t) => {
  const rude = createServer((socket) => socket.end('SMTP ready\r\n', () => socket.destroy())).listen(
    0,
    '127.0.0.1',
  );
  await once(rude, 'listening');
  const { port } = rude.address() as AddressInfo;
  const send = sender(t);
  t.match(await send(`http://127.0.0.1:${port}/`), { status: null, error: /^HPE_/ });
  rude.close();
  await once(rude, 'close');
  t.match(await send(`http://127.0.0.1:${port}/`), { status: null, error: 'ECONNREFUSED' });
});

t.test('a connection that was closed while it was idle costs no attempt', async (t) => {
  const one = await receiver(t);
  const send = sender(t);
  one.answer = (_, response) => {
    response.writeHead(204).end();
    response.on('finish', () => setImmediate(() => response.socket?.resetAndDestroy()));
    return undefined;
  };
  for (let at = 0; at < 5; at += 1) t.match(await send(one.url), { status: 204, error: null });
});

t.test('names are looked up in DNS', async (t) => {
  const told = await resolveByDns('nothing.invalid').catch(({ code }) => code);
  t.match(told, /^E[A-Z]+$/, 'a name that nobody has is an error, whatever the network');
});
