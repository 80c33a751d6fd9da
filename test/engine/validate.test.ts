import t from 'tap';
import { Type } from 'typebox';
import { isMoment, isPartialDate, isWebUrl, toInstant } from '../../src/engine/formats.ts';
import { faultsOf, makeValidators, type Part, unstorableTexts } from '../../src/engine/validate.ts';

t.test('a partial date is a day, month or year of the calendar', async (t) => {
  const right = ['2024', '2024-02', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2024-04-30'];
  const wrong = ['2024-02-30', '2023-02-29', '1900-02-29', '2100-02-29', '2024-04-31', '2024-13', '2024-00'];
  const shapes = [
    '2024-2',
    '24',
    '2024-',
    '2024-02-',
    '2024-02-01T00:00',
    '+2024',
    '-2024',
    ' 2024',
    '2024\n',
    '',
    '２０２４',
  ];
  for (const value of right) t.ok(isPartialDate(value), `${value} is one`);
  for (const value of [...wrong, '2024-01-00', '2024-01-32', ...shapes])
    t.notOk(isPartialDate(value), `${JSON.stringify(value)} is none`);
});

t.test('a moment may have a time, with or without its offset', async (t) => {
  const right = [
    '2024-12',
    '2024-12-03T10:00',
    '2024-12-03T10:00:59',
    '2024-12-03T23:59:59.123456789',
    '2024-12-03T10:00Z',
    '2024-12-03T10:00:00-08:00',
    '2024-12-03T00:00:00+14:00',
  ];
  const wrong = [
    '2024-02-30T10:00',
    '2024-12-03T24:00',
    '2024-12-03T10:60',
    '2024-12-03T10:00:60',
    '2024-12-03T10',
    '2024-12T10:00',
    '2024-12-03 10:00',
    '2024-12-03t10:00z',
    '2024-12-03T10:00+8',
    '2024-12-03T10:00+24:00',
    '2024-12-03T10:00+08:60',
    '2024-12-03T10:00:00.Z',
    '2024-12-03T10:00 PST',
  ];
  for (const value of right) t.ok(isMoment(value), `${value} is one`);
  for (const value of wrong) t.notOk(isMoment(value), `${value} is none`);
});

t.test('an instant is one and the same however it is written', async (t) => {
  const rows: [text: string, instant: string | undefined][] = [
    ['2026-01-31T00:00:00Z', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T01:00:00+01:00', '2026-01-31T00:00:00.000Z'],
    ['2026-01-30T16:00-08:00', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01', undefined],
    ['2026', undefined],
    ['2026-01-31T00:00', undefined],
    ['2026-02-30T00:00:00Z', undefined],
    ['now', undefined],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['0000-12-31', undefined],
    ['0001-01-01T00:00:00+02:00', undefined],
    ['9999-12-31T23:59:59-05:00', undefined],
  ];
  for (const [text, instant] of rows) t.equal(toInstant(text), instant, `${text} is ${instant}`);
});

t.test('an address is absolute and of the web', async (t) => {
  const right = [
    'http://a',
    'https://example.org/a?b=c#d',
    'HTTPS://EXAMPLE.ORG',
    'https://例え.jp/é',
    'http://[::1]:80/',
  ];
  const wrong = [
    '',
    'example.org',
    '//a',
    '/a',
    'ftp://a',
    'javascript:alert(1)',
    'data:text/html,x',
    'http:a',
    'http:/a',
  ];
  for (const value of right) t.ok(isWebUrl(value), `${value} is one`);
  for (const value of [...wrong, 'http://', 'http://a b', ' http://a', 'http://a\n', 'http://a:99999'])
    t.notOk(isWebUrl(value), `${JSON.stringify(value)} is none`);
});

t.test('texts that databases would change are found wherever they stand', async (t) => {
  const places = (value: unknown) => unstorableTexts(value).map(({ pointer }) => pointer);
  t.same(places('a\0'), ['']);
  t.same(places({ a: ['b', 'c\ud800'] }), ['/a/1']);
  t.same(places({ 'a/b~c': { d: '\udc00' } }), ['/a~1b~0c/d']);
  t.same(places({ a: { 'b\0': 1 } }), ['/a'], 'a bad name is a fault of its object');
  t.same(places({ a: '\0', b: '\0' }), ['/a', '/b'], 'each of them');
  t.same(places({ a: '👩‍👩‍👧', b: null, c: 1, d: [], e: '\u0001\uffff' }), [], 'what is well formed is not');
});

const name = Type.String({ minLength: 1, maxLength: 5 });
const schema = Type.Object(
  {
    name,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    word: Type.Optional(Type.Unsafe({ type: 'string', enum: ['yes', 'no'] })),
    'a/b': Type.Optional(Type.Array(name, { uniqueItems: true, maxItems: 2 })),
  },
  { additionalProperties: false },
);

/** What is said of a value: where, and what would be right. */
function said(value: unknown, part: Part = 'body'): [place: unknown, expected: unknown][] {
  const validate = makeValidators([])(part, schema);
  if (validate(value)) return [];
  return faultsOf(validate.errors ?? [], part).map(({ pointer, parameter, header, expected }) => [
    pointer ?? parameter ?? header,
    expected,
  ]);
}

t.test('a fault says where, and what would be right', async (t) => {
  const rows: [value: unknown, faults: [string, string][]][] = [
    [{ name: 'a' }, []],
    [{}, [['/name', 'string']]],
    [null, [['', 'object']]],
    [{ name: 1 }, [['/name', 'string']]],
    [{ name: '' }, [['/name', 'a text of 1 to 5 characters']]],
    [{ name: 'abcdef' }, [['/name', 'a text of 1 to 5 characters']]],
    [{ name: '👩👩👩👩👩' }, []],
    [{ name: 'a', nam: 1 }, [['/nam', "'name'"]]],
    [{ name: 'a', 'x/y~z': 1 }, [['/x~1y~0z', 'one of name, count, word, a/b']]],
    [{ name: 'a', count: 0 }, [['/count', 'a number from 1 to 9']]],
    [{ name: 'a', count: '1' }, [['/count', 'integer']]],
    [{ name: 'a', count: 1.5 }, [['/count', 'integer']]],
    [{ name: 'a', word: 'yess' }, [['/word', 'one of yes, no']]],
    [{ name: 'a', word: 7 }, [['/word', 'one of yes, no']]],
    [{ name: 'a', 'a/b': ['a', 'a'] }, [['/a~1b', 'each item once']]],
    [{ name: 'a', 'a/b': ['a', 'b', 'c'] }, [['/a~1b', 'at most 2 items']]],
    [{ name: 'a', 'a/b': ['a', 2] }, [['/a~1b/1', 'string']]],
    [
      { name: 1, count: 'x' },
      [
        ['/name', 'string'],
        ['/count', 'integer'],
      ],
    ],
  ];
  for (const [value, faults] of rows) {
    const sorted = said(value).sort();
    t.strictSame(sorted, [...faults].sort(), `${JSON.stringify(value)}: ${faults.length || 'no'} fault`);
  }
});

t.test('a body is taken at its word, the texts of an address are not', async (t) => {
  t.same(said({ name: 'a', count: '7' }, 'querystring'), []);
  t.same(said({ name: 'a', count: '7' }, 'body'), [['/count', 'integer']]);
  t.same(said({ name: 'a', count: '70' }, 'querystring'), [['count', 'a number from 1 to 9']]);
  t.same(said({ name: 'a', cuont: '7' }, 'querystring'), [['cuont', "'count'"]]);
  t.same(said({ name: 'a', count: 'x' }, 'headers'), [['count', 'integer']]);
  const body = { name: 'a' };
  t.same(said(body), []);
  t.same(body, { name: 'a' }, 'nothing is put into a body');
});
