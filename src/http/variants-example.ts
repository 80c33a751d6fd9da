/** An example of variants, for the description: two wordings of the seeds, abridged. */
import { recordId } from '../exchange/seeds.ts';
import { agreementOf, thresholds } from '../features/agreement-rule.ts';
import { wordDiff } from '../features/word-diff.ts';
import { sameWording, similarity } from '../features/wording.ts';
import { kindNamed } from '../model/kinds.ts';

const SLUG = 'homan-nothing-will-stop-deportations';
const TEXT = 'Nothing will stop us from deporting migrant criminals.';
const WORDINGS = {
  'first-story': 'there is nothing stopping us from deporting criminal immigrants.',
  'second-story': TEXT,
};

const idOf = (kind: string, key: string) => recordId(kindNamed(kind), key);
const stories = Object.entries(WORDINGS);

const reports = stories.map(([story, quoted_text], at) => ({
  statement_report_id: idOf('statement_report', `${SLUG}-${story}`),
  group: at + 1,
  quoted_text,
  ...wordDiff(TEXT, quoted_text),
  similarity: Math.round(similarity(TEXT, quoted_text) * 1000) / 1000,
  same_wording: sameWording(TEXT, quoted_text),
  speaker_as_printed: 'Homan',
  attribution_text: null,
  said_on: '2024-11-11',
  form: 'verbatim',
  report_status: 'live',
  bears_out: 'words',
  selector: null,
  source: { id: idOf('source', `los-angeles-sanctuary-${story}`) },
  publisher: null,
  outlet: null,
}));

const judged = agreementOf(
  stories.map(([story, quoted_text]) => ({
    origins: [{ source_id: story, publisher_id: null, owner_group: null }],
    form: 'verbatim',
    standing: 'live' as const,
    quoted_text,
    said_on: '2024-11-11',
    speaker_as_printed: 'Homan',
  })),
  { names: ['Tom Homan'], family_name: 'Homan', titles: [] },
);

/** The answer. */
export const variantsExample = {
  statement: { id: idOf('statement', SLUG), slug: SLUG, text: TEXT, agreement: judged.agreement },
  ...judged,
  thresholds,
  compared_with: { text: TEXT, basis: 'chosen', statement_report_id: null },
  groups: reports.map(({ group, quoted_text, same_wording, statement_report_id }) => ({
    group,
    text: quoted_text,
    same_as_compared: same_wording,
    statement_report_ids: [statement_report_id],
  })),
  reports: { data: reports, more: null },
};
