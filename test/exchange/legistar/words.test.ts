/** Words of Legistar's in ours: pure rules, tried word by word. */
import fc from 'fast-check';
import t from 'tap';
import { isPartialDate } from '../../../src/engine/formats.ts';
import { bodyKindOf } from '../../../src/exchange/legistar/body-words.ts';
import { documentKindOf, mediaTypeOf } from '../../../src/exchange/legistar/document-words.ts';
import { statusOf, typeOf } from '../../../src/exchange/legistar/matter-words.ts';
import { meaningOfStep } from '../../../src/exchange/legistar/step-words.ts';
import { meaningOf, resultOf } from '../../../src/exchange/legistar/vote-words.ts';
import { addressOf, dayOf, momentOf, prose, tidy } from '../../../src/exchange/legistar/wording.ts';
import {
  actionClassification,
  documentClassification,
  organizationClassification,
  policyStatus,
  policyType,
  voteOption,
  voteReason,
} from '../../../src/model/vocabularies.ts';
import { step } from './matter.ts';

/** How somebody voted in New York: fifteen words, the empty one among them. */
const FIFTEEN = [
  ['Affirmative', 'yes'],
  ['Negative', 'no'],
  ['Abstain', 'abstain'],
  ['Absent', 'absent'],
  ['Excused', 'excused'],
  ['Non-voting', 'not_voting'],
  ['Present', 'present'],
  ['Medical', 'excused', 'medical'],
  ['Maternity', 'excused', 'parental'],
  ['Paternity', 'excused', 'parental'],
  ['Parental ', 'excused', 'parental'],
  ['Bereavement', 'excused', 'bereavement'],
  ['Jury Duty', 'excused', 'jury_duty'],
  ['Conflict', 'recused', 'conflict'],
  ['', 'other'],
] as const;

t.test('each of the fifteen words for how somebody voted has its option, and its reason', async (t) => {
  t.equal(FIFTEEN.length, 15);
  for (const [word, option, reason] of FIFTEEN) {
    t.same(meaningOf(word), reason ? { option, reason } : { option }, `'${word}'`);
    t.ok(Object.hasOwn(voteOption.words, option));
    if (reason) t.ok(Object.hasOwn(voteReason.words, reason));
  }
  t.same(meaningOf('constructor'), { option: 'other' }, 'a word that is not known is other');
  t.same([' pass', 'Fail', 'Neither', null].map(resultOf), ['pass', 'fail', null, null]);
});

/** Actions by whom, on what, and what they amount to. */
const STEPS: readonly (readonly [
  action: string,
  classification: string,
  status: string | null,
  about?: string,
])[] = [
  ['Introduced by Council', 'introduction', 'introduced'],
  ['Referred to Comm by Council', 'referral-committee', 'in_committee'],
  ['Re-referred to Committee by Council', 'referral-committee', 'in_committee'],
  ['Recommitted to Committee by Council', 'referral-committee', 'in_committee'],
  ['Hearing Held by Committee', 'hearing-held', null],
  ['Hearing on P-C Item by Comm', 'hearing-held', null],
  ['Laid Over by Committee', 'deferral', 'in_committee'],
  ['Laid Over by Subcommittee', 'deferral', 'in_committee'],
  ['P-C Item Laid Over by Comm', 'deferral', 'in_committee'],
  ['Laid Over by Council', 'deferral', null],
  ['Amendment Proposed by Comm', 'amendment-introduction', null],
  ['Amended by Committee', 'amendment-passage', null],
  ['Approved by Committee', 'committee-passage', 'reported'],
  ['Approved by Committee with Companion Resolution', 'committee-passage', 'reported'],
  ['P-C Item Approved by Comm', 'committee-passage', null],
  ['Approved by Subcommittee', 'committee-passage', null],
  ['Approved by Committee with Modifications and Referred to CPC', 'committee-passage referral', null],
  [
    'Approved with Modifications and Referred to the City Planning Commission',
    'amendment-passage referral',
    null,
  ],
  ['Approved and Referred to the Department of City Planning', 'referral', null],
  ['Disapproved by Committee', 'committee-failure', null],
  ['Disapproved by Subcommittee', 'committee-failure', null],
  ['Disapproved by Council', 'failure', 'failed'],
  ['Defeated by Council', 'failure', 'failed'],
  ['Approved by Council', 'passage', 'passed'],
  ['Approved, by Council', 'passage', 'adopted', 'resolution'],
  ['Sent to Mayor by Council', 'executive-receipt', 'sent_to_executive'],
  ['Hearing Scheduled by Mayor', 'scheduling', null],
  ['Hearing Scheduled by Mayor Cancelled', 'scheduling', null],
  ['Bill Signing Scheduled by Mayor', 'scheduling', null],
  ['Hearing Held by Mayor', 'hearing-held', null],
  ['Signed Into Law by Mayor', 'executive-signature became-law', 'enacted'],
  ['Returned Unsigned by Mayor', '', null],
  ['City Charter Rule Adopted', 'became-law', 'enacted'],
  ['Recved from Mayor by Council', 'receipt', null],
  ['Vetoed by Mayor', 'executive-veto', 'vetoed'],
  ['Overridden by Council', 'veto-override-passage became-law', 'enacted'],
  ['Filed by Committee', 'filing', null],
  ['Filed by Council', 'filing', 'filed'],
  ['Rcvd, Ord, Prnt, Fld by Council', 'receipt filing', 'filed'],
  ['Filed (End of Session)', 'expiration', 'expired'],
  ['Withdrawn', 'withdrawal', 'withdrawn'],
  ['Printed Item Laid on Desk', '', null],
  ['Something never met', '', null],
];

t.test('each action has Open Civic Data’s classes, and where the matter stands after it', async (t) => {
  for (const [action, classification, status, about] of STEPS) {
    const found = meaningOfStep(step({ action }), 1, about !== 'resolution');
    t.same([found.classification.join(' '), found.status], [classification, status], action);
    for (const word of found.classification) t.ok(Object.hasOwn(actionClassification.words, word), word);
    if (found.status) t.ok(Object.hasOwn(policyStatus.words, found.status));
  }
  const lost = meaningOfStep(step({ action: 'Approved by Council', passed: 'Fail' }), 1, true);
  t.same(lost, { classification: ['failure'], status: 'failed' }, 'what did not pass was not passed');
  const stood = meaningOfStep(step({ action: 'Overridden by Council', passed: 'Fail' }), 1, true);
  t.same(stood.classification, ['veto-override-failure']);
});

t.test('matters have a type and a standing, unknown ones too', async (t) => {
  const types = [
    ['Introduction', 'ordinance'],
    ['Resolution', 'resolution'],
    ['Land Use Application', 'land_use_application'],
    ['SLR', 'resolution'],
    ["Mayor's Message", 'communication'],
    ['Commissioner of Deeds', 'appointment'],
    ['Oversight', 'other'],
    ['N/A', 'other'],
    [null, 'other'],
  ] as const;
  for (const [name, type] of types) {
    t.equal(typeOf(name), type, String(name));
    t.ok(Object.hasOwn(policyType.words, type));
  }
  const statuses = [
    ['Enacted', 'enacted'],
    ['Adopted', 'adopted'],
    ['Filed (End of Session)', 'expired'],
    ['FILED', 'filed'],
    ['Disapproved', 'failed'],
    ['Withdrawn ', 'withdrawn'],
    ['Committee', 'in_committee'],
    ["Mayor's Desk", 'sent_to_executive'],
    ['toString', null],
    [null, null],
  ] as const;
  for (const [name, status] of statuses) t.equal(statusOf(name), status, String(name));
});

t.test('attachments are told by their names, and bodies by theirs', async (t) => {
  const documents = [
    ['Hearing Transcript - Stated Meeting 1-20-22', 'transcript'],
    ['Hearing Testimony', 'testimony'],
    ['Minutes of the Stated Meeting - January 20, 2022', 'minutes'],
    ['January 20, 2022 - Stated Meeting Agenda', 'agenda'],
    ['Calendar of the Zoning Subcommittee', 'agenda'],
    ['Fiscal Impact Statement', 'fiscal_note'],
    ['Committee Report 4/1/22', 'committee_report'],
    ["Mayor's Veto Message", 'veto_message'],
    ['Summary of Int. No. 1', 'summary'],
    ['Exhibit A', 'exhibit'],
    ['Int. No. 1', 'other'],
  ] as const;
  for (const [name, kind] of documents) {
    t.equal(documentKindOf(name), kind, name);
    t.ok(Object.hasOwn(documentClassification.words, kind));
  }
  t.equal(mediaTypeOf('https://example.org/a.b/c.PDF?x=1'), 'application/pdf');
  t.equal(mediaTypeOf('https://example.org/c'), null);
  t.equal(mediaTypeOf('https://example.org/c.xyz'), null);
  const bodies = [
    ['Committee on Parks', 'committee'],
    ['Subcommittee on Zoning', 'subcommittee'],
    ['Task Force on Trees', 'committee'],
    ['Caucus - Irish Caucus', 'caucus'],
    ['Queens Delegation of the City Council', 'caucus'],
    ['Mayor', 'executive'],
    ['Public Advocate', 'office'],
    ['The Speaker (Council Member Doe)', 'office'],
    ['Redistricting Commission', 'commission'],
    ['Press Conference', 'other'],
  ] as const;
  for (const [name, kind] of bodies) {
    t.equal(bodyKindOf(name), kind, name);
    t.ok(Object.hasOwn(organizationClassification.words, kind));
  }
});

t.test('a time by the local clock stays on its day, whatever it says of its zone', async (t) => {
  t.equal(dayOf('2022-01-20T23:59:00Z'), '2022-01-20');
  t.equal(dayOf('2022-01-20T00:00:00'), '2022-01-20');
  for (const nothing of ['0001-01-01T00:00:00Z', '0001-01-01', '', null, undefined]) {
    t.equal(dayOf(nothing), null, 'a zero date is none');
    t.equal(momentOf(nothing), null);
  }
  t.equal(momentOf('2022-01-20T13:30:00-05:00'), '2022-01-20T13:30:00-05:00', 'a true offset stays');
  t.equal(dayOf('last Tuesday'), 'last Tuesday', 'what is no day is left for the check of records');
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      (date) => {
        const day = dayOf(date.toISOString());
        return day !== null && isPartialDate(day) && date.toISOString().startsWith(day);
      },
    ),
  );
});

t.test('names are one line, texts keep theirs, and both can be stored', async (t) => {
  t.equal(tidy(' Kalman\r\nDoe  Jr. '), 'Kalman Doe Jr.');
  t.equal(tidy(' \r\n'), null);
  t.equal(prose('one\r\ntwo\rthree\n'), 'one\ntwo\nthree\n');
  t.equal(prose(' \r\n '), null);
  t.equal(prose('\ufffd2. Effect'), '\ufffd2. Effect', 'what the source lost stays lost, and is not guessed');
  t.equal(prose('a\u0000b\ud800c'), 'a\ufffdb\ufffdc');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [name, whole] = [tidy(text), prose(text)];
      return (
        tidy(name) === name &&
        [name, whole].every(
          (made) =>
            made === null || (made.isWellFormed() && !made.includes('\u0000') && !made.includes('\r')),
        )
      );
    }),
  );
});

t.test('addresses have their spaces encoded, and what is none is known', async (t) => {
  t.equal(addressOf(' https://example.org/a b.mp4'), 'https://example.org/a%20b.mp4');
  t.equal(addressOf('meeting-1.mp4'), null);
  t.equal(addressOf('ftp://example.org/a'), null);
});
