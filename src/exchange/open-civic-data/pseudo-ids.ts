/** Ids that say what is meant instead of naming it, as scrapers write them: `~{"name": "Jane Doe"}`. */

/** What an id says of the one it means; undefined for an id that is none of this kind. */
export function specOf(id: string): Readonly<Record<string, string>> | undefined {
  if (!id.startsWith('~')) return undefined;
  try {
    const spec: unknown = JSON.parse(id.slice(1));
    if (spec === null || typeof spec !== 'object' || Array.isArray(spec)) return {};
    return Object.fromEntries(
      Object.entries(spec).flatMap(([name, value]) =>
        value === null || typeof value === 'object' ? [] : [[name, String(value)]],
      ),
    );
  } catch {
    // What cannot be read means nobody, and is listed among the references that lead nowhere.
    return {};
  }
}
