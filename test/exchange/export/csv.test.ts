import fc from 'fast-check';
import papaparse from 'papaparse';
import t from 'tap';
import { cellOf, csvLines, guarded, unguarded } from '../../../src/exchange/export/csv.ts';
import { guidePages } from '../../../src/http/guide.ts';

/** The cells of a CSV, read by another program. */
const read = (text: string) => papaparse.parse<string[]>(text, { delimiter: ',' }).data.slice(0, -1);

const aText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc
    .tuple(
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", "''=", '＝', '"', ',', ' '),
      fc.string(),
    )
    .map(([first, rest]) => first + rest),
);

t.test('any text is read back from its cell, and none begins as a formula does', async () => {
  fc.assert(
    fc.property(fc.array(fc.array(aText, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const cells = rows.map((row) => row.map((text) => cellOf(text)));
      if (cells.flat().some((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))) return false;
      const back = read(csvLines(cells));
      return JSON.stringify(back.map((row) => row.map(unguarded))) === JSON.stringify(rows);
    }),
  );
});

t.test('cells are what they are said to be', async (t) => {
  for (const [value, any, cell] of [
    [null, false, ''],
    ['', false, ''],
    ['=1+1', false, "'=1+1"],
    ["'tis", false, "''tis"],
    ['plain', false, 'plain'],
    ['a "quoted", word', false, 'a "quoted", word'],
    [-5, false, '-5'],
    [true, false, 'true'],
    [['a', null], false, '["a",null]'],
    [{ a: '=1' }, false, '{"a":"=1"}'],
    ['passed', true, '"passed"'],
    ['=1', true, '"=1"'],
    [7, true, '7'],
    [false, true, 'false'],
    [null, true, ''],
  ] as const)
    t.equal(cellOf(value, any), cell, JSON.stringify(value));
  t.equal(
    csvLines([['a,b', 'c"d', 'e\r\nf', 'g\nh', '']]),
    '"a,b","c""d","e\r\nf","g\nh",\r\n',
    'quoted where RFC 4180 wants it',
  );
  t.equal(unguarded(guarded("'")), "'");
});

t.test('the guide shows cells as they are', async (t) => {
  const { markdown = '' } = guidePages().find(({ name }) => name === 'exports') ?? {};
  const [, section = ''] = markdown.split('\n## Cells\n');
  const rows = [...section.matchAll(/^\| `(.+)` \| (.+) \|$/gm)];
  for (const [, value = '', cell = ''] of rows)
    t.equal(cellOf(JSON.parse(value)), cell === 'nothing' ? '' : cell.slice(1, -1), value);
  t.equal(rows.length, 12);
});
