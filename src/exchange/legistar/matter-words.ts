/** What kind of matter something is and where it stands, in our words; the source's own stand beside them. */

/** By MatterTypeName in lower case. */
const TYPES: Readonly<Record<string, string>> = {
  introduction: 'ordinance',
  ordinance: 'ordinance',
  'local law': 'ordinance',
  'council bill': 'ordinance',
  'council bill (cb)': 'ordinance',
  'ordinance (ord)': 'ordinance',
  bill: 'bill',
  resolution: 'resolution',
  'resolution (res)': 'resolution',
  // A resolution on a bill of the state's legislature.
  slr: 'resolution',
  'land use application': 'land_use_application',
  'land use call-up': 'land_use_application',
  'zoning application': 'land_use_application',
  "mayor's message": 'communication',
  communication: 'communication',
  'report or communication': 'communication',
  'informational report': 'communication',
  petition: 'petition',
  'commissioner of deeds': 'appointment',
  appointment: 'appointment',
  'appointment (appt)': 'appointment',
  nomination: 'nomination',
  motion: 'motion',
  order: 'order',
  proclamation: 'proclamation',
  contract: 'contract',
  agreement: 'contract',
  budget: 'budget',
  'charter amendment': 'charter',
};

/** The type of a policy, `other` for one that is neither ordinance nor resolution nor anything else we have a word for. */
export function typeOf(name: string | null): string {
  return wordIn(TYPES, name) ?? 'other';
}

/** By MatterStatusName in lower case. */
const STATUSES: Readonly<Record<string, string>> = {
  introduced: 'introduced',
  committee: 'in_committee',
  'in committee': 'in_committee',
  referred: 'in_committee',
  'laid over in committee': 'in_committee',
  'laid over in subcommittee': 'in_committee',
  subcommittee: 'in_committee',
  'amended in committee': 'in_committee',
  'hearing held by committee': 'in_committee',
  'reported from committee': 'reported',
  'general orders calendar': 'on_agenda',
  'agenda ready': 'on_agenda',
  'on agenda': 'on_agenda',
  'laid over': 'tabled',
  'laid over in council': 'tabled',
  tabled: 'tabled',
  deferred: 'tabled',
  passed: 'passed',
  approved: 'passed',
  'passed by council': 'passed',
  "mayor's desk": 'sent_to_executive',
  'sent to mayor': 'sent_to_executive',
  signed: 'signed',
  enacted: 'enacted',
  "enacted (mayor's desk for signature)": 'sent_to_executive',
  'city charter rule adopted': 'enacted',
  adopted: 'adopted',
  vetoed: 'vetoed',
  'vetoed by mayor': 'vetoed',
  'veto overridden': 'veto_overridden',
  disapproved: 'failed',
  defeated: 'failed',
  failed: 'failed',
  'failed to pass': 'failed',
  withdrawn: 'withdrawn',
  filed: 'filed',
  'received, ordered, printed and filed': 'filed',
  'filed (end of session)': 'expired',
  expired: 'expired',
  superseded: 'superseded',
  repealed: 'repealed',
  'held over': 'carried_over',
  'carried over': 'carried_over',
};

/** Where a policy stands; null for words that are not known. */
export function statusOf(name: string | null): string | null {
  return wordIn(STATUSES, name) ?? null;
}

/** Standings that a matter does not leave by itself. */
export const FINAL = new Set(['enacted', 'adopted', 'failed', 'withdrawn', 'filed', 'expired']);

function wordIn(words: Readonly<Record<string, string>>, name: string | null): string | undefined {
  const folded = (name ?? '').replace(/\s+/g, ' ').trim().toLowerCase();
  return Object.hasOwn(words, folded) ? words[folded] : undefined;
}
