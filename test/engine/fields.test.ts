import t from 'tap';
import { fieldNames } from '../../src/engine/parameters.ts';
import { largeFields } from '../../src/engine/select.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { readingApp, testApp } from '../helper.ts';
import { createAll } from './crawler.ts';

t.test('fields prunes to what it names and the id, on lists and on one record', async (t) => {
  const { call } = await readingApp(t);
  for (const kind of kinds) {
    const names = fieldNames(kind).filter((name) => !kind.fields[name]?.restricted);
    const { status, body } = await call('GET', `/v1/${kind.path}?limit=1&fields=${names.join(',')}`);
    t.equal(status, 200, `all fields of ${kind.path}`);
    const [record] = body.data;
    if (record === undefined) continue;
    t.same(Object.keys(record).sort(), [...names].sort(), `all fields of ${kind.path} are there`);
    for (const name of names.filter((_, at) => at % 4 === 1)) {
      const [one] = (await call('GET', `/v1/${kind.path}?limit=1&fields=${name}`)).body.data;
      t.same(Object.keys(one).sort(), [...new Set(['id', name])].sort(), `${kind.path}?fields=${name}`);
    }
    const single = (await call('GET', `/v1/${kind.path}/${record.id}?fields=updated_at`)).body;
    t.same(Object.keys(single).sort(), ['id', 'updated_at']);
  }
  const { status, body } = await call('GET', '/v1/policies?fields=titel');
  t.equal(status, 400);
  t.match(body.errors, [{ parameter: 'fields', message: /title/ }]);
  const [record] = (await call('GET', '/v1/policies?limit=1&fields=title&include=jurisdiction')).body.data;
  t.same(Object.keys(record).sort(), ['id', 'jurisdiction', 'title'], 'what is included stays');
});

t.test('large texts are left out of lists unless named, and one record has them', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const version = { policy_id: 'boston-noncooperation-pledge', text: 'The whole text' };
  const [id] = (await createAll(app.engine, kindNamed('policy_version'), [version])) as [string];
  t.same(
    kinds.filter((kind) => largeFields(kind).length > 0).map(({ name }) => name),
    ['policy_version', 'source'],
  );
  t.notOk('text' in (await call('GET', `/v1/versions?id=${id}`)).body.data[0]);
  t.match((await call('GET', `/v1/versions?id=${id}&fields=text`)).body.data, [{ id, text: version.text }]);
  t.equal((await call('GET', `/v1/versions/${id}`)).body.text, version.text);
  t.notOk('text' in (await call('GET', `/v1/versions/${id}?fields=label`)).body);
  const { body } = await call('GET', '/v1/policies/boston-noncooperation-pledge?include=versions');
  t.notOk('text' in body.versions.data[0], 'nor is it among related records');
});

t.test('the text of a source is for those who may write', async (t) => {
  const { app, call, key } = await testApp(t, 'seeded');
  const [read, write] = [await key('read'), await key('write')];
  const [id] = (await createAll(app.engine, kindNamed('source'), [
    { kind: 'dataset', title: 'Ours', text: 'Secret words' },
  ])) as [string];
  const one = `/v1/sources/${id}`;
  for (const options of [{}, { key: read }]) {
    for (const url of [
      `${one}?fields=text`,
      `${one}?fields=title,text`,
      '/v1/sources?fields=text',
      '/v1/publishers?fields=name,text',
    ])
      t.equal((await call('GET', url, options)).status, url.includes('publishers') ? 400 : 403, url);
    for (const url of [
      one,
      '/v1/sources?limit=200',
      `${one}?include_deleted=true`,
      `/v1/sources?id=${id}&include=reports,evidence`,
    ]) {
      const { status, text } = await call('GET', url, options);
      t.equal(status, 200, url);
      t.notMatch(text, 'Secret words');
      t.notOk(
        'text' in (JSON.parse(text).data?.[0] ?? JSON.parse(text)),
        `${url} has no text, not even null`,
      );
    }
  }
  t.equal((await call('GET', one, { key: write })).body.text, 'Secret words');
  t.match((await call('GET', `/v1/sources?id=${id}&fields=text`, { key: write })).body.data, [
    { text: 'Secret words' },
  ]);
  t.notOk('text' in (await call('GET', `/v1/sources?id=${id}`, { key: write })).body.data[0]);
});
