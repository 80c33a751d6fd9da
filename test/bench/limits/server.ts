/** Run as a process of its own: Fastify with the limits on a database, and with constants of the length of answers. */
import Fastify, { type FastifyReply } from 'fastify';
import { addressOf } from '../../../src/db/url.ts';
import type { Answers, Limit } from './limit.ts';

const [url = '', port = '0', scratch = ''] = process.argv.slice(2);

async function open(): Promise<Limit> {
  const address = addressOf(url);
  if (address?.engine === 'sqlite') return (await import('./sqlite.ts')).openLimit(address.file, scratch);
  return (await import('./postgres.ts')).openLimit(url);
}

const limit = await open();
const app = Fastify();
const constants = new Map<string, Buffer>();
const JSON_TYPE = 'application/json; charset=utf-8';

app.get('/ready', () => 'ready');
app.get('/constant/:name', (request, reply) => {
  reply.type(JSON_TYPE).send(constants.get((request.params as { name: string }).name));
});
app.get('/empty', (_, reply) => {
  reply.code(304).send();
});

/** The routes of one way to make answers. */
function register(prefix: string, answers: Answers): void {
  const { one, whole, filtered, including, on, search, changes, everything } = answers;
  type Query = Record<string, string>;
  const route = (path: string, answer: (query: Query, slug: string) => ReturnType<Answers['one']>) =>
    app.get(`/${prefix}/${path}`, async (request, reply: FastifyReply) => {
      const { slug = '' } = request.params as { slug?: string };
      const body = answer(request.query as Query, slug);
      reply.type(JSON_TYPE);
      return body instanceof Promise ? await body : body;
    });
  const names = (query: Query) => query.include?.split(',') ?? [];
  route('one/:slug', (_, slug) => one(slug));
  route('whole/:slug', (query, slug) => whole(slug, names(query)));
  route('filtered', ({ type = '', status = '', limit: most }) => filtered(type, status, Number(most)));
  route('including', (query) => including(Number(query.limit), names(query)));
  route('on', ({ key = '', id = '', limit: most }) => on(key, id, Number(most)));
  if (search) route('search', ({ q = '', limit: most }) => search(q, Number(most)));
  if (changes) route('changes', ({ after, limit: most }) => changes(Number(after), Number(most)));
  if (everything)
    app.get(`/${prefix}/everything`, async (_, reply) => {
      const { Readable } = await import('node:stream');
      return reply.type('application/x-ndjson').send(Readable.from(everything(), { objectMode: true }));
    });
}
register('objects', limit.objects);
if (limit.json) register('json', limit.json);
const { each, grouped } = limit.writes;
for (const [path, write] of Object.entries({ each, grouped }))
  if (write)
    app.post(`/write/${path}`, async (request, reply) => {
      await write(request.body as Record<string, unknown>);
      return reply.code(201).send(request.body);
    });

process.on('message', ({ name, body }: { name: string; body: string }) =>
  constants.set(name, Buffer.from(body)),
);
process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: Number(port) });
