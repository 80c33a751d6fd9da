/** How the evidence that stands beside records is described. */
import { Type } from 'typebox';
import { nullable } from '../model/declare.ts';

const closed = { additionalProperties: false };
const id = (description: string) => Type.String({ format: 'uuid', description });
const text = (description: string) => nullable(Type.String({ description }));

const source = Type.Object(
  {
    id: id('The source.'),
    slug: Type.String({ description: 'Its slug.' }),
    title: text('Its title.'),
    url: text('Where it is found.'),
    published_on: text('When it was published.'),
    publisher: nullable(
      Type.Object(
        {
          id: id('The publisher.'),
          slug: Type.String({ description: 'Its slug.' }),
          name: Type.String({ description: 'Its name.' }),
        },
        { ...closed, description: 'Who published it; null where that is not known.' },
      ),
    ),
  },
  { ...closed, description: 'As much of the source as names it; null where it was deleted.' },
);

/** Schema of what `proofsOf` gives for one record. */
export const proofsSchema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          citation_id: nullable(id('The citation; null for a report, which is evidence itself.')),
          statement_report_id: nullable(id('The report of a statement; null for a citation.')),
          field: Type.String({
            description:
              'JSON Pointer (RFC 6901) to the field it is evidence for; empty for the whole record.',
          }),
          value: Type.Unknown({ description: 'What the source says; null where it is only pointed at.' }),
          rank: text('Weight of the citation: `preferred`, `normal` or `deprecated`; null for a report.'),
          selector: Type.Unknown({ description: 'Where in the source it stands.' }),
          source: nullable(source),
        },
        closed,
      ),
    ),
    more: text('Address of the other citations, where there are more than 20.'),
  },
  { ...closed, $id: 'Proofs', description: 'What a record stands on.' },
);
