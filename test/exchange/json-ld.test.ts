import t from 'tap';
import { isLinked } from '../../src/exchange/json-ld.ts';
import { resources } from '../../src/http/resource.ts';
import { full } from './linked-samples.ts';
import { LD, tracker } from './linked-tracker.ts';
import { faultsOf, size } from './schema-org.ts';

const linked = resources.filter(({ kind }) => isLinked(kind));

t.test('the check itself tells what is not schema.org', async (t) => {
  t.ok(size.classes > 800 && size.properties > 1400, JSON.stringify(size));
  const cases: [object, RegExp][] = [
    [{ '@type': 'Legislation', namme: 'x' }, /namme is no property/],
    [{ '@type': 'Law', name: 'x' }, /Law is no class/],
    [{ '@type': 'Person', legislationType: 'x' }, /legislationType is not for .*Person/],
    [{ '@type': 'Person', birthDate: 'last year' }, /is no date/],
    [{ '@type': 'Legislation', legislationPassedBy: { '@type': 'City' } }, /takes no .*City/],
    [{ '@type': 'Legislation', legislationPassedBy: 'a council' }, /takes no text/],
    [{ '@type': 'City', url: '/v1/x' }, /\/v1\/x is no absolute address/],
  ];
  for (const [node, fault] of cases) {
    t.match((await faultsOf({ '@context': 'https://schema.org', ...node })).join('; '), fault);
  }
  await t.rejects(faultsOf({ '@type': 'City', name: 'x' }), 'terms without a context would be dropped');
});

t.test('every record of the seeds is valid schema.org, with nothing dropped', async (t) => {
  const { call } = await tracker(t);
  for (const { path } of linked) {
    const { body } = await call('GET', `/v1/${path}?limit=200&fields=id`);
    t.ok(body.data.length > 0, `${path} has seeds`);
    const faults: unknown[] = [];
    for (const { id } of body.data) {
      const answer = await call('GET', `/v1/${path}/${id}`, LD);
      const found = await faultsOf(answer.body);
      if (answer.status !== 200 || found.length > 0) faults.push([id, answer.status, found]);
      if (/null|"":|\[\]|\{\}/.test(answer.text.replace(/"(?:[^"\\]|\\.)*"(?!:)/g, '""')))
        faults.push([id, 'something empty']);
    }
    t.same(faults, [], `${body.data.length} ${path}`);
  }
});

t.test('a record with every field is valid too, whatever word it is coded with', async (t) => {
  const { call, writer, post, read } = await tracker(t);
  const valid = async (path: string, body: object) => {
    const { id } = await post(path, body);
    const node = await read(`${path}/${id}`);
    t.same(await faultsOf(node), [], `${path} ${JSON.stringify(body).slice(0, 60)}`);
    return node;
  };
  for (const [path, body] of Object.entries(full)) {
    const node = await valid(path, body);
    t.notMatch(JSON.stringify(node), 'secret', 'no text that is not ours to publish');
  }
  const coded: [string, string][] = [
    ['jurisdictions', 'classification'],
    ['organizations', 'classification'],
    ['publishers', 'kind'],
    ['sources', 'kind'],
    ['policies', 'status'],
    ['meetings', 'status'],
  ];
  const { body } = await call('GET', '/openapi.json');
  for (const [path, field] of coded) {
    const { title } = linked.find((one) => one.path === path) as (typeof linked)[number];
    const words = body.components.schemas[title].properties[field].enum as string[];
    // What is unique is left out, so that there may be one for each word.
    const {
      slug: _,
      division_id: __,
      same_as: ___,
      identifiers: ____,
      domain: _____,
      ...rest
    } = full[path] as Record<string, unknown>;
    const items = words
      .filter((word) => word !== null)
      .map((word, at) => {
        const named = 'title' in rest ? { title: `Coded ${at}` } : { name: `Coded ${at}` };
        return { op: 'create', record: { ...rest, ...named, [field]: word } };
      });
    const made = await call('POST', `/v1/${path}/batch`, { body: { items }, key: writer });
    t.equal(made.status, 200, made.text.slice(0, 300));
    const faults: unknown[] = [];
    for (const { id } of made.body.data) faults.push(...(await faultsOf(await read(`${path}/${id}`))));
    t.same(faults, [], `${items.length} words of ${path}`);
  }
});

t.test(
  'a policy is Legislation with its force, jurisdiction, bodies, texts and what it changes',
  async (t) => {
    const { call, post, read } = await tracker(t);
    const { id } = await post('policies', full.policies as object);
    const other = (await call('GET', '/v1/policies/los-angeles-sanctuary-city-ordinance')).body.id;
    const relation = (type: string, more: object) =>
      post('relations', { subject_id: id, object_id: other, type, ...more });
    for (const type of ['amends', 'repeals', 'implements', 'cites', 'modelled_on', 'part_of', 'similar_to'])
      await relation(type, {});
    await relation('replaces', { subject_id: other, object_id: id });
    await post('versions', {
      policy_id: id,
      label: 'As adopted',
      date: '2024-11-19',
      url: 'https://city.example/text.pdf',
      media_type: 'application/pdf',
    });
    await post('actions', {
      policy_id: id,
      description: 'Passed.',
      classification: ['passage'],
      organization_id: 'los-angeles-city-council',
    });
    const node = await read(`policies/${id}`);
    t.same(await faultsOf(node), []);
    const at = { '@id': `http://localhost:80/v1/policies/${other}` };
    t.match(node, {
      '@context': 'https://schema.org',
      '@type': 'Legislation',
      '@id': `http://localhost:80/v1/policies/${id}`,
      name: 'A whole ordinance',
      alternateName: 'Whole',
      legislationType: ['ordinance', 'ORD'],
      legislationIdentifier: ['CF 24-1', '188441'],
      legislationDate: '2024-11-19',
      legislationDateOfApplicability: '2024-12',
      legislationLegalForce: { '@id': 'schema:InForce' },
      expires: '2030',
      legislationJurisdiction: { '@type': 'City', name: 'Los Angeles' },
      legislationPassedBy: { '@type': 'GovernmentOrganization', name: 'Los Angeles City Council' },
      legislationAmends: at,
      legislationRepeals: at,
      legislationEnsuresImplementationOf: at,
      citation: at,
      isBasedOn: at,
      encoding: { '@type': 'LegislationObject', contentUrl: 'https://city.example/text.pdf' },
      about: [{ '@type': 'DefinedTerm' }, { '@type': 'DefinedTerm' }],
    });
    t.equal(node.isPartOf.length, 2, 'the package, and what a relation says');
    t.notOk('legislationChanges' in node, 'a relation from its other end is the other’s');
    t.equal((await read(`ordinances/${id}`))['@id'], node['@id'], 'the same thing in a narrowed view');
  },
);

t.test(
  'a statement is a Quotation, cited as printed and based on the sources that stand by it',
  async (t) => {
    const { call, post, read } = await tracker(t);
    const node = await read('statements/homan-nothing-will-stop-deportations');
    t.match(node, {
      '@type': 'Quotation',
      text: 'Nothing will stop us from deporting migrant criminals.',
      dateCreated: '2024-11-11',
      spokenByCharacter: { '@type': 'Person', name: 'Tom Homan' },
      creator: { '@type': 'Role', roleName: 'Designated border czar', creator: { name: 'Tom Homan' } },
      citation: [
        { '@type': 'Quotation', text: 'there is nothing stopping us from deporting criminal immigrants.' },
        { '@type': 'Quotation', text: 'Nothing will stop us from deporting migrant criminals.' },
      ],
      isBasedOn: [{ '@type': 'NewsArticle', datePublished: '2024-11' }, { '@type': 'NewsArticle' }],
    });
    t.notOk('subjectOf' in node, 'what it is based on is not told twice');
    for (const { '@id': id } of node.citation) {
      const report = await call('GET', new URL(id).pathname, LD);
      t.equal(report.status, 200, 'its parts can be had as linked data too');
      t.equal(report.body.exampleOfWork['@id'], node['@id']);
    }
    const { id } = await post('statements', { speaker_name: 'a neighbor', text: 'No.' });
    const more = { statement_id: id, source_id: 'los-angeles-sanctuary-first-story', quoted_text: 'No.' };
    await post('statement-reports', { ...more, form: 'verbatim', report_status: 'retracted' });
    const unknown = await read(`statements/${id}`);
    t.same(await faultsOf(unknown), []);
    t.same(unknown.spokenByCharacter, { name: 'a neighbor' }, 'nobody says whether it is a person');
    t.notOk('citation' in unknown || 'isBasedOn' in unknown, 'what was taken back is no basis');
  },
);

t.test(
  'people, bodies and places have their own classes, and lead to what others know of them',
  async (t) => {
    const { post, read } = await tracker(t);
    const beach = await post('jurisdictions', full.jurisdictions as object);
    t.match(await read(`jurisdictions/${beach.id}`), {
      '@type': 'City',
      sameAs: ['http://www.wikidata.org/entity/Q16739', 'https://longbeach.example/about'],
      url: 'https://longbeach.example',
      containedInPlace: { '@type': 'State', name: 'California' },
      subjectOf: { '@type': 'WebPage', url: 'https://news.example/long-beach', description: 'A portrait.' },
    });
    t.match(await read('jurisdictions/los-angeles-unified'), { '@type': 'SchoolDistrict' });
    t.match(await read('organizations/los-angeles-city-council'), { '@type': 'GovernmentOrganization' });
    const { id } = await post('officials', full.officials as object);
    const office = (more: object) => post('memberships', { official_id: id, role: 'Mayor', ...more });
    await office({ organization_id: 'los-angeles-city-council', start_date: '2020', party: 'Harbor Party' });
    await office({ jurisdiction_id: beach.id, start_date: '2016', end_date: '2018-06' });
    await office({ organization_id: 'los-angeles-city-council', standing: 'nominee' });
    const person = await read(`officials/${id}`);
    t.same(await faultsOf(person), []);
    t.match(person, {
      '@type': 'Person',
      honorificPrefix: 'Hon.',
      birthDate: '1960-05',
      address: '1 Main Street',
      memberOf: { '@type': 'OrganizationRole', roleName: 'Mayor', startDate: '2020' },
      hasOccupation: {
        '@type': 'Role',
        endDate: '2018-06',
        hasOccupation: { '@type': 'Occupation', name: 'Mayor', occupationLocation: { name: 'Long Beach' } },
      },
      affiliation: { '@type': 'PoliticalParty', name: 'Harbor Party' },
    });
    t.equal(person.contactPoint.length, 3);
  },
);
