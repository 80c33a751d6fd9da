/** What the files of a snapshot hold of each kind: all that anyone may read and that does not depend on the day. */
import type { Field, Kind } from '../../model/declare.ts';
import { kindNamed, kinds } from '../../model/kinds.ts';

/** A column of a kind’s files. */
export interface ExportColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'any' | 'datetime';
  readonly description: string;
  /** Whether every record has a value. */
  readonly filled: boolean;
  /** The field it is; undefined for what every kind has. */
  readonly field?: Field;
}

/** The kinds that have files; what was imported when tells of the service, and stays with it. */
export const exportedKinds: readonly Kind[] = kinds.filter(({ unlogged }) => !unlogged);

/** The kinds of a bundle: those that are written, what others are made from. */
export const bundledKinds: readonly Kind[] = exportedKinds.filter(({ kept }) => !kept);

/** Whether a field is in the files. */
const isOpen = (field: Field) => !field.restricted && !field.attached;

/** Columns of a kind’s files, in the order of its answers; `version` is not among them, as it counts changes made here. */
export function exportColumns(kind: Kind): ExportColumn[] {
  const own = Object.entries(kind.fields).filter(([, field]) => isOpen(field));
  return [
    { name: 'id', type: 'string', description: 'Id.', filled: true },
    ...(kind.slugFrom
      ? [{ name: 'slug', type: 'string', description: 'Readable name.', filled: true } as const]
      : []),
    ...own.map(([name, field]) => ({
      name,
      type: typeOf(field),
      description: field.description,
      filled: field.filled,
      field,
    })),
    ...(kind.kept
      ? []
      : [
          {
            name: 'created_at',
            type: 'datetime',
            description: 'When the record was made here.',
            filled: true,
          } as const,
        ]),
    {
      name: 'updated_at',
      type: 'datetime',
      description: 'When its content last changed here.',
      filled: true,
    },
  ];
}

/** The large fields that are in the files. */
export function openLargeFields(kind: Kind): string[] {
  return Object.keys(kind.fields).filter((name) => {
    const field = kind.fields[name];
    return field?.large && isOpen(field);
  });
}

/** Fields that only some may read, by kind. */
export function hiddenFields(): { kind: string; table: string; fields: string[] }[] {
  return kinds.flatMap(({ name: kind, table, fields }) => {
    const hidden = Object.keys(fields).filter((name) => fields[name]?.restricted);
    return hidden.length > 0 ? [{ kind, table, fields: hidden }] : [];
  });
}

function typeOf({ storage, schema }: Field): ExportColumn['type'] {
  if (storage === 'integer' || storage === 'boolean') return storage;
  if (storage === 'real') return 'number';
  if (storage !== 'json') return 'string';
  const { type } = schema as { type?: string };
  return type === 'array' || type === 'object' ? type : 'any';
}

/** The kind that a column refers to, where its records have files. */
export function refersTo({ field }: ExportColumn): Kind | undefined {
  const to = field?.storage === 'uuid' && field.to ? kindNamed(field.to) : undefined;
  return to && exportedKinds.includes(to) ? to : undefined;
}
