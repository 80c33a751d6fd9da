/** What holds for every text that is typed, kept or written. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { checkTables } from '../../../src/exchange/check.ts';
import { BLOCK, changed, DocSet } from '../../../src/features/search/doc-set.ts';
import { highlightsOf } from '../../../src/features/search/highlights.ts';
import { MOST_TERMS, parseQuery, spelt } from '../../../src/features/search/query.ts';
import { stretchesOf } from '../../../src/features/search/texts.ts';
import { pairToken } from '../../../src/features/search/tokens.ts';
import { anyWordsIn, chanceOf, firstChance, wordsIn, wordsNear } from '../../../src/features/search/words.ts';
import { kindNamed } from '../../../src/model/kinds.ts';
import { cases } from '../../cases.ts';
import { ONCE } from '../../databases.ts';
import { testApp } from '../../helper.ts';

/** Texts as people and machines type them: signs of the query language, accents, several scripts. */
const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '“',
        '”',
        '-',
        '*',
        ' ',
        'AND',
        'a',
        'é',
        'Straße',
        '移民',
        "O'Brien",
        '(',
        '½',
        '\u0000',
        '😀',
        'NEAR/2',
        'ﬁ',
        'I\u0307',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

t.test('every text is a query, and what it is taken for is the same when typed again', ONCE, (t) => {
  fc.assert(
    fc.property(typed, (text) => {
      const { terms, excluded, ignored } = parseQuery(text);
      assert.ok(terms.length + excluded.length <= MOST_TERMS);
      if (ignored.length > 0) return;
      const again = [...terms.map(spelt), ...excluded.map((term) => `-${spelt(term)}`)].join(' ');
      const reread = parseQuery(again);
      assert.deepEqual([reread.terms, reread.excluded], [terms, excluded], text);
    }),
    { numRuns: 500 },
  );
  t.pass('for every example');
  t.end();
});

t.test('case and accents do not matter to words', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const words = (of: string) => [...wordsIn(of)].map(({ word }) => word);
      assert.deepEqual(words(text.normalize('NFD')), words(text.normalize('NFC')), text);
      for (const word of words(text)) assert.deepEqual(words(word), [word], `${word} is a word of its own`);
    }),
    { numRuns: 300 },
  );
  t.pass('for every example');
  t.end();
});

/** Pieces of texts: of ASCII, and what is folded, joined or left out. */
const pieces = fc.array(
  (() => {
    const plain = [...`aBz09'\` \n\t-.,sS`, "'s ", 'long'.repeat(12), ' a word or two between '.repeat(3)];
    const others = [
      'é',
      '’s',
      '移民',
      '½',
      '\u0000',
      '\u00A0',
      '😀',
      '\u0301',
      '\uD83D',
      'Straße ',
      'ŉ',
      'İ',
    ];
    return fc.constantFrom(...plain, ...plain, ...others);
  })(),
  { maxLength: 30 },
);

t.test('what costs little finds the words of a text that looking at each character finds', (t) => {
  fc.assert(
    fc.property(pieces, (given) => {
      const text = given.join('');
      assert.deepEqual([...wordsIn(text)], [...anyWordsIn(text)], text);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      assert.deepEqual([...wordsIn(text)], [...anyWordsIn(text)], text);
    }),
    { numRuns: 500 },
  );
  t.pass('for every example');
  t.end();
});

t.test('words are looked for from where there may be one, and none is passed over', (t) => {
  const spelt = fc.constantFrom('a', 'b', 'e', 's', 'as', 'word', 'long'.repeat(10), 'strasse', '移', 'z0');
  fc.assert(
    fc.property(pieces, fc.array(spelt, { minLength: 1, maxLength: 3 }), (given, beginnings) => {
      const text = given.join(' '.repeat(given.length % 2));
      const from = firstChance(text, beginnings);
      const begins = ({ word }: { word: string }) => beginnings.some((one) => word.startsWith(one));
      assert.deepEqual(
        [...wordsIn(text)].filter(({ start }) => start < from).filter(begins),
        [],
        `${beginnings} in ${JSON.stringify(text)}`,
      );
      assert.deepEqual(
        [...wordsIn(text, from)],
        [...wordsIn(text)].filter(({ start }) => start >= from),
      );
      const near = [...wordsNear(text, chanceOf(beginnings))];
      assert.deepEqual(
        near.filter(begins),
        [...wordsIn(text)].filter(begins),
        'nor with what stands between',
      );
    }),
    { numRuns: 2000 },
  );
  t.equal(firstChance('Of the city and the county', ['county', 'coun']), 'Of the city and the '.length);
  t.equal(firstChance('Of the city', ['county']), 'Of the city'.length);
  t.equal(firstChance('Of the café, of the county', ['county']), 'Of the '.length);
  const between = 'of '.repeat(40);
  const text = `Of the city’s café ${between}– the “County”, ${between}and discounts; a “city”`;
  const near = [...wordsNear(text, chanceOf(['county', 'cou']))];
  t.same(
    near.map(({ word }) => word),
    ['city', 'cafe', 'county', 'discounts'],
  );
  t.end();
});

t.test('pairs of words keep the tokens that stored indexes have for them', (t) => {
  const pairs = [
    ['sanctuary', 'city', '_1824'],
    ['los', 'angeles', '_1554'],
    ['𝒶b', 'ño', '_563'],
  ] as const;
  for (const [left, right, token] of pairs) t.equal(pairToken(left, right), token);
  t.end();
});

t.test('a set of documents reads back as it was, and takes 684 letters at most', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(BLOCK - 1), { maxLength: 1000 }), (places) => {
      const set = new DocSet();
      for (const place of places) set.add(place);
      const text = set.toString();
      assert.ok(text.length <= 684);
      assert.deepEqual(
        [...DocSet.of(text).places()],
        places.toSorted((a, b) => a - b),
      );
      assert.deepEqual(
        [...DocSet.of(text).places(true)],
        places.toSorted((a, b) => b - a),
      );
      assert.equal(set.size, places.length);
    }),
    { numRuns: 100 },
  );
  t.pass('for every example');
  t.end();
});

t.test('a set that is changed as it is kept is what it would be otherwise', (t) => {
  const places = fc.uniqueArray(fc.nat(BLOCK - 1), { maxLength: 400, size: 'max' });
  const later = fc.array(fc.tuple(fc.nat(BLOCK - 1), fc.boolean()), { maxLength: 8 });
  // What is written anew comes after all there is.
  const grown = fc.nat(700).map((count) => Array.from({ length: count }, (_, at) => [at * 5, true] as const));
  fc.assert(
    fc.property(places, fc.oneof(later, grown), (given, changes) => {
      const set = new DocSet();
      for (const place of given) set.add(place);
      const text = changed(set.toString(), changes);
      for (const [place, has] of changes) has ? set.add(place) : set.delete(place);
      assert.equal(text, set.toString());
    }),
    { numRuns: 300 },
  );
  t.pass('for every example');
  t.end();
});

t.test('ranges of highlights are the words asked for', (t) => {
  const topic = kindNamed('topic');
  const texts = fc.array(
    fc.constantFrom('alpha ', 'béta-', 'GAMMA, ', '😀 ', 'alphabet’s ', 'x'.repeat(50), '移民'),
    { maxLength: 60 },
  );
  const queries = fc.constantFrom('alpha', 'beta', '"alpha beta"', 'alph*', 'gamma alpha', '移', '"移民"');
  fc.assert(
    fc.property(texts, queries, (parts, q) => {
      const { terms } = parseQuery(q);
      const record = { id: '', version: 1, name: 'alpha', description: parts.join('') };
      for (const { snippet, ranges } of highlightsOf(topic, record, terms)) {
        assert.ok(ranges.length > 0);
        for (const { start, end } of ranges) {
          const shown = [...snippet].slice(start, end).join('');
          assert.ok(stretchesOf(shown, terms).length > 0, `${q} in '${shown}'`);
        }
      }
    }),
    { numRuns: 200 },
  );
  t.pass('for every example');
  t.end();
});

t.test(
  'the service answers any text, and the index is what the records give after random writes',
  { timeout: 120_000 },
  async (t) => {
    const { call, key, db } = await testApp(t, 'seeded');
    const write = await key('write');
    await fc.assert(
      fc.asyncProperty(
        typed.filter((text) => text !== '' && !text.includes('\u0000')),
        async (text) => {
          const { status } = await call(
            'GET',
            `/v1/search?q=${encodeURIComponent(text.toWellFormed())}&limit=2`,
          );
          t.equal(status, 200, `${encodeURIComponent(text)} is answered`);
        },
      ),
      { numRuns: cases(40) },
    );
    const made: string[] = [];
    const words = fc.array(fc.constantFrom('river', 'bridge', 'school', 'school board', 'água', '“no”'), {
      minLength: 1,
      maxLength: 6,
    });
    const step = fc.record({
      does: fc.constantFrom('create', 'create', 'patch', 'delete', 'restore', 'move'),
      at: fc.nat(20),
      words: words.map((all) => all.join(' ')),
      place: fc.constantFrom('boston', 'los-angeles', 'california'),
    });
    for (const { does, at, words: text, place } of fc.sample(step, { numRuns: 60, seed: 7 })) {
      const id = made[at % Math.max(1, made.length)];
      if (does === 'create' || id === undefined) {
        const body = { type: 'resolution', title: text, jurisdiction_id: place, summary: `${text} ${place}` };
        const { body: policy } = await call('POST', '/v1/policies', { key: write, body });
        made.push(policy.id);
        await call('POST', '/v1/provisions', { key: write, body: { policy_id: policy.id, text } });
        continue;
      }
      const url = `/v1/policies/${id}`;
      const ifMatch = '*';
      if (does === 'patch') await call('PATCH', url, { key: write, ifMatch, body: { title: text } });
      if (does === 'move')
        await call('PATCH', url, {
          key: write,
          ifMatch,
          body: { jurisdiction_id: place, topics: ['education'] },
        });
      if (does === 'delete') await call('DELETE', `${url}?cascade=true`, { key: write, ifMatch });
      if (does === 'restore') await call('POST', `${url}/restore`, { key: write });
    }
    const [checked] = await checkTables(db, undefined, ['search']);
    t.same(checked?.first, []);
    t.ok(made.length > 10);
  },
);
