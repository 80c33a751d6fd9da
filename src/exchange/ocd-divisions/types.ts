/**
 * Which divisions are jurisdictions, by the type in the last segment of their id (`…/place:boston`), as
 * https://github.com/opencivicdata/ocd-division-ids writes it. Its list of types has no end: what is in neither table is
 * told as not known.
 */

/** Types that govern themselves, and what kind of jurisdiction they are. */
const GOVERNING: Readonly<Record<string, string>> = {
  country: 'country',
  state: 'state',
  province: 'state',
  territory: 'territory',
  county: 'county',
  parish: 'county',
  borough: 'county',
  census_area: 'county',
  municipio: 'county',
  place: 'municipality',
  municipality: 'municipality',
  city: 'municipality',
  town: 'municipality',
  township: 'municipality',
  village: 'municipality',
  csd: 'municipality',
  tribal: 'tribal',
  tribal_nation: 'tribal',
  school_district: 'school_district',
  fire: 'special_district',
  fire_district: 'special_district',
  fire_protection: 'special_district',
  health_care: 'special_district',
  hospital: 'special_district',
  hospital_district: 'special_district',
  library_district: 'special_district',
  park_district: 'special_district',
  port: 'special_district',
  public_utility_district: 'special_district',
  sanitary_district: 'special_district',
  soil_and_water_conservation_district: 'special_district',
  special_district: 'special_district',
  transit_district: 'special_district',
  utility_district: 'special_district',
  water: 'special_district',
  water_district: 'special_district',
};

/** Types that are parts of a jurisdiction, from which members are elected, or in which votes are counted or courts sit. */
const PARTS = new Set(
  `anc cd commissioner_district commissioner_precinct constable_district council_district county_commissioner_district
  county_council_district court court_of_appeals district_court ed education_district electoral_district judicial_district
  justice_precinct la_metro_sector legislative_district neighborhood polling_division precinct school_board_district sldl
  sldu supervisory_district supreme_court ward`.split(/\s+/),
);

/** What a division is: a jurisdiction, a part of one, or of a type that is not known. */
export type Standing =
  | { readonly classification: string }
  | { readonly part: string }
  | { readonly unknown: string };

/** What a division is, by its id. */
export function standingOf(id: string): Standing {
  const last = id.lastIndexOf('/');
  const type = typeIn(id, last);
  const classification = Object.hasOwn(GOVERNING, type) ? GOVERNING[type] : undefined;
  if (classification) return { classification };
  const above = typeIn(id, id.lastIndexOf('/', last - 1));
  // A federal district stands beside the states; every other `district` is a part of something.
  if (type === 'district') return above === 'country' ? { classification: 'territory' } : { part: type };
  // Oregon’s Metro lies in a state; elsewhere regions are what the members of a board come from.
  if (type === 'region') return above === 'state' ? { classification: 'special_district' } : { part: type };
  // What Canada calls cd is a census division, which is a county; in the United States it is a congressional district.
  if (type === 'cd' && id.startsWith('ocd-division/country:ca/')) return { classification: 'county' };
  return PARTS.has(type) ? { part: type } : { unknown: type };
}

/** The type in the segment of an id that begins after a slash. */
function typeIn(id: string, slash: number): string {
  return id.slice(slash + 1, Math.max(slash + 1, id.indexOf(':', slash)));
}
