import { byDate, byText, code, date, inOrder, kind, needsOne, reference, text } from './declare.ts';
import { endReason, membershipStanding } from './vocabularies.ts';

/** An office held: a person, a body (or a place, where the office stands alone), a role and its time (Popolo's Membership). */
export const memberships = kind({
  name: 'membership',
  path: 'memberships',
  table: 'memberships',
  title: 'Membership',
  description: 'An office held: who, where, as what, and when.',
  belongs: { by: ['organization_id', 'jurisdiction_id'] },
  fields: {
    official_id: reference('official', 'The person.', { required: true }),
    organization_id: reference('organization', 'The body.'),
    jurisdiction_id: reference('jurisdiction', 'The place, where the office stands alone.'),
    role: text('The office: mayor, council member, president …', { max: 200, filter: true }),
    role_raw: text('The office in the source’s own words.', { max: 1000 }),
    seat: text('District or seat.', { max: 200, filter: true }),
    party: text('Party on whose ticket the office is held.', { max: 200, filter: true }),
    standing: code(membershipStanding, 'How firmly the office is held.', { progresses: true }),
    start_date: date('First day in office.'),
    end_date: date('Last day in office.'),
    end_reason: code(endReason, 'Why it ended.'),
  },
  sorts: {
    start_date: byDate(['start_date'], 'By first day in office.'),
    role: byText('role'),
  },
  defaultSort: '-start_date',
  searched: { names: ['role'], texts: ['role_raw', 'seat'] },
  includes: {
    official: { one: 'official_id', kind: 'official' },
    organization: { one: 'organization_id', kind: 'organization' },
    jurisdiction: { one: 'jurisdiction_id', kind: 'jurisdiction' },
  },
  filters: {
    on: {
      running: 'day',
      description:
        'Only those running on this day (`YYYY-MM-DD`). A missing start is taken as long ago, a missing end as still running; elect, designate and nominee do not count as holding, nor does former without an end.',
    },
    current: {
      running: 'today',
      description: 'Only those running today (`true`), or only those not (`false`).',
    },
  },
  check: (record) => [
    ...needsOne(record, ['organization_id', 'jurisdiction_id']),
    ...inOrder(record, 'start_date', 'end_date'),
  ],
  exampleKey: 'karen-bass-mayor',
  example: {
    official_id: 'nithya-raman',
    organization_id: 'los-angeles-city-council',
    role: 'chair of a committee',
    standing: 'holding',
  },
});
