/** People and committees of an invented state, as openstates/people writes them. */
export const id = (last: string) => `ocd-person/00000000-0000-4000-8000-${last.padStart(12, '0')}`;
export const committee = (last: string) =>
  `ocd-organization/00000000-0000-4000-8000-${last.padStart(12, '0')}`;
export const STATE = 'ocd-jurisdiction/country:us/state:ca/government';
export const CITY = 'ocd-jurisdiction/country:us/state:ca/place:lake_town/government';

/** A file of a person with as little as one has, and what is added. */
export const person = (last: string, name: string, more = '') => `id: ${id(last)}\nname: ${name}\n${more}`;

export const ana = person(
  '1',
  'Ana Ruiz',
  `given_name: Ana
middle_name: Maria
family_name: Ruiz
gender: Female
email: ana@example.org
image: https://example.org/{ana}.jpg
birth_date: 1970-05
party:
- name: Old Party
  end_date: '2015-12-31'
- name: New Party
  start_date: 2016-01-01
roles:
- start_date: 2013-01-01
  end_date: '2014-12-31'
  type: lower
  jurisdiction: ${STATE}
  district: 07
- start_date: '2019-01-01'
  end_date: '2020-06-30'
  type: upper
  jurisdiction: ${STATE}
  district: '4'
  end_reason: Elected to the council of the city
- end_date: '2030-12-31'
  type: mayor
  jurisdiction: ${CITY}
offices:
- classification: capitol
  address: 1 Main St
  voice: 555-0100
- classification: district
  name: Home office
  address: 13 Secret Lane
- classification: home
  address: 13 Secret Lane
- classification: district
  name: North office
  fax: 555-0101
links:
- url: https://example.org/ana
  note: homepage
- url: ftp://example.org/list
sources:
- url: https://example.org/ana
- url: https://example.org/people
  note: list
ids:
  twitter: anaruiz
  youtube: UCabcdefghijklmnopqrstuv
  myspace: ana
other_identifiers:
- scheme: legacy_openstates
  identifier: CAL000999
- scheme: openstates
  identifier: ${id('77')}
- scheme: thomas
  identifier: 01996
other_names:
- name: A. Ruiz
- name: Ana Ruiz
extras:
  secret: 13 Secret Lane
`,
);

export const bo = person(
  '2',
  'Bo Lee',
  `roles:
- type: mayor
  jurisdiction: ${CITY}
- type: mayor
  jurisdiction: ${CITY}
  end_date: 2001
- type: lt_governor
  jurisdiction: ${STATE}
  end_date: '2010-01-01'
  end_reason: Died in office
other_identifiers:
- scheme: legacy_openstates
  identifier: CAL000999
- scheme: openstates
  identifier: ${id('1')}
`,
);

export const parks = `id: ${committee('9')}
name: Parks
jurisdiction: ${STATE}
classification: committee
chamber: lower
members:
- name: Ana Ruiz
  role: vice chair
  person_id: ${id('1')}
- name: Somebody Unknown
  role: member
links:
- url: https://example.org/parks
other_names:
- name: Committee on Parks
`;

export const rivers = `id: ${committee('10')}
name: Rivers
jurisdiction: ${STATE}
classification: subcommittee
parent: ${committee('9')}
`;

export const file = (folder: string, name: string, last: string) =>
  `data/ca/${folder}/${name}-00000000-0000-4000-8000-${last.padStart(12, '0')}.yml`;

/** The whole of it. */
export const files: Readonly<Record<string, string>> = {
  'data/ca/municipalities.yml': `- name: Lake Town\n  id: ${CITY}\n- name: Lake Town\n  id: ${CITY}\n`,
  [file('committees', 'Parks', '9')]: parks,
  [file('committees', 'Rivers', '10')]: rivers,
  [file('legislature', 'Ana-Ruiz', '1')]: ana,
  [file('retired', 'Bo-Lee', '2')]: bo,
};
