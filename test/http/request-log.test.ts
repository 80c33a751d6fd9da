import { Writable } from 'node:stream';
import Fastify, { type LogLevel } from 'fastify';
import t from 'tap';
import { requestLogs } from '../../src/http/request-log.ts';

/** The lines that a good request and one that goes wrong leave at a level. */
async function linesAt(level: LogLevel): Promise<{ level: number; reqId?: string; msg: string }[]> {
  const lines: string[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const app = Fastify({ logger: { level, stream }, genReqId: () => 'this-one', ...requestLogs(level) });
  app.get('/good', async (request) => {
    request.log.info('all is well');
    request.log.debug('very well');
    return 'good';
  });
  app.get('/bad', async (request) => {
    request.log.warn({ what: 'it' }, 'this is odd');
    request.log.child({ more: 1 }).error('this failed');
    return request.log.level;
  });
  t.equal((await app.inject('/good')).body, 'good');
  t.equal((await app.inject('/bad')).body, level);
  await app.close();
  return lines.map((line) => JSON.parse(line));
}

t.test('where only what goes wrong is logged, it still names its request', async (t) => {
  t.match(await linesAt('warn'), [
    { level: 40, reqId: 'this-one', what: 'it', msg: 'this is odd' },
    { level: 50, reqId: 'this-one', more: 1, msg: 'this failed' },
  ]);
  t.equal((await linesAt('warn')).length, 2, 'and nothing else is');
  t.match(await linesAt('error'), [{ level: 50, reqId: 'this-one', msg: 'this failed' }]);
  t.same(await linesAt('silent'), []);
});

t.test('elsewhere every request leaves its lines', async (t) => {
  const said = (await linesAt('info')).map(({ msg }) => msg);
  t.equal(said.filter((msg) => msg === 'request completed').length, 2);
  t.ok(said.includes('all is well'));
});
