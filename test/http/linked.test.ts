import t from 'tap';
import { full } from '../exchange/linked-samples.ts';
import { LD, tracker } from '../exchange/linked-tracker.ts';

t.test('linked data is asked for by Accept, and has an ETag of its own', async (t) => {
  const { call } = await tracker(t);
  const path = '/v1/officials/karen-bass';
  const accepting = (accept: string, more: object = {}) =>
    call('GET', path, { headers: { accept, ...more } });
  const profile = 'application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"';
  const cases: [string, string][] = [
    ['application/ld+json', 'application/ld+json'],
    [profile, 'application/ld+json'],
    ['text/html, application/ld+json;q=0.9, */*;q=0.1', 'application/ld+json'],
    ['application/json, application/ld+json', 'application/json'],
    ['application/ld+json;q=0.5, application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
  ];
  for (const [accept, type] of cases) {
    const { status, headers } = await accepting(accept);
    t.same([status, String(headers['content-type']).split(';')[0]], [200, type], accept);
    t.match(headers.vary, /Accept/);
  }
  const [plain, ld] = [await accepting('application/json'), await accepting('application/ld+json')];
  t.not(plain.headers.etag, ld.headers.etag);
  const given = (etag: unknown) => ({ 'if-none-match': String(etag) });
  t.equal((await accepting('application/ld+json', given(ld.headers.etag))).status, 304);
  t.equal((await accepting('application/ld+json', given(plain.headers.etag))).status, 200);
  t.equal((await accepting('application/json', given(ld.headers.etag))).status, 200);
});

t.test('what there is no linked data of, or no such record, is refused', async (t) => {
  const { call, post, writer } = await tracker(t);
  const [{ id }] = (await call('GET', '/v1/memberships?limit=1')).body.data;
  const refused = await call('GET', `/v1/memberships/${id}`, LD);
  t.match(refused.body, { status: 406, errors: [{ header: 'Accept', expected: 'application/json' }] });
  t.equal((await call('GET', '/v1/officials', LD)).status, 406, 'a list');
  const html = await call('GET', '/v1/officials/karen-bass', { headers: { accept: 'text/html' } });
  t.match(html.body, { status: 406, errors: [{ expected: 'application/json or application/ld+json' }] });
  t.equal((await call('GET', '/v1/officials/nobody-at-all', LD)).status, 404);
  for (const query of ['fields=name', 'include=memberships', 'as_of=2026-01-01T00:00:00Z']) {
    const { body } = await call('GET', `/v1/officials/karen-bass?${query}`, LD);
    t.match(body, { status: 400, errors: [{ parameter: query.split('=')[0] }] });
  }
  t.equal((await call('GET', '/v1/resolutions/los-angeles-sanctuary-city-ordinance', LD)).status, 404);
  const gone = await post('topics', { name: 'Gone' });
  await call('DELETE', `/v1/topics/${gone.id}`, { key: writer, ifMatch: '*' });
  t.equal((await call('GET', `/v1/topics/${gone.id}`, LD)).status, 410);
});

t.test(
  'addresses begin with PUBLIC_URL where there is one, and else with the host that was asked',
  async (t) => {
    const { read } = await tracker(t, { PUBLIC_URL: 'https://tracker.example' });
    const node = await read('topics/immigration');
    t.match(node['@id'], /^https:\/\/tracker\.example\/v1\/topics\//);
    const { call } = await tracker(t);
    const headers = { ...LD.headers, host: 'civic.example:8080' };
    const { body } = await call('GET', '/v1/topics/immigration', { headers });
    t.match(body['@id'], /^http:\/\/civic\.example:8080\/v1\/topics\//);
  },
);

t.test('linked data takes as many statements however much a record is related to', async (t) => {
  const { call, db, post } = await tracker(t);
  const { id } = await post('policies', full.policies as object);
  const cost = async () => {
    const before = db.statements();
    t.equal((await call('GET', `/v1/policies/${id}`, LD)).status, 200);
    return db.statements() - before;
  };
  const parts = (from: number, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, at) =>
        post('actions', {
          policy_id: id,
          description: `Step ${from + at}`,
          organization_id: 'los-angeles-city-council',
        }),
      ),
    );
  await parts(0, 1);
  const one = await cost();
  await parts(1, 15);
  t.equal(await cost(), one);
});
