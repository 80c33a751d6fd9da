import t from 'tap';
import { readingApp } from './helper.ts';

t.test('a seeded tracker answers with the ordinance and its jurisdiction', async (t) => {
  const { call } = await readingApp(t);
  const { status, body } = await call(
    'GET',
    '/v1/policies/los-angeles-sanctuary-city-ordinance?include=jurisdiction',
  );
  t.equal(status, 200);
  t.equal(body.jurisdiction.slug, 'los-angeles');
});
