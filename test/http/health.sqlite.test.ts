/** What probes are told while the database keeps still. */
import t from 'tap';
import { freshApp } from '../helper.ts';

t.test('a database that does not answer is said not to be ready in time, and asked once', async (t) => {
  const { app, call } = await freshApp(t);
  const { db } = app.engine;
  const read = db.read.bind(db);
  let asked = 0;
  let answer = () => {};
  const silent = new Promise<void>((resolve) => {
    answer = resolve;
  });
  db.read = async (work) => {
    asked += 1;
    await silent;
    return read(work);
  };
  const start = performance.now();
  const probes = await Promise.all([call('GET', '/health/ready'), call('GET', '/health/ready')]);
  for (const { status, headers, body } of probes) {
    t.equal(status, 503);
    t.equal(headers['retry-after'], '1');
    t.equal(body.type, '/problems/unavailable');
  }
  t.ok(performance.now() - start < 5000, 'before probes give up');
  t.equal(asked, 1);
  answer();
  db.read = read;
  t.equal((await call('GET', '/health/ready')).status, 200, 'it is ready again');
});
