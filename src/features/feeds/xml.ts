/** Writing XML 1.0: elements as texts, with what is not markup escaped. */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot hold, not even escaped (section 2.2). */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** A text between tags or in an attribute; characters that XML cannot hold become U+FFFD. */
export function escaped(text: string): string {
  return (
    text
      .replace(IMPOSSIBLE, '\ufffd')
      .replace(/[&<>"]/g, (one) => ENTITIES[one] as string)
      // A reader would make them a line feed.
      .replaceAll('\r', '&#13;')
  );
}

/** An element; attributes that are undefined are left out, and `inner` is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  inner = '',
): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    // In attributes, tabs and line feeds would be read as spaces.
    value === undefined
      ? []
      : [` ${key}="${escaped(value).replace(/[\t\n]/g, (one) => `&#${one.charCodeAt(0)};`)}"`],
  );
  const start = `${name}${given.join('')}`;
  return inner === '' ? `<${start}/>` : `<${start}>${inner}</${name}>`;
}
