import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { openDatabase } from '../../src/db/open.ts';
import { appOver } from '../databases.ts';
import { send, testApp } from '../helper.ts';

t.test('nothing below a number that was served appears later, whoever writes', async (t) => {
  const { app, url, call, key } = await testApp(t, 'seeded');
  const db = await openDatabase(url);
  const other = await appOver({ db });
  t.teardown(async () => {
    await other.close();
    await db.close();
  });
  const write = await key('write');
  const { revision } = (await call('GET', '/v1/changes?limit=1')).body.meta;
  let writing = true;
  const writer = async (service: typeof app, name: string) => {
    for (let n = 0; n < 20; n += 1) {
      const { status } = await send(service, 'POST', '/v1/topics', {
        key: write,
        body: { name: `${name} ${n}` },
      });
      if (status !== 201) throw new Error(`a topic is not made: ${status}`);
    }
  };
  const served: number[] = [];
  const reader = async () => {
    for (let last = false; !last; await turn()) {
      last = !writing;
      const after = served.at(-1) ?? revision;
      const { body } = await send(other, 'GET', `/v1/changes?after=${after}&content=false&limit=7`, {});
      for (const { seq } of body.data) served.push(seq);
      if (body.links.next) last = false;
    }
  };
  const reading = reader();
  // Of two processes, each with several connections.
  const writers = [app, other].flatMap((service, at) =>
    ['a', 'b'].map((name) => writer(service, `${name}${at}`)),
  );
  await Promise.all(writers);
  writing = false;
  await reading;
  t.same(
    served,
    Array.from({ length: 80 }, (_, at) => revision + at + 1),
    'every change is met once, in order, while they are written',
  );
});
