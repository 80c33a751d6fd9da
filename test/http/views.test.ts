import t from 'tap';
import { refuses } from './refusals.ts';
import { writer } from './writer.ts';

const ORDINANCE = 'los-angeles-sanctuary-city-ordinance';
const RESOLUTION = 'lausd-commitment-resolution';

t.test('ordinances and resolutions are the policies of their type, and no others', async (t) => {
  const { call } = await writer(t);
  const rows = [
    ['ordinances', 'ordinance', ORDINANCE],
    ['resolutions', 'resolution', RESOLUTION],
  ] as const;
  for (const [path, type, slug] of rows) {
    const { body: seen } = await call('GET', `/v1/${path}?limit=200&count=exact`);
    const { body: policies } = await call('GET', `/v1/policies?limit=200&count=exact&type=${type}`);
    t.ok(seen.data.length > 0);
    t.strictSame(seen.data, policies.data, `${path} are the policies of type ${type}`);
    t.equal(seen.meta.total, policies.meta.total);
    const one = await call('GET', `/v1/${path}/${slug}`);
    t.strictSame(one.body, (await call('GET', `/v1/policies/${slug}`)).body, 'the same record');
    const { body: parts } = await call('GET', `/v1/${path}/${slug}/actions`);
    t.strictSame(parts.data, (await call('GET', `/v1/policies/${slug}/actions`)).body.data, 'the same parts');
    const { body: page } = await call('GET', `/v1/${path}?limit=1`);
    if (page.links.next)
      t.match(page.links.next, new RegExp(`^/v1/${path}\\?`), 'the next page is one of theirs');
    await refuses(t, call, [
      {
        name: `${path} have no filter by type`,
        request: `GET /v1/${path}?type=${type}`,
        problem: 'invalid-parameter',
        at: { parameter: 'type' },
      },
    ]);
  }
});

t.test('another type is not found there, whatever is asked of it', async (t) => {
  const { call, write, make } = await writer(t);
  const key = write;
  const body = { title: 'A', jurisdiction_id: 'boston' };
  const url = `/v1/ordinances/${RESOLUTION}`;
  const { id } = await make('resolutions', body);
  await call('DELETE', `/v1/policies/${id}`, { key, ifMatch: '*' });
  await refuses(t, call, [
    { name: 'read', request: `GET ${url}`, problem: 'not-found' },
    { name: 'read with the type left out', request: `GET ${url}?fields=title`, problem: 'not-found' },
    { name: 'parts', request: `GET ${url}/actions`, problem: 'not-found' },
    { name: 'patch', request: `PATCH ${url}`, key, ifMatch: '*', body: {}, problem: 'not-found' },
    { name: 'put', request: `PUT ${url}`, key, ifMatch: '*', body, problem: 'not-found' },
    { name: 'delete', request: `DELETE ${url}`, key, ifMatch: '*', problem: 'not-found' },
    { name: 'restore', request: `POST /v1/ordinances/${id}/restore`, key, problem: 'not-found' },
    { name: 'a deleted one', request: `GET /v1/ordinances/${id}`, problem: 'not-found' },
  ]);
  t.equal((await call('GET', `/v1/policies/${RESOLUTION}`)).body.version, 1, 'nothing was changed');
});

t.test('the type of what is written there is fixed', async (t) => {
  const { call, make, patch, write } = await writer(t);
  const body = { title: 'Leaf blowers', jurisdiction_id: 'boston' };
  const made = await call('POST', '/v1/ordinances', { key: write, body });
  t.match([made.status, made.body.type], [201, 'ordinance'], 'made without saying so');
  t.equal(made.headers.location, `/v1/ordinances/${made.body.id}`);
  t.equal((await make('ordinances', { ...body, type: 'ordinance' })).type, 'ordinance', 'or saying so');
  const url = `/v1/ordinances/${made.body.id}`;
  const wrong = {
    key: write,
    problem: 'invalid-body' as const,
    at: { pointer: '/type' },
    says: /one of ordinance/,
  };
  const other = { ...body, type: 'resolution' };
  await refuses(t, call, [
    { ...wrong, name: 'create', request: 'POST /v1/ordinances', body: other },
    { ...wrong, name: 'put', request: `PUT ${url}`, ifMatch: '*', body: other },
    { ...wrong, name: 'patch', request: `PATCH ${url}`, ifMatch: '*', body: { type: 'resolution' } },
    { ...wrong, name: 'null', request: `PUT ${url}`, ifMatch: '*', body: { ...body, type: null } },
  ]);
  const put = await call('PUT', url, { key: write, ifMatch: '*', body: { ...body, summary: 'x' } });
  t.match([put.status, put.body.type, put.body.summary], [200, 'ordinance', 'x']);
  const taken = await patch(url, { type: null, summary: 'y' });
  t.match(
    [taken.status, taken.body.type, taken.body.summary],
    [200, 'ordinance', 'y'],
    'nor can it be taken away',
  );
  const moved = await patch(`/v1/policies/${made.body.id}`, { type: 'resolution' });
  t.equal(moved.status, 200, 'as a policy it can become another type');
  t.same(
    [(await call('GET', url)).status, (await call('GET', `/v1/resolutions/${made.body.id}`)).status],
    [404, 200],
    'and is then found among those',
  );
});
