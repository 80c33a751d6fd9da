/** An example of suggestions, for the description: what the seeded tracker answers to it. */
import { recordId } from '../exchange/seeds.ts';
import { type Anchor, anchorOf, passageOf } from '../features/suggest/passage.ts';
import { MOST } from '../features/suggest/suggest.ts';
import { kindNamed } from '../model/kinds.ts';

const TEXT =
  '“We will keep every door of city hall open,” Mayor Karen Bass told reporters on Nov. 12. The council takes up Council File 23-1205 next week.';

/** The body. */
export const suggestionsInputExample = { text: TEXT };

const passage = passageOf(TEXT, []);

function at(exact: string): Anchor {
  const start = TEXT.indexOf(exact);
  return anchorOf(passage, start, start + exact.length);
}

const [quoted, bass, day, file] = [
  'We will keep every door of city hall open,',
  'Karen Bass',
  'Nov. 12',
  'Council File 23-1205',
] as const;
const source_id = recordId(kindNamed('source'), 'los-angeles-sanctuary-second-story');
const official_id = recordId(kindNamed('official'), 'karen-bass');
const matches = [
  { kind: 'official', id: official_id, slug: 'karen-bass', name: bass, score: 1, why: 'the same name' },
];
const derived = 'the year is the nearest to the source’s date, 2024-11';

/** The answer. */
export const suggestionsExample = {
  quotations: [
    {
      kind: 'statement_report',
      confidence: 0.95,
      why: 'after the quotation: Karen Bass told',
      selector: at(quoted),
      pieces: [at(quoted)],
      speaker: { as_printed: bass, through: null, matches },
      candidates: [],
      path: 'statement-reports',
      body: {
        source_id,
        quoted_text: quoted,
        attribution_text: 'Mayor Karen Bass told reporters on Nov. 12',
        speaker_as_printed: bass,
        said_on: '2024-11-12',
        form: 'verbatim',
        selector: at(quoted),
      },
      fill: ['/statement_id'],
      statement: {
        path: 'statements',
        body: {
          official_id,
          speaker_role: 'Mayor',
          text: quoted,
          text_basis: 'longest_verbatim',
          kind: 'press_conference',
          said_on: '2024-11-12',
          said_on_basis: 'derived',
          language: 'en',
        },
        fill: [],
      },
      parts: [],
    },
  ],
  people: [
    {
      kind: 'citation',
      confidence: 0.95,
      why: 'the same name',
      as_printed: bass,
      role: 'Mayor',
      selector: at(bass),
      selectors: [at(bass)],
      matches,
      path: 'citations',
      body: {
        record_type: 'official',
        record_id: official_id,
        field: '/name',
        value: bass,
        source_id,
        selector: at(bass),
      },
      fill: [],
    },
  ],
  bodies: [],
  dates: [
    {
      kind: 'citation',
      confidence: 0.85,
      why: derived,
      as_printed: day,
      date: '2024-11-12',
      basis: 'derived',
      selector: at(day),
      path: 'citations',
      body: {
        value: '2024-11-12',
        basis: 'derived',
        source_id,
        selector: at(day),
        note: `Derived: ${derived}.`,
      },
      fill: ['/record_type', '/record_id', '/field'],
    },
  ],
  policies: [
    {
      kind: 'policy',
      confidence: 0.9,
      why: 'a council file number',
      as_printed: file,
      identifier: file,
      selector: at(file),
      selectors: [at(file)],
      matches: [],
      path: 'policies',
      body: { type: 'other', type_raw: 'Council File', identifier: file },
      fill: ['/title', '/jurisdiction_id'],
    },
  ],
  left_out: [],
  meta: {
    source_id,
    length: [...TEXT].length,
    english: true,
    language_why: 'the source’s language is en',
    limit: MOST,
    found: { quotations: 1, people: 1, bodies: 0, dates: 1, policies: 1, left_out: 0 },
  },
};
