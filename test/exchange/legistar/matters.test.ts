/** Matters as policies, with what hangs on them: each quirk of the source, and what becomes of it. */
import { createHash } from 'node:crypto';
import t from 'tap';
import { fromMatter } from '../../../src/exchange/legistar/matters.ts';
import { bodies, called, client, matter, notes, step } from './matter.ts';

const made = (more: Parameters<typeof matter>[0]) => [...fromMatter(client, matter(more))];
const policyOf = (more: Parameters<typeof matter>[0]) => bodies(made(more), 'policy')[0];

t.test('a matter is a policy of the council, with the source’s words beside ours', async (t) => {
  t.same(policyOf({ summary: 'Adds benches.\r\nAnd shade.' }), {
    // What is null is emptied, should an earlier import have brought it.
    adopted_on: null,
    signed_on: null,
    final_action_on: null,
    law_number: null,
    type: 'ordinance',
    type_raw: 'Introduction',
    identifier: 'Int 0001-2022',
    title: 'A Local Law in relation to benches in parks',
    short_title: 'Benches in parks',
    summary: 'Adds benches.\nAnd shade.',
    jurisdiction_id: client.place.identifiers[0],
    organization_id: called('1'),
    session: '2022',
    status: 'in_committee',
    status_raw: 'Committee',
    status_basis: 'stated',
    status_as_of: '2022-01-20',
    introduced_on: '2022-01-20',
    language: 'en',
    links: [
      { url: 'https://legistar.example.org/gateway.aspx?m=l&id=/matter.aspx?key=500', kind: 'legislation' },
    ],
    identifiers: [called('500')],
  });
});

t.test('what a matter lacks is null, and its title is what there is', async (t) => {
  const bare = policyOf({ name: null, title: ' \r\n', status: 'Pondered', type: null, introduced: null });
  t.match(bare, { title: 'Int 0001-2022', type: 'other', status: 'unknown', status_raw: 'Pondered' });
  for (const field of [
    'short_title',
    'type_raw',
    'status_basis',
    'status_as_of',
    'introduced_on',
    'law_number',
  ])
    t.equal(bare?.[field], null, field);
  const same = policyOf({ name: 'Benches\r\n', title: 'Benches' });
  t.equal(same.title, 'Benches');
  t.equal(same?.short_title, null, 'a short title that is the title says nothing');
  const old = policyOf({ file: 'INT 0804-1996-a' });
  t.equal(old.identifier, 'INT 0804-1996-a', 'numbers stay as they are printed');
  t.equal(old?.session, null);
});

t.test('the passed date is the day of final action: laws were adopted before it', async (t) => {
  const steps = [
    step({ id: 1, date: '2022-05-01', action: 'Approved by Council' }),
    step({ id: 2, date: '2022-05-30', action: 'Vetoed by Mayor', bodyId: 31 }),
    step({ id: 3, date: '2022-06-10', action: 'Overridden by Council' }),
  ];
  const final = {
    status: 'Enacted',
    finalAction: '2022-06-12',
    enacted: '2022-06-12',
    lawNumber: '2022/054',
  };
  t.match(policyOf({ ...final, steps: [...steps] }), {
    status: 'enacted',
    status_as_of: '2022-06-12',
    adopted_on: '2022-06-10',
    final_action_on: '2022-06-12',
    law_number: '2022/054',
  });
  const signed = step({ id: 4, date: '2022-05-20', action: 'Signed Into Law by Mayor', bodyId: 31 });
  t.match(policyOf({ ...final, steps: [steps[0] as (typeof steps)[0], signed] }), {
    adopted_on: '2022-05-01',
    signed_on: '2022-05-20',
  });
  const adopted = { type: 'Resolution', status: 'Adopted', finalAction: '2022-03-01' };
  t.match(policyOf(adopted), { adopted_on: '2022-03-01', final_action_on: '2022-03-01' });
  const expired = policyOf({ status: 'Filed (End of Session)', finalAction: '2023-12-31' });
  t.match(expired, { status: 'expired', status_as_of: '2023-12-31', final_action_on: '2023-12-31' });
  t.equal(expired?.adopted_on, null);
});

t.test('one that was filed because its session ended has expired, in old records too', async (t) => {
  const steps = [step({ action: 'Filed (End of Session)' })];
  t.match(policyOf({ status: 'Filed', steps }), {
    status: 'expired',
    status_basis: 'derived',
    status_raw: 'Filed',
  });
  t.match(policyOf({ status: 'Filed', steps: [step({ action: 'Filed by Council' })] }), {
    status: 'filed',
    status_basis: 'stated',
  });
});

t.test('sponsors keep their places, and one without a name is left out', async (t) => {
  const drafts = made({
    sponsors: [
      { personId: 7, name: 'Ada Doe\r\n' },
      { personId: null, name: '' },
      { personId: 8, name: 'Ben Roe ' },
      { personId: 8, name: 'Ben Roe' },
      { personId: null, name: 'The Mayor' },
    ],
  });
  t.same(
    bodies(drafts, 'sponsorship').map(({ name, official_id, classification, position }) => [
      name,
      official_id?.identifier,
      classification,
      position,
    ]),
    [
      ['Ada Doe', '7', 'primary', 1],
      ['Ben Roe', '8', 'cosponsor', 3],
      ['The Mayor', undefined, 'cosponsor', 5],
    ],
  );
  t.same(notes(drafts), [
    'sponsor 2: the source names nobody here',
    'sponsor 4: Ben Roe stands here a second time',
  ]);
});

t.test('a step is an action; it is a vote event too where it is known who voted how', async (t) => {
  const votes = [
    { personId: 7, name: 'Ada Doe', word: 'Affirmative' },
    { personId: 8, name: 'Ben Roe ', word: 'Parental ' },
    { personId: 9, name: 'Cy Poe', word: '' },
    { personId: null, name: '', word: 'Negative' },
  ];
  const drafts = made({
    steps: [
      step({ id: 1, date: '2022-03-01', action: 'Approved by Committee', bodyId: 3, passed: 'Pass', votes }),
      step({ id: 2, date: '2022-03-02', action: 'Approved by Council', passed: 'Pass' }),
    ],
  });
  t.match(bodies(drafts, 'action'), [
    { position: 1, result: 'pass', organization_id: called('3'), identifiers: [called('1')] },
    { position: 2, result: 'pass', status_after: 'passed' },
  ]);
  t.same(bodies(drafts, 'vote_event'), [
    {
      policy_id: called('500'),
      organization_id: called('3'),
      date: '2022-03-01',
      result: 'pass',
      action_id: called('1'),
      motion: 'Approved by Committee',
      method: 'roll_call',
      votes: [
        { position: 1, name: 'Ada Doe', official_id: called('7'), option: 'yes', option_raw: 'Affirmative' },
        {
          position: 2,
          name: 'Ben Roe',
          official_id: called('8'),
          option: 'excused',
          reason: 'parental',
          option_raw: 'Parental',
        },
        { position: 3, name: 'Cy Poe', official_id: called('9'), option: 'other' },
        { position: 4, name: '(not named)', option: 'no', option_raw: 'Negative' },
      ],
      identifiers: [called('1')],
    },
  ]);
});

t.test('an action is described by the source’s sentence, with what its notes add', async (t) => {
  const described = (more: Parameters<typeof step>[0]) =>
    bodies(made({ steps: [step({ action: 'Referred to Comm', ...more })] }), 'action')[0].description;
  t.equal(described({}), 'Referred to Comm');
  t.equal(
    described({ sentence: 'This was Referred to Comm on Parks', agendaNote: 'parks' }),
    'This was Referred to Comm on Parks',
  );
  t.equal(described({ sentence: 'A motion was made' }), 'Referred to Comm: A motion was made');
  t.equal(
    described({ agendaNote: 'Preconsidered', minutesNote: '46\r\nAFFIRMATIVE', version: 'A' }),
    'Referred to Comm\nPreconsidered\n46 AFFIRMATIVE\nVersion A',
  );
  t.equal(described({ action: null, sentence: ' ' }), '(no words)');
});

t.test('what is listed as a body and is none took no step', async (t) => {
  const [action] = bodies(made({ steps: [step({ action: 'Withdrawn', bodyId: 9 })] }), 'action');
  t.notOk('organization_id' in action);
});

t.test('attachments are documents, also where their address is none', async (t) => {
  const drafts = made({
    attachments: [
      { id: 60, name: 'Committee Report', url: 'https://example.org/a b.docx' },
      { id: 61, name: 'Memo', url: 'memo.pdf' },
      { id: 62, name: '', url: null },
    ],
  });
  t.match(bodies(drafts, 'document'), [
    { name: 'Committee Report', classification: 'committee_report', url: 'https://example.org/a%20b.docx' },
    { name: 'Memo', media_type: 'application/pdf', identifiers: [called('61')] },
    { name: '(no name)', classification: 'other' },
  ]);
  t.same(notes(drafts), ["attachment 61: 'memo.pdf' is no web address, and is not kept"]);
});

t.test('the text that stands is a version; its formatted original leaves a hash', async (t) => {
  const [version] = bodies(
    made({
      status: 'Enacted',
      version: 'A',
      text: { id: 80, plain: 'Be it enacted\r\n\ufffd1.', rtf: '{\\rtf1 é}' },
    }),
    'policy_version',
  );
  t.same(version, {
    policy_id: called('500'),
    classification: 'became_law',
    label: 'Int 0001-2022, version A',
    text: 'Be it enacted\n\ufffd1.',
    media_type: 'application/rtf',
    sha256: createHash('sha256').update('{\\rtf1 é}').digest('hex'),
    language: 'en',
    identifiers: [called('80')],
  });
  const stage = (status: string, version: string) =>
    bodies(made({ status, version, text: { id: 80, plain: 'x', rtf: null } }), 'policy_version')[0]
      .classification;
  t.same(
    [stage('Adopted', '*'), stage('Committee', '*'), stage('Committee', 'B')],
    ['adopted', 'introduced', 'substituted'],
  );
  t.same(bodies(made({ text: { id: 80, plain: ' ', rtf: null } }), 'policy_version'), []);
});

t.test('a text of 2.4 million characters comes through whole', async (t) => {
  const plain = 'Whereas, '.repeat(270_000);
  const [{ text }] = bodies(made({ text: { id: 80, plain, rtf: null } }), 'policy_version');
  t.ok(text === plain && text.length > 2_400_000);
});
