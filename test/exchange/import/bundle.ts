/** Small bundles for tests of imports: a place, its policies and what hangs on them. */
import { Readable } from 'node:stream';
import { readBundle } from '../../../src/exchange/bundle.ts';
import { type Imported, type ImportSettings, importFrom } from '../../../src/exchange/import/import.ts';
import type { TestApp } from '../../helper.ts';

export type Line = Readonly<Record<string, unknown>> | string;

const named = (identifier: string) => ({ scheme: 'x', identifier });

/** A line of a bundle for a record that is called `x:NAME`. */
export const line = (kind: string, name: string, record: object) => ({
  kind,
  record: { ...record, identifiers: [named(name)] },
});

export const place = line('jurisdiction', 'place', { name: 'Place', classification: 'municipality' });
export const policy = (name: string, more: object = {}) =>
  line('policy', name, {
    type: 'ordinance',
    title: name,
    jurisdiction_id: named('place'),
    status: 'introduced',
    ...more,
  });
export const action = (name: string, of: string, more: object = {}) =>
  line('action', name, { policy_id: named(of), description: name, ...more });
export const sponsorship = (name: string, of: string, by: string) =>
  line('sponsorship', name, { policy_id: named(of), name: by, official_id: named(by) });

/** The bytes of a bundle. */
export const bytes = (lines: readonly Line[]) =>
  Buffer.from(lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''));

/** Imports lines, told to be of one input. */
export function importLines(
  { app }: TestApp,
  lines: readonly Line[],
  settings: Partial<ImportSettings> = {},
): Promise<Imported> {
  const input = {
    fingerprint: String(lines.length),
    total: 1,
    read: () => readBundle(Readable.from([bytes(lines)]), 'a.ndjson'),
  };
  return importFrom(app.engine, { actor: 'test', reason: null }, input, {
    importer: 'bundle',
    input: 'a.ndjson',
    strict: false,
    dryRun: false,
    ...settings,
  });
}

/** A signal that tells an import to stop when it asks for more than so many times. */
export function stopping(asks: number): AbortSignal {
  let asked = 0;
  // Of a signal the import asks no more than this.
  return {
    get aborted() {
      asked += 1;
      return asked > asks;
    },
  } as AbortSignal;
}

/** The same once so many pages are written: it is asked at the beginning, for each record and for each page. */
export const stoppingAfter = (pages: number, page: number) => stopping(1 + pages * (page + 1));

/** What came of each kind, without the zeros. */
export const counted = ({ tally }: Imported) =>
  Object.fromEntries(
    [...tally.counts].map(([kind, of]) => [
      kind,
      Object.fromEntries(Object.entries(of).filter(([, count]) => count !== 0)),
    ]),
  );
