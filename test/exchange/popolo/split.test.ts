/** Splitting a document into the elements of its lists, wherever its bytes are cut. */
import fc from 'fast-check';
import t from 'tap';
import { type Element, elementsOf } from '../../../src/exchange/popolo/split.ts';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function split(text: string, size = 7, wanted = (_: string) => true): Promise<Element[]> {
  const found: Element[] = [];
  for await (const element of elementsOf(cut(Buffer.from(text), size), 'a.json', wanted)) found.push(element);
  return found;
}

const parsed = ({ array, index, bytes }: Element) => [array, index, JSON.parse(String(bytes))];

t.test('every element of every list is found whole, however the bytes are cut', async (t) => {
  const document = fc.dictionary(
    fc.string(),
    fc.oneof(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.jsonValue()),
    {
      maxKeys: 5,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      document,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 2),
      async (made, size, indent) => {
        const lists = Object.entries(made).flatMap(([name, value]) =>
          Array.isArray(value) ? value.map((one, at) => [name, at, one]) : [],
        );
        const found = await split(JSON.stringify(made, null, indent), size);
        t.strictSame(found.map(parsed), JSON.parse(JSON.stringify(lists)));
      },
    ),
    { numRuns: 150 },
  );
});

t.test('lists that nobody asks for are counted, and not kept', async (t) => {
  const found = await split('{"a": [{"x": "]"}, 2], "b": ["}"]}', 3, (name) => name === 'b');
  t.same(found, [
    { array: 'a', index: 0 },
    { array: 'a', index: 1 },
    { array: 'b', index: 0, bytes: Buffer.from('"}"') },
  ]);
});

for (const [what, text, told] of [
  ['ends too early', '{"persons": [{"name": "a"}', /ends before its end/],
  ['is a list', '[{"name": "a"}]', /is not one JSON object/],
  ['goes on after its end', '{"persons": []}{', /is not one JSON object/],
  ['is empty', '', /ends before its end/],
] as const)
  t.test(`a document that ${what} is refused`, (t) => t.rejects(split(text), told));
