/** What becomes of a division: a jurisdiction, or a remark why it is none. */
import type { Identifier } from '../../engine/rows.ts';
import type { Read } from '../import/record.ts';
import type { Row } from './rows.ts';
import type { Survey } from './survey.ts';
import { standingOf } from './types.ts';

/** Scheme under which division ids are identifiers. */
export const DIVISION_SCHEME = 'ocd-division';
/** Scheme of the numbers of the United States Census Bureau, as these files write them. */
const GEOID_SCHEME = 'census-geoid';

/** A division of an input that has been surveyed, as a record or a remark. */
export function fromRow(row: Row, survey: Survey): Read {
  const { id, place } = row;
  const standing = standingOf(id);
  const left = (note: string): Read => ({ kind: 'jurisdiction', place, note: `${id} ${note}` });
  if ('part' in standing) return left(`is a ${standing.part}, a part of a jurisdiction and none itself`);
  if ('unknown' in standing) return left(`is of a type that is not known here: '${standing.unknown}'`);
  const chosen = survey.chosen(id);
  if (chosen !== id) return left(`is the same place as ${chosen}, which has this id in same_as`);
  const { sameAs, name, validFrom, validThrough } = row;
  const others = survey.others(id);
  if (sameAs !== '' && others.length === 0 && name === '')
    return left(`is the same place as ${sameAs}, of which this input has no row, and has no name of its own`);
  const same = sameAs === '' || others.includes(sameAs) ? others : [sameAs];
  const parent = parentOf(id, survey);
  const body = {
    name: name || nameFrom(id),
    classification: standing.classification,
    division_id: id,
    // Another input may know ids of the place that this one does not.
    ...(same.length > 0 ? { same_as: same } : {}),
    ...(parent ? { parent_id: division(parent) } : {}),
    ...(validFrom ? { valid_from: validFrom } : {}),
    ...(validThrough ? { valid_through: validThrough } : {}),
    identifiers: [
      division(id),
      ...others.map(division),
      ...[id, ...others].flatMap((one) => geoidOf(one, survey)),
    ],
  };
  return { kind: 'jurisdiction', body, place, yields: YIELDS };
}

/** What whoever keeps records of a place says better than a list of divisions, which has `los angeles unified`. */
const YIELDS = ['name', 'classification', 'parent_id'];

function division(identifier: string): Identifier {
  return { scheme: DIVISION_SCHEME, identifier };
}

function geoidOf(id: string, survey: Survey): Identifier[] {
  const identifier = survey.geoid(id);
  return identifier === undefined ? [] : [{ scheme: GEOID_SCHEME, identifier }];
}

/** The nearest division above that the input has; where it has none, the nearest that could be a jurisdiction. */
function parentOf(id: string, survey: Survey): string | undefined {
  const above = [...ancestorsOf(id)];
  const known = above.find((one) => survey.has(one) && survey.chosen(one) !== id);
  return known ? survey.chosen(known) : above.find((one) => 'classification' in standingOf(one));
}

/** The ids above one, nearest first. */
export function* ancestorsOf(id: string): Generator<string> {
  for (let end = id.lastIndexOf('/'); end > 'ocd-division'.length; end = id.lastIndexOf('/', end - 1))
    yield id.slice(0, end);
}

/** A name for what has none: the last segment of its id, in capitals (`…/county:new_york` is New York). */
export function nameFrom(id: string): string {
  const words = id
    .slice(id.lastIndexOf(':') + 1)
    .replaceAll('_', ' ')
    .trim();
  return words.replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase()) || id;
}
