/** The formats that can be imported, by name; whatever reads them gives bundle records, and is loaded when it is wanted. */
import type { Input } from './import/record.ts';

export interface Format {
  readonly description: string;
  /** Finds the input at a path; rejects with an `InputError` where there is none that can be read. */
  readonly open: (path: string, options: ReaderOptions) => Promise<Input>;
  /** Whether it can give only what has changed since an instant. */
  readonly since?: boolean;
}

export interface ReaderOptions {
  /** An instant: only what has changed since is wanted. */
  readonly since?: string;
  /** Settings that formats have of their own, as the environment has them. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export const formats: Readonly<Record<string, Format>> = {
  bundle: {
    description: 'a file: NDJSON, one record a line, gzip or not',
    open: async (path) => (await import('./bundle.ts')).openBundle(path),
  },
  'ocd-divisions': {
    description: 'a file or folder of CSV, gzip or not: Open Civic Data division ids, as jurisdictions',
    open: async (path) => (await import('./ocd-divisions/read.ts')).openDivisions(path),
  },
  'openstates-people': {
    description: 'a folder of YAML as in openstates/people: officials, their offices, and committees',
    open: async (path) => (await import('./openstates-people/read.ts')).openPeople(path),
  },
  'open-civic-data': {
    description: 'a folder: the JSON files that scrapers of pupa and Open States write',
    open: async (path) => (await import('./open-civic-data/read.ts')).openOpenCivicData(path),
  },
  'nyc-council': {
    description:
      'a folder as jehiah/nyc_legislation has it: matters, meetings and people of New York City’s council',
    open: async (path, options) => (await import('./nyc-council/read.ts')).openNycCouncil(path, options),
    since: true,
  },
  popolo: {
    description: 'a file or folder of Popolo JSON, gzip or not: people, bodies, offices, motions and votes',
    open: async (path) => (await import('./popolo/read.ts')).openPopolo(path),
  },
  legistar: {
    description:
      'the address of a council in the Legistar Web API, such as https://webapi.legistar.com/v1/seattle',
    open: async (path, options) => (await import('./legistar-web/read.ts')).openLegistar(path, options),
    since: true,
  },
};
