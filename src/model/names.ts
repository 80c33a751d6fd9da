/** Shapes that several kinds share: other names, language tags, division ids, hashes. */
import { date, objects, pattern, text } from './declare.ts';

/** Open Civic Data division id, https://open-civic-data.readthedocs.io (`ocd-division/country:us/state:ca/…`). */
export const DIVISION = {
  pattern: '^ocd-division/country:[a-z]{2}(/[a-z0-9_]+:[\\p{L}0-9._~-]+)*$',
  example: 'ocd-division/country:us/state:ca/place:los_angeles',
  expected: 'an Open Civic Data division id such as ocd-division/country:us/state:ca/place:los_angeles',
};

/** JSON Pointer to a field, RFC 6901. */
export const POINTER = {
  pattern: '^(/([^~/]|~[01])*)*$',
  expected: 'a JSON Pointer such as /status',
  example: '/status',
};

/** SHA-256 in lower-case hexadecimal. */
export const SHA256 = {
  pattern: '^[0-9a-f]{64}$',
  expected: '64 lower-case hexadecimal digits',
  example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};

/** Other names of a person or body, as Popolo's `other_names`: misprints seen in sources belong here, with a note. */
export const otherNames = () =>
  objects('Other names: former names, short forms, and misprints seen in sources, each with a note.', {
    name: text('The name.', { required: true, max: 500 }),
    note: text('Why it is here: a former name, a misprint and where …'),
    start_date: date('First day the name was used.'),
    end_date: date('Last day the name was used.'),
  });

/** Language of a text as a BCP 47 tag. */
export const language = () =>
  pattern(
    'Language of the text, a BCP 47 tag.',
    {
      pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
      expected: 'a BCP 47 tag such as en or es-US',
      example: 'en',
      max: 35,
    },
    { filter: true },
  );
