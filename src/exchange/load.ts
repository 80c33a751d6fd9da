/** Loading records in bulk: validated like any request, upserted in one transaction, in whatever order they come. */
import type { ValidateFunction } from 'ajv';
import type { Engine } from '../engine/engine.ts';
import { faultsOf } from '../engine/validate.ts';
import { upsert } from '../engine/write.ts';
import { type Author, writing } from '../engine/writer.ts';
import { type Fault, Problem } from '../errors.ts';
import { kindNamed } from '../model/kinds.ts';

/** A record to load: its kind, the id it is to have if it is new, its body as a POST would send it, and where it was read. */
export interface BundleRecord {
  readonly kind: string;
  readonly id: string;
  readonly body: Record<string, unknown>;
  readonly place: string;
}

/** A record that could not be loaded. */
export class LoadError extends Error {
  constructor(place: string, faults: readonly Fault[]) {
    super(
      `${place}: ${faults.map(({ pointer, message, expected }) => `${pointer} ${message}${expected ? ` (${expected})` : ''}`).join('; ')}`,
    );
  }
}

export type Counts = Readonly<Record<'created' | 'updated' | 'unchanged', number>>;

/** Loads records, all or none; `validator` gives the validator of a named schema. Returns how many of each kind came to what. */
export async function load(
  engine: Engine,
  author: Author,
  records: Iterable<BundleRecord>,
  validator: (schema: string) => ValidateFunction,
): Promise<Map<string, Counts>> {
  const ordered = inOrder([...records]);
  return writing(
    engine,
    author,
    async (writer) => {
      const counts = new Map<string, Record<keyof Counts, number>>();
      for (const { kind: name, id, body, place } of ordered) {
        const kind = kindNamed(name);
        const valid = validator(`${kind.title}Input`);
        if (!valid(body)) throw new LoadError(place, faultsOf(valid.errors ?? [], 'body'));
        const count = counts.get(name) ?? { created: 0, updated: 0, unchanged: 0 };
        counts.set(name, count);
        try {
          count[(await upsert(writer, kind, body, id)).did] += 1;
        } catch (error) {
          if (error instanceof Problem) throw new LoadError(place, error.errors);
          throw error;
        }
      }
      return counts;
    },
    { alone: true },
  );
}

/** Records that others mention come before those. Throws when some mention each other in a circle. */
function inOrder(records: readonly BundleRecord[]): BundleRecord[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  const ordered = new Set<BundleRecord>();
  const visiting = new Set<BundleRecord>();
  const visit = (record: BundleRecord) => {
    if (ordered.has(record)) return;
    if (visiting.has(record))
      throw new LoadError(record.place, [{ pointer: '', message: 'mentions a record that mentions it' }]);
    visiting.add(record);
    for (const text of textsIn(record.body)) {
      const mentioned = byId.get(text);
      if (mentioned && mentioned !== record) visit(mentioned);
    }
    visiting.delete(record);
    ordered.add(record);
  };
  for (const record of records) visit(record);
  return [...ordered];
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object')
    for (const part of Object.values(value)) yield* textsIn(part);
}
