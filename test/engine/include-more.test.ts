import t, { type Test } from 'tap';
import type { Content } from '../../src/engine/content.ts';
import { filterFor, filtersOf } from '../../src/engine/filters.ts';
import { kindNamed, kinds } from '../../src/model/kinds.ts';
import { testApp } from '../helper.ts';
import { createAll } from './crawler.ts';

interface Shown extends Content {
  readonly id: string;
}
interface Many {
  readonly data: readonly Shown[];
  readonly more: string | null;
}

const range = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at));
const idsOf = (records: readonly Shown[]) => records.map(({ id }) => id);

t.test('every include of many records has a list filter that leads to the rest', async (t) => {
  for (const kind of kinds) {
    for (const [name, include] of Object.entries(kind.includes)) {
      if (!('many' in include)) continue;
      const target = kindNamed(include.many);
      t.ok(filtersOf(target).has(filterFor(include, target)), `${kind.name}.${name}`);
    }
  }
});

/** A tracker with one policy that has more of everything than one answer shows. */
async function crowded(t: Test) {
  const app = await testApp(t, 'seeded');
  const { engine } = app.app;
  const make = (kind: string, bodies: Content[]) => createAll(engine, kindNamed(kind), bodies);
  const topics = await make(
    'topic',
    range(70, (at) => ({ name: `Topic ${at}` })),
  );
  const base = { type: 'ordinance', jurisdiction_id: 'los-angeles' };
  const [id] = (await make('policy', [{ ...base, title: 'Crowded', slug: 'crowded', topics }])) as [string];
  const others = await make(
    'policy',
    range(130, (at) => ({ ...base, title: `Other ${at}`, parent_id: id })),
  );
  const policy_id = id;
  await make(
    'action',
    range(130, (at) => ({ policy_id, description: `Step ${at}`, date: `20${10 + (at % 7)}` })),
  );
  await make(
    'provision',
    range(130, (at) => ({ policy_id, text: `Rule ${at}` })),
  );
  await make(
    'relation',
    others.map((other, at) => {
      const [subject_id, object_id] = at % 2 === 0 ? [id, other] : [other, id];
      return { subject_id, object_id, type: 'amends' };
    }),
  );
  const said = await make(
    'statement',
    range(130, (at) => ({
      summary: `Said ${at}`,
      speaker_name: 'A speaker',
      said_on: ['2024', '2024-05', null, '2025'][at % 4],
    })),
  );
  await make(
    'stance',
    said.flatMap((statement_id) => [
      { statement_id, policy_id },
      { statement_id, policy_id, relation: 'about' },
    ]),
  );
  const sources = await make(
    'source',
    range(130, (at) => ({ kind: 'news_article', title: `Source ${at}` })),
  );
  await make(
    'citation',
    sources.map((source_id, at) => ({
      record_type: 'policy',
      record_id: id,
      source_id,
      field: ['/title', '/status', ''][at % 3],
    })),
  );
  return { ...app, id };
}

const CROWDED = [
  'parts',
  'actions',
  'provisions',
  'relations',
  'statements',
  'citations',
  'sources',
  'topics',
];

t.test(
  'an include shows 100 records of one, 20 in lists, and `more` leads to exactly the rest',
  async (t) => {
    const { call, id } = await crowded(t);
    const include = `include=${CROWDED.join(',')}`;
    const one = (await call('GET', `/v1/policies/crowded?${include}`)).body;
    const [listed] = (await call('GET', `/v1/policies?id=${id}&${include}`)).body.data;
    for (const [record, cap] of [
      [one, 100],
      [listed, 20],
    ] as const) {
      for (const name of CROWDED) {
        const total = name === 'topics' ? 70 : 130;
        const { data, more } = record[name] as Many;
        t.equal(data.length, Math.min(cap, total), `${name}, at most ${cap}`);
        const met = idsOf(data);
        let url = more;
        for (let turn = 0; turn < 20 && url !== null; turn += 1) {
          const answer = await call('GET', url);
          t.equal(answer.status, 200, `${name}: more is a list`);
          met.push(...idsOf(answer.body.data));
          url = answer.body.links.next;
        }
        t.equal(met.length, total, `${name}: no more and no fewer than there are`);
        t.equal(new Set(met).size, total, `${name}: each once`);
      }
    }
  },
);

t.test('what is exactly as many as shown has no more', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const policy = { type: 'ordinance', title: 'Twenty', slug: 'twenty', jurisdiction_id: 'boston' };
  await createAll(app.engine, kindNamed('policy'), [policy]);
  const body = (at: number) => ({ policy_id: 'twenty', description: `Step ${at}` });
  await createAll(app.engine, kindNamed('action'), range(20, body));
  const read = async () => (await call('GET', '/v1/policies?id=twenty&include=actions')).body.data[0].actions;
  t.equal((await read()).data.length, 20);
  t.equal((await read()).more, null);
  await createAll(app.engine, kindNamed('action'), [body(20)]);
  t.type((await read()).more, 'string');
});

t.test('a record related to two of a page shows its own related records once under each', async (t) => {
  const { app, call } = await testApp(t, 'seeded');
  const make = (kind: string, bodies: Content[]) => createAll(app.engine, kindNamed(kind), bodies);
  const base = { type: 'ordinance', jurisdiction_id: 'boston' };
  const [one, two] = (await make('policy', [
    { ...base, title: 'One' },
    { ...base, title: 'Two' },
  ])) as [string, string];
  const [statement_id] = (await make('statement', [{ summary: 'About both', speaker_name: 'Somebody' }])) as [
    string,
  ];
  await make('stance', [
    { statement_id, policy_id: one },
    { statement_id, policy_id: two },
  ]);
  const source_id = 'los-angeles-sanctuary-second-story';
  await make('statement_report', [{ statement_id, source_id, form: 'paraphrase' }]);
  const [relation] = (await make('relation', [{ subject_id: one, object_id: two, type: 'amends' }])) as [
    string,
  ];
  await make('citation', [{ record_type: 'relation', record_id: relation, source_id }]);
  const url = `/v1/policies?id=${one},${two}&include=statements,statements.stances,relations.citations,relations.sources`;
  for (const { statements, relations: related } of (await call('GET', url)).body.data) {
    t.equal(statements.data.length, 1);
    t.equal(statements.data[0].reports.data.length, 1, 'the report once');
    t.equal(statements.data[0].stances.data.length, 2, 'each stance once');
    t.equal(related.data[0].citations.data.length, 1, 'the citation once');
    t.equal(related.data[0].sources.data.length, 1, 'the source once');
  }
});
