/**
 * Every kind of record, from places to people to policies to words to evidence. A new kind is one new file and
 * one line here.
 */
import { actions } from './actions.ts';
import { citation } from './citations.ts';
import { conflict } from './conflicts.ts';
import type { Kind } from './declare.ts';
import { documents } from './documents.ts';
import { importRun } from './import-runs.ts';
import { jurisdictions } from './jurisdictions.ts';
import { measures } from './measures.ts';
import { meetings } from './meetings.ts';
import { memberships } from './memberships.ts';
import { officials } from './officials.ts';
import { organizations } from './organizations.ts';
import { policies } from './policies.ts';
import { provisions } from './provisions.ts';
import { publishers } from './publishers.ts';
import { relations } from './relations.ts';
import { sources } from './sources.ts';
import { sponsorships } from './sponsorships.ts';
import { stances } from './stances.ts';
import { statementReports } from './statement-reports.ts';
import { statements } from './statements.ts';
import { topics } from './topics.ts';
import { versions } from './versions.ts';
import { voteEvents, votes } from './vote-events.ts';

const cited: readonly Kind[] = [
  jurisdictions,
  organizations,
  officials,
  memberships,
  topics,
  policies,
  actions,
  measures,
  provisions,
  versions,
  meetings,
  documents,
  sponsorships,
  relations,
  voteEvents,
  publishers,
  sources,
  statements,
  statementReports,
  stances,
];

/** All kinds; those whose rows other kinds refer to come first. */
export const kinds: readonly Kind[] = [...cited, citation(cited), votes, conflict(cited), importRun];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/** The kind with this singular name; a wrong name is a mistake in a declaration. */
export function kindNamed(name: string): Kind {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`no kind is named '${name}'`);
  return found;
}

/** Kinds narrowed to some of another kind's records, under a path of their own, with the narrowing field fixed. */
export const views = [
  {
    path: 'ordinances',
    of: 'policy',
    field: 'type',
    value: 'ordinance',
    title: 'Ordinance',
    exampleKey: 'los-angeles-sanctuary-city-ordinance',
    example: {
      title: 'Ordinance on legal aid for tenants',
      jurisdiction_id: 'los-angeles',
      organization_id: 'los-angeles-city-council',
      status: 'introduced',
      introduced_on: '2024-11',
    },
  },
  {
    path: 'resolutions',
    of: 'policy',
    field: 'type',
    value: 'resolution',
    title: 'Resolution',
    exampleKey: 'lausd-commitment-resolution',
    example: {
      title: 'Resolution on translated school notices',
      jurisdiction_id: 'los-angeles-unified',
      organization_id: 'lausd-board-of-education',
      status: 'introduced',
      introduced_on: '2024-11',
      topics: ['education'],
    },
  },
] as const;
