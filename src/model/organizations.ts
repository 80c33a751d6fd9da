import { byText, code, date, inOrder, kind, reference, text } from './declare.ts';
import { otherNames } from './names.ts';
import { linkKind, organizationClassification } from './vocabularies.ts';

/** A body: a council, a school board, a mayor's office, a committee, an agency (Popolo's Organization). */
export const organizations = kind({
  name: 'organization',
  path: 'organizations',
  table: 'organizations',
  title: 'Organization',
  description: 'A body: a council, a school board, a mayor’s office, a committee, an agency …',
  slugFrom: ['name'],
  belongs: { by: ['jurisdiction_id'] },
  fields: {
    name: text('Name of the body.', { required: true, max: 500 }),
    classification: code(organizationClassification, 'What kind of body it is.'),
    jurisdiction_id: reference('jurisdiction', 'The place it governs or serves.'),
    parent_id: reference('organization', 'The body it belongs to.'),
    other_names: otherNames(),
    founded_on: date('When it was founded.'),
    dissolved_on: date('When it was dissolved.'),
  },
  links: linkKind,
  sorts: { name: byText('name') },
  defaultSort: 'name',
  searched: { names: ['name', 'other_names.name'], texts: [] },
  includes: {
    jurisdiction: { one: 'jurisdiction_id', kind: 'jurisdiction' },
    parent: { one: 'parent_id', kind: 'organization' },
    children: { many: 'organization', by: ['parent_id'] },
    memberships: { many: 'membership', by: ['organization_id'] },
  },
  check: (record) => inOrder(record, 'founded_on', 'dissolved_on'),
  exampleKey: 'los-angeles-city-council',
  example: {
    name: 'Public Safety Committee',
    classification: 'committee',
    jurisdiction_id: 'los-angeles',
    parent_id: 'los-angeles-city-council',
  },
});
