import t from 'tap';
import { testApp } from '../helper.ts';
import { listening } from './socket.ts';

const CLOSE = 'Connection: close\r\n\r\n';
const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}${CLOSE}`;

t.test('what is not HTTP, or too much of it, is a problem like any other', async (t) => {
  const { app } = await testApp(t);
  const say = await listening(app);
  const rows: [name: string, request: string, status: number, problem: string][] = [
    ['nonsense', 'nonsense\r\n\r\n', 400, 'bad-request'],
    ['an unknown method', `FOO /v1/policies HTTP/1.1\r\nHost: x\r\n${CLOSE}`, 400, 'bad-request'],
    ['an unknown version', `GET /v1/policies HTTP/9.9\r\nHost: x\r\n${CLOSE}`, 400, 'bad-request'],
    ['no Host header', `GET /v1/policies HTTP/1.1\r\n${CLOSE}`, 400, 'bad-request'],
    ['a header without a name', get('/v1/policies', ': x\r\n'), 400, 'bad-request'],
    ['a control character in the address', get('/v1/\x01'), 400, 'bad-request'],
    ['an address that is not ASCII', get('/v1/policies/é'), 400, 'bad-request'],
    ['bad percent-encoding', get('/v1/policies/%zz'), 400, 'bad-request'],
    ['bad percent-encoding in a query', get('/v1/policies?session=%zz'), 400, 'bad-request'],
    ['headers too large', get('/v1/policies', `X-A: ${'a'.repeat(20_000)}\r\n`), 431, 'headers-too-large'],
    ['an address larger than all headers may be', get(`/${'a'.repeat(20_000)}`), 431, 'headers-too-large'],
    ['a long address', get(`/v1/policies?session=${'a'.repeat(9000)}`), 414, 'uri-too-long'],
    [
      'two lengths at once',
      `POST /v1/topics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n${CLOSE}0\r\n\r\n`,
      400,
      'bad-request',
    ],
    ['an address that is not there', get('/nope'), 404, 'not-found'],
  ];
  for (const [name, request, status, problem] of rows) {
    const answer = await say(request);
    t.equal(answer.status, status, `${name} is a ${status}`);
    t.match(answer.headers['content-type'], /^application\/problem\+json/, `${name} is problem+json`);
    t.match(JSON.parse(answer.text), { type: `/problems/${problem}`, status }, `${name} is ${problem}`);
  }
});

t.test('a body that breaks off its own framing is a problem, not a silence', async (t) => {
  const { app, key } = await testApp(t);
  const say = await listening(app);
  const bearer = `Authorization: Bearer ${await key('write')}\r\nContent-Type: application/json\r\n`;
  const post = (framing: string, body: string) =>
    `POST /v1/topics HTTP/1.1\r\nHost: x\r\n${bearer}${framing}\r\n${CLOSE}${body}`;
  const chunk = await say(post('Transfer-Encoding: chunked', 'zz\r\n\r\n'));
  t.match([chunk.status, JSON.parse(chunk.text).type], [400, '/problems/bad-request']);
  const large = await say(post('Content-Length: 99999999', '{}'));
  t.match([large.status, JSON.parse(large.text).type], [413, '/problems/payload-too-large']);
  const good = await say(post('Transfer-Encoding: chunked', 'c\r\n{"name":"a"}\r\n0\r\n\r\n'));
  t.equal(good.status, 201, 'chunks that are right are taken');
});

t.test('a request that does not arrive in time is a 408, not a connection held for ever', async (t) => {
  const { app } = await testApp(t);
  // The limits in force are seconds; the shortest that Node checks will do to see the answer.
  t.ok(app.server.headersTimeout > 0 && app.server.headersTimeout <= 60_000, 'headers have a time limit');
  t.ok(app.server.requestTimeout > 0 && app.server.requestTimeout <= 60_000, 'requests have a time limit');
  app.server.headersTimeout = 1;
  app.server.requestTimeout = 1;
  const say = await listening(app);
  const answer = await say('GET /v1/policies HTTP/1.1\r\nHost: x\r\n');
  t.equal(answer.status, 408);
  t.match(answer.headers['content-type'], /^application\/problem\+json/);
  t.match(JSON.parse(answer.text), { type: '/problems/request-timeout', status: 408 });
});

t.test('an expectation that nobody knows is no reason to refuse', async (t) => {
  const { app } = await testApp(t);
  const say = await listening(app);
  const answer = await say(get('/v1/topics', 'Expect: something\r\n'));
  t.equal(answer.status, 200);
});
