/** Schemas of what a list says when it is searched or counted. */
import { type TSchema, Type } from 'typebox';
import { BOUNDS } from './bounds.ts';

const closed = { additionalProperties: false };
const terms = (description: string) => Type.Array(Type.String(), { description });
const offset = (description: string) => Type.Integer({ minimum: 0, description });

/** Components of the description. */
export const searchSchemas: readonly TSchema[] = [
  Type.Array(
    Type.Object(
      {
        field: Type.String({ description: 'The field; `agenda.title` is one of the items of a list.' }),
        snippet: Type.String({ description: 'The part of its text around the first word found.' }),
        ranges: Type.Array(
          Type.Object(
            { start: offset('Where it begins.'), end: offset('Where it ends: the offset after it.') },
            closed,
          ),
          { description: 'Where in the snippet the words stand, in Unicode code points.' },
        ),
      },
      closed,
    ),
    {
      $id: 'Highlights',
      description:
        'Only with `q`: the fields in which words were found, those the record is called by first. Of a long text the first 20,000 characters are looked through.',
    },
  ),
  Type.Object(
    {
      terms: terms('What must be there, as it was understood: case and accents folded.'),
      excluded: terms('What must not be there.'),
      ignored: terms('What was left aside, as there are more than 24 terms.'),
      exact: Type.Boolean({
        description:
          'Whether `total` and facets are exact. Not with phrases, which are only looked up in the texts of the hits that are shown, nor where more hits than 5,000 were to be filtered or sorted one by one.',
      }),
    },
    { ...closed, $id: 'SearchMeta', description: 'Only with `q`: how it was understood.' },
  ),
  Type.Unsafe({
    $id: 'Facets',
    type: 'object',
    description: 'Only with `facets`: counts by the name of each.',
    additionalProperties: Type.Object(
      {
        values: Type.Array(
          Type.Object(
            {
              value: Type.String({ description: 'A word, or an id.' }),
              label: Type.Unsafe({
                type: ['string', 'null'],
                description: 'The slug of what an id stands for.',
              }),
              count: Type.Integer({ minimum: 1, description: 'How many records have it.' }),
            },
            closed,
          ),
          { description: 'The most frequent first, at most 100.' },
        ),
        exact: Type.Boolean({
          description: `False where there was too much to count them all, as more than ${BOUNDS.counted.toLocaleString('en')} records would have had to be looked at, and with phrases.`,
        }),
      },
      closed,
    ),
  }),
];
