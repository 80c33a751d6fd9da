/** Councils that keep their records in Legistar: which place each is of, as the Web API says nothing of places. */
import { InputError } from '../import/record.ts';
import type { Client } from '../legistar/client.ts';
import { newYork } from '../nyc-council/new-york.ts';
import { nameFrom } from '../ocd-divisions/map.ts';
import { standingOf } from '../ocd-divisions/types.ts';
import type { WebBody } from './web-fields.ts';

/** Divisions of clients, by their names in addresses. */
const DIVISIONS: Readonly<Record<string, string>> = {
  a2gov: 'ocd-division/country:us/state:mi/place:ann_arbor',
  alexandria: 'ocd-division/country:us/state:va/place:alexandria',
  boston: 'ocd-division/country:us/state:ma/place:boston',
  chicago: 'ocd-division/country:us/state:il/place:chicago',
  columbus: 'ocd-division/country:us/state:oh/place:columbus',
  'cook-county': 'ocd-division/country:us/state:il/county:cook',
  denver: 'ocd-division/country:us/state:co/place:denver',
  kingcounty: 'ocd-division/country:us/state:wa/county:king',
  longbeach: 'ocd-division/country:us/state:ca/place:long_beach',
  madison: 'ocd-division/country:us/state:wi/place:madison',
  mesa: 'ocd-division/country:us/state:az/place:mesa',
  milwaukee: 'ocd-division/country:us/state:wi/place:milwaukee',
  oakland: 'ocd-division/country:us/state:ca/place:oakland',
  phoenix: 'ocd-division/country:us/state:az/place:phoenix',
  pittsburgh: 'ocd-division/country:us/state:pa/place:pittsburgh',
  sanjose: 'ocd-division/country:us/state:ca/place:san_jose',
  seattle: 'ocd-division/country:us/state:wa/place:seattle',
  sfgov: 'ocd-division/country:us/state:ca/place:san_francisco',
};

/** The client of this name, but for its council; `division` is its place's, where somebody says it. */
export function councilNamed(name: string, division: string | undefined): Omit<Client, 'council'> {
  if (name === newYork.name && division === undefined) return newYork;
  const own = division ?? (Object.hasOwn(DIVISIONS, name) ? DIVISIONS[name] : undefined);
  if (own === undefined)
    throw new InputError(
      `it is not known which place '${name}' is the council of: set LEGISTAR_DIVISION to its division, such as ${DIVISIONS.seattle}`,
    );
  const standing = standingOf(own);
  if (!own.startsWith('ocd-division/country:') || !('classification' in standing))
    throw new InputError(`LEGISTAR_DIVISION is '${own}', which is not the id of a place that governs itself`);
  const { classification } = standing;
  const identifiers = [{ scheme: 'ocd-division', identifier: own }];
  return {
    name,
    place: { name: nameFrom(own), classification, division_id: own, identifiers },
    site: `https://${name}.legistar.com`,
    bodies: {},
    session: () => null,
  };
}

/** Names of bodies that are the council of a place. */
const COUNCIL =
  /\b(city|town|county|village|common) council$|^council$|\bboard of (supervisors|commissioners|aldermen)$/i;

/** The body that is the council itself: the one Legistar has as such, else the first that is called so. */
export function councilAmong(bodies: readonly WebBody[]): number {
  const primary = bodies.find(({ BodyTypeName }) => BodyTypeName === 'Primary Legislative Body');
  const called = bodies.find(({ BodyName }) => COUNCIL.test((BodyName ?? '').trim()));
  return (primary ?? called ?? bodies[0])?.BodyId ?? 0;
}
