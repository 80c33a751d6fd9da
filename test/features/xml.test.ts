import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import t from 'tap';
import { element, escaped } from '../../src/features/feeds/xml.ts';

/** A document as another reader reads it; whatever that has to say against it is thrown. */
const parse = (text: string) =>
  new DOMParser({
    onError: (_level, message) => {
      if (!message.startsWith('Unicode replacement character')) throw new Error(message);
    },
  }).parseFromString(text, 'text/xml').documentElement;

/** What a text is once it has been in XML, which has no other control characters. */
const held = (text: string) =>
  Array.from(text, (one) =>
    /[\t\n\r]/.test(one) || !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(one) || isHigh(one) ? one : '\ufffd',
  ).join('');

/** Control characters of ISO 6429 may be written, however little they mean. */
const isHigh = (one: string) => one >= '\x7f' && one <= '\x9f';

t.test('whatever text is written is read back, between tags and in attributes', async (t) => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", ']]>', '\r\n', '\r', '\t', '\0', '\x1b', '\ud800'),
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const read = parse(element('a', { b: text, none: undefined }, escaped(text)));
      t.equal(read?.textContent, held(text));
      t.equal(read?.getAttribute('b'), held(text));
      t.notOk(read?.hasAttribute('none'));
    }),
    { numRuns: 300 },
  );
});

t.test('an element of nothing is closed at once', async (t) => {
  t.equal(element('link', { rel: 'self' }), '<link rel="self"/>');
  t.equal(element('a'), '<a/>');
});
