/**
 * A plugin of Swagger UI. Its functions are sent to the browser as their own source text, so they use nothing
 * from outside themselves.
 */

type Json = unknown;

interface Resolved {
  readonly spec: Json;
  readonly errors: readonly never[];
}

type Change = (original: (url: string) => unknown) => (url: string) => unknown;

/** Makes Swagger UI read `/openapi.json`, and look references up itself. */
export function docsPlugin(): object {
  /** Address of the description, for the one that @fastify/swagger-ui sets in spite of its settings. */
  const described: Change = (original) => (url) => original(url.replace(/\/docs\/json$/, '/openapi.json'));

  /**
   * Swagger UI's own resolver goes over the whole description for each operation that is opened, which takes
   * 20 s here, as records include each other. References to what is being described already, and those
   * inside components, stay references: each schema is under “Schemas”.
   */
  async function resolveSubtree(description: Json, path: readonly string[]): Promise<Resolved> {
    const at = (from: Json, names: readonly string[]): Json =>
      names.reduce<Json>((value, name) => (value as Record<string, Json> | undefined)?.[name], from);
    const referenceOf = (value: object): string | undefined => {
      const { $ref } = value as { $ref?: unknown };
      return typeof $ref === 'string' && $ref.startsWith('#/') ? $ref : undefined;
    };
    const target = (reference: string): Json =>
      at(
        description,
        reference
          .slice(2)
          .split('/')
          .map((name) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')),
      );
    const reached = new Map<string, Set<string>>();
    /** All references that can be reached from a reference. */
    const reach = (reference: string): Set<string> => {
      const known = reached.get(reference);
      if (known) return known;
      const found = new Set<string>();
      reached.set(reference, found);
      const waiting = [target(reference)];
      while (waiting.length > 0) {
        const value = waiting.pop();
        if (typeof value !== 'object' || value === null) continue;
        const next = referenceOf(value);
        if (next === undefined) waiting.push(...Object.values(value));
        else if (!found.has(next)) {
          found.add(next);
          waiting.push(target(next));
        }
      }
      return found;
    };
    const resolved = (value: Json, inside?: string): Json => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map((item) => resolved(item, inside));
      const reference = referenceOf(value);
      if (reference === undefined)
        return Object.fromEntries(
          Object.entries(value).map(([name, part]) => [name, resolved(part, inside)]),
        );
      if (inside !== undefined && reach(reference).has(inside)) return value;
      const named = /^#\/components\/schemas\/(.+)$/.exec(reference);
      const full = resolved(target(reference), reference) as object;
      // The name a schema is shown under.
      return named ? { title: named[1], ...full } : full;
    };
    const found = at(description, path);
    return { spec: path[0] === 'components' ? found : resolved(found), errors: [] };
  }

  return {
    fn: { resolveSubtree },
    statePlugins: { spec: { wrapActions: { updateUrl: described, download: described } } },
  };
}
