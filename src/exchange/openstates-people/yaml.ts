/** YAML as these files are written, every scalar a text: `01996` is an identifier and no number, `2022-12-05` a date as it stands. */
import { FAILSAFE_SCHEMA, load, nullCoreTag, type YAMLException } from 'js-yaml';
import type { Fault } from '../../errors.ts';

/** Texts, lists and maps, and null where nothing stands. */
const TEXTS = FAILSAFE_SCHEMA.withTags(nullCoreTag);

/** What is wrong with a text as YAML, and on which line. */
export interface NoYaml {
  readonly fault: Fault;
  readonly line: number | null;
}

/** What a text holds, or what is wrong with it. */
export function parseYaml(text: string): { readonly data: unknown } | NoYaml {
  try {
    return { data: load(text, { schema: TEXTS }) };
  } catch (error) {
    // The parser may fail on hostile input with errors of other classes, too.
    const { message, reason = message, mark } = error as YAMLException;
    return { fault: { pointer: '', message: `is not YAML: ${reason}` }, line: mark ? mark.line + 1 : null };
  }
}
