/** What `POST /v1/sources/{id}/suggestions` takes and answers. */
import { type TProperties, type TSchema, Type } from 'typebox';
import { LONGEST_TEXT } from '../features/suggest/suggest.ts';
import { nullable } from '../model/declare.ts';
import { suggestionsExample, suggestionsInputExample } from './suggestion-example.ts';

const closed = { additionalProperties: false } as const;
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const id = (description: string) => Type.String({ format: 'uuid', description });
const words = (description: string) => Type.String({ description });
const list = (items: TSchema, description: string) => Type.Array(items, { description });

const selector = Type.Object(
  {
    exact: words('The words, exactly as they stand.'),
    prefix: words('Up to 32 code points just before.'),
    suffix: words('Up to 32 code points just after.'),
    start: Type.Integer({ description: 'Offset of the first code point of the text.' }),
    end: Type.Integer({ description: 'Offset just past the last code point.' }),
  },
  { ...closed, description: 'Where in the text it stands; offsets in Unicode code points.' },
);

const ready = {
  path: words('Where to post the body: `POST /v1/{path}`.'),
  body: Type.Unsafe<object>({ type: 'object', description: 'The body to post, once `fill` is filled in.' }),
  fill: list(
    Type.String(),
    'JSON Pointers to members of the body that an editor has to give; empty when it can be posted as it is.',
  ),
};

const match = (kinds: readonly string[], name: string) =>
  Type.Object(
    {
      kind: Type.Unsafe<string>({ type: 'string', enum: [...kinds], description: 'Kind of the record.' }),
      id: id('The record.'),
      slug: words('Its slug.'),
      [name]: words(`Its ${name}.`),
      score: share('How well it fits.'),
      why: words('The rule that gave the score.'),
    },
    closed,
  );

const named = match(['official', 'organization', 'publisher', 'jurisdiction'], 'name');

const candidates = list(
  Type.Object(
    {
      statement_id: id('The statement.'),
      slug: words('Its slug.'),
      score: share('How likely it is, as of `GET /v1/statements/similar`.'),
      text: words('The known wording that the quotation is most like.'),
      official_id: nullable(id('Who said it.')),
      organization_id: nullable(id('The body that said it.')),
    },
    closed,
  ),
  'Known utterances that it may be a report of, best first.',
);

/** A suggestion: what every sort has, and its own members. */
function suggestion(kinds: readonly string[], own: TProperties, description: string): TSchema {
  const shared = {
    kind: Type.Unsafe<string>({
      type: 'string',
      enum: [...kinds],
      description: 'Kind of record the body makes.',
    }),
    confidence: share('How sure the rule is that gave it.'),
    why: words('The rule that fired, in words.'),
    selector,
    ...ready,
  };
  return Type.Object({ ...shared, ...own }, { ...closed, description });
}

const quotation = suggestion(
  ['statement_report'],
  {
    pieces: list(selector, 'Its pieces, where the print parts it: by who said it, or by a new paragraph.'),
    speaker: nullable(
      Type.Object(
        {
          as_printed: words('The name as printed; of a pronoun, the name it stands for.'),
          through: nullable(words('The pronoun or description that stands for the name.')),
          matches: list(named, 'Known records that the name fits, best first.'),
        },
        { ...closed, description: 'Who is said to have said it; null where no rule tells.' },
      ),
    ),
    candidates: nullable(candidates),
    statement: Type.Object(ready, {
      ...closed,
      description: 'A new statement, for when it reports no known one.',
    }),
    parts: list(
      Type.Object({ selector, candidates, ...ready }, closed),
      'Its sentences as reports of their own, where they report different known utterances.',
    ),
  },
  'A direct quotation, as a report of a statement.',
);

const mentioned = {
  as_printed: words('The name as printed.'),
  role: nullable(words('What the text says the person is, beside the name.')),
  selectors: list(selector, 'Where it stands, family names alone included; at most 100.'),
  matches: list(named, 'Known records that the name fits, best first.'),
};

const date = suggestion(
  ['citation'],
  {
    as_printed: words('The words.'),
    date: nullable(
      Type.String({ description: 'A partial date; null where the source’s own date is too vague to tell.' }),
    ),
    basis: Type.Unsafe<string>({
      type: 'string',
      enum: ['stated', 'derived'],
      description: 'Whether it is printed so, or derived from the date of the source.',
    }),
  },
  'A date, as evidence for a field that the editor names.',
);

const policy = suggestion(
  ['citation', 'policy'],
  {
    as_printed: words('The number as printed.'),
    identifier: words('The number written one way, however it is printed.'),
    selectors: list(selector, 'Where it stands; at most 100.'),
    matches: list(match(['policy'], 'title'), 'Known policies with this number.'),
  },
  'The number of a policy: evidence for a known one, or a new policy.',
);

const leftOut = Type.Object(
  { why: words('Why it is taken for no quotation of a speaker.'), selector },
  closed,
);

const groups = {
  quotations: list(quotation, 'Direct quotations, in the order of the text.'),
  people: list(
    suggestion(['citation', 'official'], mentioned, 'A person.'),
    'People, each form of a name once.',
  ),
  bodies: list(
    suggestion(['citation', 'organization'], mentioned, 'A body or an outlet.'),
    'Bodies and outlets, each form of a name once.',
  ),
  dates: list(date, 'Dates, in the order of the text.'),
  policies: list(policy, 'Numbers of policies, each once.'),
  left_out: list(leftOut, 'What stands in quotation marks and is not suggested: terms, titles, names.'),
};

const counts = Object.fromEntries(
  Object.keys(groups).map((name) => [
    name,
    Type.Integer({ description: `How many ${name.replace('_', ' ')} were found.` }),
  ]),
);

/** The answer. */
export const suggestionsSchema = Type.Object(
  {
    ...groups,
    meta: Type.Object(
      {
        source_id: nullable(id('The source.')),
        length: Type.Integer({ description: 'Length of the text in code points.' }),
        english: Type.Boolean({
          description:
            'Whether the text is English: in other languages quotations come without speakers, and of names only those known in full.',
        }),
        language_why: words('How that is known.'),
        limit: Type.Integer({ description: 'Most suggestions of each sort that are shown.' }),
        found: Type.Object(counts, { ...closed, description: 'How many of each sort were found.' }),
      },
      closed,
    ),
  },
  {
    ...closed,
    $id: 'Suggestions',
    description: 'What a text may add to the record. Nothing of it is saved.',
    examples: [suggestionsExample],
  },
);

/** The body. */
export const suggestionsInputSchema = Type.Object(
  {
    text: Type.Optional(
      Type.String({
        minLength: 1,
        description: `The text, of at most ${LONGEST_TEXT} code points; without it, the text that is stored with the source.`,
      }),
    ),
  },
  {
    ...closed,
    $id: 'SuggestionsInput',
    description: 'The text to go through; it is not kept.',
    examples: [suggestionsInputExample],
  },
);
