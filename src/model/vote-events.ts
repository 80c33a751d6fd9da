import { Type } from 'typebox';
import { byDate, code, date, derived, integer, keptKind, kind, objects, reference, text } from './declare.ts';
import { basis, linkKind, result, voteMethod, voteOption, voteReason } from './vocabularies.ts';

/** A decision put to the vote, with who voted how (Open Civic Data's VoteEvent). */
export const voteEvents = kind({
  name: 'vote_event',
  path: 'vote-events',
  table: 'vote_events',
  title: 'VoteEvent',
  description: 'A decision put to the vote, with who voted how where that is known.',
  ownedBy: ['policy_id'],
  fields: {
    policy_id: reference('policy', 'The policy voted on.', { required: true }),
    action_id: reference('action', 'The step the vote was part of.'),
    organization_id: reference('organization', 'The body that voted.'),
    date: date('When it was held.'),
    date_basis: code(basis, 'How the date is known.'),
    motion: text('What was voted on.'),
    result: code(result, 'How it came out.'),
    method: code(voteMethod, 'How votes were taken.', { initial: 'unknown' }),
    counts: objects('How many voted how, as the source states it.', {
      option: code(voteOption, 'How they voted.', { required: true }),
      value: integer('How many.', { required: true }),
    }),
    votes: objects(
      'Who voted how; written with the event, and listed flat at `/v1/votes`.',
      {
        position: integer('Place in the roll call.'),
        name: text('The voter as printed.', { required: true, max: 500 }),
        official_id: reference('official', 'The voter, when known.'),
        option: code(voteOption, 'How they voted.', { required: true }),
        option_raw: text('How they voted, in the source’s own words.', { max: 200 }),
        reason: code(voteReason, 'Why they did not vote.'),
      },
      { rows: { table: 'votes', owner: 'vote_event_id' }, maxItems: 2000 },
    ),
    computed_counts: derived(
      'stored',
      'json',
      'How many voted how, counted from the votes.',
      Type.Array(
        Type.Object({ option: Type.String(), value: Type.Integer() }, { additionalProperties: false }),
      ),
    ),
    counts_match: derived(
      'stored',
      'boolean',
      'Whether the stated counts are those of the votes; null when there are no votes or no counts.',
      Type.Boolean(),
      { nullable: true },
    ),
  },
  links: linkKind,
  sorts: { date: byDate(['date'], 'By date.') },
  defaultSort: '-date',
  searched: { names: ['motion'], texts: [] },
  includes: {
    policy: { one: 'policy_id', kind: 'policy' },
    action: { one: 'action_id', kind: 'action' },
    organization: { one: 'organization_id', kind: 'organization' },
  },
  settle: countVotes,
  check: ({ counts }) =>
    (counts as Count[]).flatMap(({ option }, at, all) =>
      all.findIndex((other) => other.option === option) < at
        ? [
            {
              pointer: `/counts/${at}/option`,
              message: `counts '${option}' again`,
              expected: 'each option once',
            },
          ]
        : [],
    ),
  exampleKey: 'la-ordinance-council-vote',
  example: {
    policy_id: 'los-angeles-sanctuary-city-ordinance',
    organization_id: 'los-angeles-city-council',
    motion: 'Adopt the urgency clause',
    result: 'pass',
    method: 'roll_call',
    counts: [{ option: 'yes', value: 1 }],
    votes: [{ name: 'Raman', official_id: 'nithya-raman', option: 'yes', option_raw: 'Aye' }],
  },
});

/** The individual votes of all events, flat and read-only. */
export const votes = keptKind({
  name: 'vote',
  path: 'votes',
  table: 'votes',
  title: 'Vote',
  description: 'How one person voted in one vote event; read-only, written with the event.',
  fields: {
    vote_event_id: reference('vote_event', 'The vote event.', { required: true }),
    policy_id: reference('policy', 'The policy voted on.', { required: true }),
    date: date('When it was held.'),
    ...voteEvents.fields.votes?.items,
  },
  sorts: { date: byDate(['date'], 'By date.') },
  defaultSort: '-date',
  includes: {
    vote_event: { one: 'vote_event_id', kind: 'vote_event' },
    policy: { one: 'policy_id', kind: 'policy' },
    official: { one: 'official_id', kind: 'official' },
  },
  rowsOf: { kind: 'vote_event', field: 'votes', copies: ['policy_id', 'date'] },
  exampleKey: '',
  example: {},
});

interface Count {
  option: string;
  value: number;
}

/** Counts the votes by option, in the order the options first appear, and compares them with the stated counts. */
function countVotes(record: Readonly<Record<string, unknown>>): {
  computed_counts: Count[];
  counts_match: boolean | null;
} {
  const tally = new Map<string, number>();
  for (const { option } of record.votes as { option: string }[])
    tally.set(option, (tally.get(option) ?? 0) + 1);
  const stated = (record.counts as Count[]).filter(({ value }) => value > 0);
  const counted = [...tally].map(([option, value]) => ({ option, value }));
  const comparable = counted.length > 0 && (record.counts as Count[]).length > 0;
  const same =
    stated.length === counted.length && stated.every(({ option, value }) => tally.get(option) === value);
  return { computed_counts: counted, counts_match: comparable ? same : null };
}
