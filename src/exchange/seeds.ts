/** Reads `seeds/`: one YAML file a kind, each record with a key, and keys in place of ids. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { importedId } from '../engine/write.ts';
import type { Kind } from '../model/declare.ts';
import { kindNamed, kinds } from '../model/kinds.ts';
import type { BundleRecord, Input, Place } from './import/record.ts';

/** Scheme under which the keys of the seeds are identifiers. */
export const SEED_SCHEME = 'civic-seed';

/** The id of a seeded record. */
export function recordId(kind: Pick<Kind, 'name'>, key: string): string {
  return importedId(kind.name, SEED_SCHEME, key);
}

type Content = Record<string, unknown>;

/** The seeds as an input; they are few, and read whole. */
export function openSeeds(folder: string): Input {
  return {
    fingerprint: folder,
    total: kinds.length,
    read: () => readSeeds(folder),
  };
}

/** Every record of the seeds, as a bundle has them. Throws when a file is not a list of records. */
export function* readSeeds(folder: string): Generator<BundleRecord> {
  for (const kind of kinds.filter(({ kept }) => !kept)) {
    const file = join(folder, `${kind.path}.yaml`);
    const records = parse(readFileSync(file, 'utf8')) as unknown;
    if (!Array.isArray(records)) throw new Error(`${file} is not a list of records`);
    for (const [at, record] of records.entries())
      yield fromSeed(kind, record as Content, { file: `${file} record ${at + 1}`, line: null });
  }
}

function fromSeed(kind: Kind, { key: given, ...fields }: Content, place: Place): BundleRecord {
  const key = String(given ?? citationKey(fields));
  const body: Content = {
    ...fields,
    identifiers: [{ scheme: SEED_SCHEME, identifier: key }, ...((fields.identifiers as object[]) ?? [])],
  };
  if (kind.slugFrom) body.slug = key;
  if (kind.name === 'citation') body.value = valueFromSeed(fields);
  for (const [name, field] of Object.entries(kind.fields)) {
    const to = field.kindField ? String(fields[field.kindField]) : field.to;
    const value = body[name];
    if (value === undefined) continue;
    if (to)
      body[name] = Array.isArray(value)
        ? value.map((one) => recordId({ name: to }, one))
        : recordId({ name: to }, String(value));
    if (field.items && Array.isArray(value))
      body[name] = value.map((item: Content) => itemFromSeed(field.items ?? {}, item));
  }
  return { kind: kind.name, id: recordId(kind, key), body, place };
}

function itemFromSeed(parts: NonNullable<Kind['fields'][string]['items']>, item: Content): Content {
  const reference = (name: string, value: unknown) => {
    const to = parts[name]?.to;
    return to ? recordId(kindNamed(to), String(value)) : value;
  };
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, reference(name, value)]));
}

/** What a source says of a reference is a record's key: its slug, or the id where the kind has none. */
function valueFromSeed({ record_type, field, value }: Content): unknown {
  const to = kindNamed(String(record_type)).fields[String(field).slice(1)]?.to;
  const key = (one: unknown) => (to && !kindNamed(to).slugFrom ? recordId({ name: to }, String(one)) : one);
  return Array.isArray(value) ? value.map(key) : value === undefined ? null : key(value);
}

/** Citations are known by what they cite and where. */
function citationKey({ record_type, record_id, field, source_id, selector }: Content): string {
  return [record_type, record_id, field, source_id, (selector as Content | undefined)?.start].join(':');
}
