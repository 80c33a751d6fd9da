/** What the legislatures of the United States are called: the files know them as `upper`, `lower` and `legislature` only. */

export interface Chambers {
  /** Name of the state, territory or nation. */
  readonly place: string;
  readonly upper: string;
  readonly lower: string;
  readonly legislature: string;
}

/** Code, name, then the lower chamber and the whole where they are not a House of Representatives and a Legislature. */
const STATES: readonly (readonly [code: string, place: string, lower?: string, legislature?: string])[] = [
  ['ak', 'Alaska'],
  ['al', 'Alabama'],
  ['ar', 'Arkansas', '', 'General Assembly'],
  ['as', 'American Samoa'],
  ['az', 'Arizona'],
  ['ca', 'California', 'Assembly'],
  ['co', 'Colorado', '', 'General Assembly'],
  ['ct', 'Connecticut', '', 'General Assembly'],
  ['dc', 'District of Columbia', '', 'Council'],
  ['de', 'Delaware', '', 'General Assembly'],
  ['fl', 'Florida'],
  ['ga', 'Georgia', '', 'General Assembly'],
  ['gu', 'Guam'],
  ['hi', 'Hawaii'],
  ['ia', 'Iowa', '', 'General Assembly'],
  ['id', 'Idaho'],
  ['il', 'Illinois', '', 'General Assembly'],
  ['in', 'Indiana', '', 'General Assembly'],
  ['ks', 'Kansas'],
  ['ky', 'Kentucky', '', 'General Assembly'],
  ['la', 'Louisiana'],
  ['ma', 'Massachusetts', '', 'General Court'],
  ['md', 'Maryland', 'House of Delegates', 'General Assembly'],
  ['me', 'Maine'],
  ['mi', 'Michigan'],
  ['mn', 'Minnesota'],
  ['mo', 'Missouri', '', 'General Assembly'],
  ['mp', 'Northern Mariana Islands'],
  ['ms', 'Mississippi'],
  ['mt', 'Montana'],
  ['nc', 'North Carolina', '', 'General Assembly'],
  ['nd', 'North Dakota', '', 'Legislative Assembly'],
  ['ne', 'Nebraska'],
  ['nh', 'New Hampshire', '', 'General Court'],
  ['nj', 'New Jersey', 'General Assembly'],
  ['nm', 'New Mexico'],
  ['nv', 'Nevada', 'Assembly'],
  ['ny', 'New York', 'Assembly'],
  ['oh', 'Ohio', '', 'General Assembly'],
  ['ok', 'Oklahoma'],
  ['or', 'Oregon', '', 'Legislative Assembly'],
  ['pa', 'Pennsylvania', '', 'General Assembly'],
  ['pr', 'Puerto Rico', '', 'Legislative Assembly'],
  ['ri', 'Rhode Island', '', 'General Assembly'],
  ['sc', 'South Carolina', '', 'General Assembly'],
  ['sd', 'South Dakota'],
  ['tn', 'Tennessee', '', 'General Assembly'],
  ['tx', 'Texas'],
  ['ut', 'Utah'],
  ['va', 'Virginia', 'House of Delegates', 'General Assembly'],
  ['vi', 'United States Virgin Islands'],
  ['vt', 'Vermont', '', 'General Assembly'],
  ['wa', 'Washington'],
  ['wi', 'Wisconsin', 'Assembly'],
  ['wv', 'West Virginia', 'House of Delegates'],
  ['wy', 'Wyoming'],
];

const byDivision = new Map<string, Chambers>([
  ['ocd-division/country:us', named('United States', undefined, 'Congress')],
  ...STATES.flatMap(([code, place, lower, legislature]) =>
    ['state', 'territory', 'district'].map(
      (type) => [`ocd-division/country:us/${type}:${code}`, named(place, lower, legislature)] as const,
    ),
  ),
]);

function named(place: string, lower = '', legislature = ''): Chambers {
  return {
    place,
    upper: `${place} Senate`,
    lower: `${place} ${lower || 'House of Representatives'}`,
    legislature: `${place} ${legislature || 'Legislature'}`,
  };
}

/** The chambers of a state or of the nation, by division id; undefined for other places. */
export function chambersOf(division: string): Chambers | undefined {
  return byDivision.get(division);
}
