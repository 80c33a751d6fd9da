import { vocabulary } from './declare.ts';

/** Instruments: the bill classifications of Open Civic Data where they fit, the rest our own. */
export const policyType = vocabulary('policy_type', 'What kind of instrument a policy is.', {
  bill: 'A proposed statute before a legislature.',
  ordinance: 'A local law made by a council or board, whether proposed or in force.',
  resolution: 'A formal decision or opinion of one body, usually without the force of general law.',
  joint_resolution: 'A resolution that both chambers pass and that may have the force of law.',
  concurrent_resolution: 'A resolution that both chambers agree to but that does not go to the executive.',
  executive_order: 'A binding, usually numbered order issued by a chief executive.',
  executive_directive: 'An instruction from a chief executive to the departments under them.',
  proclamation: 'A public announcement by an executive, such as a state of emergency or a day of observance.',
  memorandum: 'A written instruction or guidance from one office to others.',
  statute: 'A law already enacted by a legislature.',
  code: 'A body of law arranged by subject, or a title or section of one.',
  constitution: 'The founding law of a country or state.',
  constitutional_amendment: 'A proposed or adopted change to a constitution.',
  charter: 'The founding law of a city, county or district.',
  regulation: 'A binding norm made by an agency under powers given by a statute.',
  rule: 'A rule that a body sets for its own procedure or administration.',
  board_policy: 'A standing policy adopted by a school board or other governing board.',
  administrative_practice: 'A way of working that an agency follows without a formal instrument.',
  pledge: 'A public commitment by an official or body to do or not to do something.',
  motion: 'A proposal put to a body for decision, not in the form of a bill or resolution.',
  initiative: 'A measure put on the ballot by petition of the voters.',
  referendum: 'A question that a body, or a petition against a law, refers to the voters.',
  petition: 'A written request from members of the public to a body or office.',
  nomination: 'The naming of a person for an office that needs confirmation.',
  appointment: 'The placing of a person in an office or on a body.',
  contract: 'An agreement to be entered into, amended or approved by a government.',
  budget: 'A plan of revenue and spending for a period, or an appropriation under one.',
  order: 'A command of a body, court or officer that is none of the executive instruments above.',
  land_use_application: 'A request for a zoning change, permit or other decision about a site.',
  communication: 'A letter, report or notice received and filed by a body.',
  other: 'An instrument of some other kind; see `type_raw`.',
});

/** Where a policy stands; our own words, matched to the sources' own, which stay in `status_raw`. */
export const policyStatus = vocabulary('policy_status', 'Where a policy stands.', {
  announced: 'Made known in public, with no text filed yet.',
  draft: 'A text exists but has not been filed.',
  filed: 'Lodged with the clerk or secretary, not yet before the body.',
  introduced: 'Formally put before the body.',
  in_committee: 'Being considered by a committee.',
  reported: 'Sent back to the full body by its committee.',
  on_agenda: 'Scheduled for a meeting of the body that decides.',
  passed_one_chamber: 'Passed by one of two chambers.',
  passed: 'Passed by every chamber or body whose vote it needs.',
  sent_to_executive: 'Before the executive for signature or veto.',
  signed: 'Signed by the executive.',
  enacted: 'Has become law, with or without a signature.',
  adopted: 'Agreed to in final form by a body whose decision needs no one else, as a resolution is.',
  effective: 'In force.',
  vetoed: 'Rejected by the executive, and the veto stands or is still open to override.',
  veto_overridden: 'Vetoed, then passed again over the veto.',
  failed: 'Voted down, or dead for want of enough votes.',
  tabled: 'Set aside by the body without a final decision.',
  withdrawn: 'Taken back by its sponsor or issuer.',
  carried_over: 'Held for a later session that may take it up again.',
  superseded: 'Overtaken by a later instrument on the same matter.',
  amended: 'In force, but changed since by another instrument.',
  repealed: 'Ended by a later instrument.',
  expired: 'Ended by its own terms or with the end of the session.',
  enjoined: 'Blocked by a court for the time being.',
  struck_down: 'Held invalid by a court.',
  unknown: 'The sources do not say where it stands.',
});

/** How a coded value was arrived at; our own. */
export const basis = vocabulary('basis', 'How a coded value came to be known.', {
  stated: 'The source says so in terms.',
  derived: 'Worked out by rule from other facts in the record or its source.',
  editor: 'Judged by a person who read the source.',
});

/** Words come from Open Civic Data (and Open States, which continues it) plus the last nine of our own. */
export const actionClassification = vocabulary(
  'action_classification',
  'What a step in the life of a policy amounts to.',
  {
    filing: 'Lodged with the clerk or secretary.',
    introduction: 'Formally put before the body.',
    enrolled: 'Prepared in the final form agreed by every chamber.',
    'reading-1': 'Read for the first time.',
    'reading-2': 'Read for the second time.',
    'reading-3': 'Read for the third time.',
    passage: 'Passed by a chamber or body.',
    'informal-passage': 'Passed at a stage that is not the final vote, such as a committee of the whole.',
    failure: 'Voted down by a chamber or body.',
    withdrawal: 'Taken back by its sponsor or issuer.',
    substitution: 'Its whole text replaced by another.',
    'amendment-introduction': 'An amendment was offered.',
    'amendment-passage': 'An amendment was agreed to.',
    'amendment-withdrawal': 'An amendment was taken back.',
    'amendment-failure': 'An amendment was voted down.',
    'amendment-amendment': 'An amendment was itself amended.',
    'amendment-deferral': 'An amendment was put off or tabled.',
    'committee-passage': 'Passed by a committee, with no recommendation known.',
    'committee-passage-favorable': 'Passed by a committee that recommends it.',
    'committee-passage-unfavorable': 'Sent on by a committee that recommends against it.',
    'committee-failure': 'Voted down in committee.',
    'executive-receipt': 'Received by the executive for signature or veto.',
    'executive-signature': 'Signed by the executive.',
    'executive-veto': 'Vetoed as a whole by the executive.',
    'executive-veto-line-item': 'Vetoed in part by the executive.',
    'became-law': 'Became law, with or without a signature.',
    'veto-override-passage': 'A vote to override the veto succeeded.',
    'veto-override-failure': 'A vote to override the veto failed.',
    deferral: 'Put off, continued or tabled.',
    receipt: 'Received from another chamber or body.',
    referral: 'Sent to a body or office that is not known to be a committee.',
    'referral-committee': 'Sent to a committee.',
    'hearing-held': 'A hearing on it was held.',
    'work-session': 'Discussed in a working session without public testimony.',
    sponsorship: 'A sponsor was added or taken off.',
    'carried-over': 'Held for a later session.',
    'reported-out-of-committee': 'Sent back to the full body by a committee.',
    concurrence: 'One chamber agreed to the changes made by the other.',
    drafting: 'A text was asked for, written or revised before filing.',
    scheduling: 'Put on the agenda of a coming meeting or hearing.',
    'executive-issuance': 'Issued by an executive on their own authority.',
    publication: 'Printed in an official gazette, register or newspaper.',
    effective: 'Came into force.',
    expiration: 'Ended by its own terms or with the end of the session.',
    rescission: 'Revoked by the body or office that made it, or by its successor.',
    'court-ruling': 'A court decided something about it.',
    codification: 'Placed in a code of laws.',
  },
);

/** Popolo and Open Civic Data, plus `present` and `recused` of our own. */
export const voteOption = vocabulary('vote_option', 'How a member voted, or why no vote was counted.', {
  yes: 'Voted for the motion.',
  no: 'Voted against the motion.',
  abstain: 'Took part but chose neither side.',
  absent: 'Was not there, with no excuse recorded.',
  excused: 'Was not there, with leave.',
  not_voting: 'Is recorded as not voting, whether there or not.',
  present: 'Answered “present” in place of yes or no.',
  paired: 'Agreed with a member of the other side that neither vote would count.',
  recused: 'Stood aside from the matter, as for a conflict of interest.',
  other: 'Some other response; see `option_raw`.',
});

/** Our own. */
export const voteReason = vocabulary('vote_reason', 'The recorded reason for not voting.', {
  medical: 'Illness or medical care.',
  parental: 'Parental leave.',
  bereavement: 'A death in the family.',
  conflict: 'A conflict of interest.',
  jury_duty: 'Service on a jury.',
  suspended: 'Suspension from the body.',
  other: 'Some other recorded reason.',
});

/** Our own. */
export const voteMethod = vocabulary('vote_method', 'How a vote was taken.', {
  roll_call: 'Each member’s vote was recorded by name.',
  voice: 'Called aloud together, without individual votes recorded.',
  consent: 'Agreed to without objection, alone or on a consent calendar.',
  unknown: 'The source does not say how.',
});

/** Open Civic Data. */
export const result = vocabulary('result', 'How a vote or step came out.', {
  pass: 'The motion carried.',
  fail: 'The motion was lost.',
});

/** Our own, after the division types of Open Civic Data identifiers. */
export const jurisdictionClassification = vocabulary(
  'jurisdiction_classification',
  'What kind of place a jurisdiction is.',
  {
    country: 'A sovereign country.',
    state: 'A state or province of a country.',
    territory: 'A dependent territory or a federal district.',
    tribal: 'A tribal nation.',
    county: 'A county, parish or borough of a state.',
    municipality: 'A city, town or village.',
    school_district: 'A district that runs public schools.',
    special_district: 'A district with one purpose, such as water or transit.',
  },
);

/** Popolo and Open Civic Data where they have a word, the rest our own. */
export const organizationClassification = vocabulary(
  'organization_classification',
  'What kind of body an organization is.',
  {
    legislature: 'The lawmaking body of a country, state or territory, as a whole.',
    upper: 'The upper chamber of a legislature.',
    lower: 'The lower chamber of a legislature.',
    council: 'The governing body of a city, county or tribe.',
    school_board: 'The governing body of a school district.',
    executive: 'The executive branch as a whole, or its head.',
    office: 'The office of one official, such as a mayor, clerk or controller.',
    committee: 'A committee of a larger body.',
    subcommittee: 'A part of a committee.',
    commission: 'An appointed body with powers or advice of its own.',
    agency: 'A public agency that is not a department.',
    department: 'A department of the executive.',
    judiciary: 'A court or the courts together.',
    party: 'A political party.',
    caucus: 'A group of members within a body.',
    corporation: 'A company, public or private.',
    other: 'A body of some other kind.',
  },
);

/** Our own. */
export const membershipStanding = vocabulary(
  'membership_standing',
  'On what footing a person is in an office.',
  {
    elect: 'Elected, and not yet in office.',
    designate: 'Chosen by appointment, and not yet in office.',
    nominee: 'Nominated, and waiting for confirmation.',
    acting: 'Filling the office for the time being.',
    holding: 'In office in their own right.',
    former: 'No longer in office.',
  },
);

/** Our own. */
export const endReason = vocabulary('end_reason', 'Why a membership ended.', {
  term_end: 'The term ran out.',
  resigned: 'The holder stepped down.',
  died: 'The holder died in office.',
  removed: 'The holder was removed by a body, a court or a superior.',
  recalled: 'The voters recalled the holder.',
  appointed_elsewhere: 'The holder left to take another office.',
  other: 'Some other reason.',
});

/** `primary` and `cosponsor` as commonly used with Open Civic Data, the rest our own. */
export const sponsorshipClassification = vocabulary(
  'sponsorship_classification',
  'In what role someone backs a policy.',
  {
    primary: 'Its main sponsor.',
    author: 'Wrote it, or is named as its author.',
    cosponsor: 'Added their name to another’s proposal.',
    joint: 'Sponsors it together with others of equal rank.',
    by_request: 'Introduced it at the request of someone else.',
    committee: 'A committee that introduced it as a body.',
  },
);

/** `replaces`, `companion` and `prior_session` from Open Civic Data, the rest our own. */
export const relationType = vocabulary('relation_type', 'What the subject policy is to the object policy.', {
  amends: 'The subject changes part of the object.',
  repeals: 'The subject ends the object as law.',
  replaces: 'The subject takes the place of the object as the same proposal or instrument.',
  supersedes: 'The subject prevails over the object on the same matter, without repealing it.',
  codifies: 'The subject writes into permanent law what the object set out.',
  implements: 'The subject carries the object out.',
  enables: 'The subject gives the power that the object rests on.',
  funds: 'The subject pays for the object.',
  extends: 'The subject keeps the object going for longer.',
  suspends: 'The subject stops the object for a time.',
  rescinds: 'The subject takes the object back, by its own maker or a successor.',
  companion: 'The two are the same proposal in different chambers or forms.',
  prior_session: 'The object is the same proposal in an earlier session.',
  substitutes: 'The subject was offered in place of the object’s text.',
  part_of: 'The subject is one part of the object.',
  cites: 'The subject refers to the object.',
  responds_to: 'The subject was made in answer to the object.',
  modelled_on: 'The subject takes its text or design from the object.',
  similar_to: 'The two do much the same thing, with no known link between them.',
  conflicts_with: 'The two cannot both be followed in full.',
  preempts: 'The subject, from a higher level of government, overrides the object.',
  challenges: 'The subject contests the object’s validity or asks for its undoing.',
  related: 'The two have to do with one another in some other way.',
});

/** The name of each relation as seen from the object’s end. */
export const relationInverse: { readonly [word in keyof typeof relationType.words]: string } = {
  amends: 'amended_by',
  repeals: 'repealed_by',
  replaces: 'replaced_by',
  supersedes: 'superseded_by',
  codifies: 'codified_by',
  implements: 'implemented_by',
  enables: 'enabled_by',
  funds: 'funded_by',
  extends: 'extended_by',
  suspends: 'suspended_by',
  rescinds: 'rescinded_by',
  companion: 'companion',
  prior_session: 'next_session',
  substitutes: 'substituted_by',
  part_of: 'has_part',
  cites: 'cited_by',
  responds_to: 'responded_to_by',
  modelled_on: 'model_for',
  similar_to: 'similar_to',
  conflicts_with: 'conflicts_with',
  preempts: 'preempted_by',
  challenges: 'challenged_by',
  related: 'related',
};

/** Our own, after the stages a text goes through in legislatures and councils. */
export const versionClassification = vocabulary(
  'version_classification',
  'What stage a text of a policy belongs to.',
  {
    draft: 'A text from before filing.',
    filed: 'The text as lodged with the clerk or secretary.',
    introduced: 'The text as put before the body.',
    amendment: 'The text of an amendment by itself.',
    substituted: 'A text that replaced the earlier one as a whole.',
    engrossed: 'The text as passed by one chamber, with its amendments worked in.',
    enrolled: 'The final text agreed by every chamber.',
    adopted: 'The text as adopted by a council, board or other single body, or as issued.',
    became_law: 'The text as enacted.',
    codified: 'The text as placed in a code of laws.',
    consolidated: 'The text in force on a date, with later changes worked in.',
    other: 'A text of some other stage; see `label`.',
  },
);

/** `agenda`, `minutes`, `transcript` and `testimony` from Open Civic Data, the rest our own. */
export const documentClassification = vocabulary('document_classification', 'What an attached document is.', {
  fiscal_note: 'An estimate of cost or revenue.',
  committee_report: 'A committee’s report on a policy.',
  summary: 'A short account of what a policy does.',
  analysis: 'A study of a policy’s law, merits or effects.',
  agenda: 'The list of business for a meeting.',
  minutes: 'The official record of what a meeting did.',
  transcript: 'The words spoken at a meeting or hearing.',
  testimony: 'A statement handed in by a witness or member of the public.',
  veto_message: 'An executive’s reasons for a veto.',
  staff_report: 'A report to the body by its own staff or a department.',
  exhibit: 'A map, table or other paper attached to a policy.',
  other: 'A document of some other kind.',
});

/** Our own. */
export const provisionEffect = vocabulary('provision_effect', 'What a provision does.', {
  prohibits: 'Forbids something.',
  requires: 'Makes something a duty.',
  permits: 'Allows something, or gives the power to do it.',
  limits: 'Allows something only within bounds or on conditions.',
  funds: 'Gives or sets aside money.',
  establishes: 'Creates a body, programme, fund or office.',
  declares: 'States a position, finding or condition.',
  amends: 'Changes another text.',
  repeals: 'Removes another text.',
  other: 'Does something else.',
});

/** Open Civic Data’s event statuses, plus `postponed` of our own. */
export const meetingStatus = vocabulary('meeting_status', 'Whether a meeting is to take place.', {
  tentative: 'Planned, and still open to change.',
  confirmed: 'Set to take place.',
  cancelled: 'Will not take place.',
  postponed: 'Put off to a later date, known or not.',
  passed: 'Its time is over.',
});

/** Our own. */
export const statementKind = vocabulary('statement_kind', 'In what setting a statement was made.', {
  speech: 'An address to an audience.',
  interview: 'Answers to an interviewer.',
  press_release: 'A written release to the press.',
  press_conference: 'Spoken to reporters at a press conference.',
  hearing: 'Said at a hearing or in testimony.',
  debate: 'Said in a debate, on the floor or in a campaign.',
  social_post: 'Posted on a social platform.',
  letter: 'Written in a letter.',
  op_ed: 'Published as an opinion piece under the speaker’s name.',
  explanation_of_vote: 'Given to explain a vote.',
  signing_statement: 'Given on signing a policy.',
  veto_message: 'Given on vetoing a policy.',
  document_text: 'Part of the text of an official document.',
  remark: 'Said in passing or in a setting not recorded.',
  other: 'Made in some other setting.',
});

/** Our own. */
export const textBasis = vocabulary('text_basis', 'Why this wording of a statement was chosen.', {
  official_transcript: 'It is the wording of the official transcript or text.',
  recording: 'It was taken down from a recording.',
  longest_verbatim: 'It is the longest verbatim quotation among the reports.',
  majority: 'It is the wording most independent reports give.',
  editor: 'An editor chose it.',
});

/** Our own. */
export const reportForm = vocabulary('report_form', 'In what form a source printed a statement.', {
  verbatim: 'Quoted in full, word for word.',
  partial: 'Quoted word for word in fragments or with cuts.',
  paraphrase: 'Retold in the reporter’s own words.',
  indirect: 'Given as reported speech (“she said that …”), without quote marks.',
  translation: 'Quoted in another language than it was made in.',
  headline: 'Given only in a headline or caption.',
});

/** Our own. */
export const reportStatus = vocabulary('report_status', 'Whether a source still stands by its report.', {
  live: 'Stands as printed.',
  corrected: 'Stands with a correction by the publisher.',
  retracted: 'Taken back by the publisher.',
  removed: 'No longer found at the source, with no word of why.',
});

/** Our own; computed by rule, which an editor may override. Reports of one publisher, one owner or derived sources count once. */
export const agreement = vocabulary('agreement', 'How far the reports of a statement agree.', {
  unsourced: 'No live report.',
  single_source: 'One live report, counting those that are not independent as one.',
  corroborated:
    'Two or more reports from independent publishers have equal normalised wording, or retell it without giving one.',
  variant: 'Wordings differ, yet share most of their words or contain one another.',
  conflicting: 'Wordings differ more than a variant’s, or reports name different speakers or dates.',
  disputed: 'An editor says, with a reason, that it was not said or not so.',
  misattributed: 'An editor says, with a reason, that someone else said it.',
  retracted: 'Every source took its report back, or an editor says, with a reason, that it was taken back.',
});

/** Our own. */
export const stanceWord = vocabulary('stance', 'What position a statement takes on its target.', {
  support: 'Speaks for the target.',
  oppose: 'Speaks against the target.',
  mixed: 'Speaks for some of the target and against some of it.',
  neutral: 'Takes no side.',
  unclear: 'The position cannot be told from the words.',
});

/** Our own. */
export const stanceRelation = vocabulary('stance_relation', 'How a statement bears on its target.', {
  about: 'The target is its subject.',
  mentions: 'The target is named in passing.',
  responds_to: 'It answers the target.',
  contradicts: 'It says the opposite of the target.',
  repeats: 'It says the same as the target again.',
  promises: 'It commits the speaker to the target or to action on it.',
});

/** Our own. */
export const publisherKind = vocabulary('publisher_kind', 'What kind of publisher this is.', {
  government: 'A government body or official.',
  newspaper: 'A newspaper, in print or online.',
  broadcaster: 'A television or radio station or network.',
  wire: 'A news agency that supplies other outlets.',
  magazine: 'A periodical that is not a newspaper.',
  blog: 'A site run by one person or a small group.',
  social_platform: 'A platform that carries its users’ posts.',
  ngo: 'A non-profit or advocacy group.',
  academic: 'A university, school or scholarly publisher.',
  court: 'A court of law.',
  unknown: 'Not known.',
  other: 'A publisher of some other kind.',
});

/** Our own. */
export const sourceKind = vocabulary('source_kind', 'What kind of material a source is.', {
  official_record: 'A record kept by a government body, such as minutes or a legislative file.',
  transcript: 'A written record of spoken words.',
  video: 'A video recording.',
  audio: 'A sound recording.',
  press_release: 'A release issued to the press.',
  news_article: 'An article by a news outlet’s own staff.',
  wire_story: 'A news agency’s story, wherever it was printed.',
  op_ed: 'An opinion piece or editorial.',
  social_post: 'A post on a social platform.',
  court_filing: 'A paper filed in or issued by a court.',
  database: 'A system that is searched or queried and changes over time.',
  dataset: 'A file of data released as a whole.',
  correspondence: 'A letter or e-mail.',
  other: 'Material of some other kind.',
});

/** Our own. */
export const sourceStatus = vocabulary('source_status', 'What has become of a source since it was read.', {
  live: 'Still there as read.',
  changed: 'Still there with different content.',
  dead: 'No longer there.',
  retracted: 'Taken back by its publisher.',
});

/** Wikidata’s statement ranks. */
export const citationRank = vocabulary('citation_rank', 'How much weight a citation carries.', {
  preferred: 'The best evidence for the value.',
  normal: 'Ordinary evidence.',
  deprecated: 'Known to be wrong or outdated, kept for the record.',
});

/** Our own. */
export const citationMethod = vocabulary('citation_method', 'How a citation was made.', {
  manual: 'By a person reading the source.',
  import: 'By an importer from structured data.',
  ocr: 'By text recognition from page images.',
  speech_to_text: 'By speech recognition from a recording.',
  model: 'By a language model or other statistical extraction.',
});

/** Our own. */
export const linkKind = vocabulary('link_kind', 'What a link leads to.', {
  homepage: 'The subject’s own main site.',
  official_profile: 'A page about the subject on a government site.',
  district_map: 'A map of the district or area.',
  contact_form: 'A form for writing to the subject.',
  biography: 'An account of a person’s life.',
  finance_report: 'A report of campaign or public money.',
  disclosure: 'A statement of interests, gifts or lobbying.',
  campaign: 'A campaign site.',
  social: 'An account on a social platform.',
  legislation: 'A page about a policy in a legislative system.',
  news: 'News coverage.',
  other: 'Something else.',
});

/** Our own. */
export const changeOp = vocabulary('change_op', 'What a write did to a record.', {
  create: 'The record was made.',
  update: 'Its content was changed.',
  delete: 'It was deleted, leaving a tombstone.',
  restore: 'It was brought back after deletion.',
  merge: 'It was joined with another record that proved to be the same.',
});

/** Our own. */
export const topicScheme = vocabulary('topic_scheme', 'Which list of topics a topic comes from.', {
  local: 'Topics of this service.',
  cap: 'Major topics of the Comparative Agendas Project.',
  crs: 'Policy areas and subject terms of the Congressional Research Service.',
});

/** The major topics of the Comparative Agendas Project, by code. */
export const capTopic = vocabulary('cap_topic', 'Major topics of the Comparative Agendas Project.', {
  '1': 'Macroeconomics',
  '2': 'Civil Rights',
  '3': 'Health',
  '4': 'Agriculture',
  '5': 'Labor',
  '6': 'Education',
  '7': 'Environment',
  '8': 'Energy',
  '9': 'Immigration',
  '10': 'Transportation',
  '12': 'Law and Crime',
  '13': 'Social Welfare',
  '14': 'Housing',
  '15': 'Domestic Commerce',
  '16': 'Defense',
  '17': 'Technology',
  '18': 'Foreign Trade',
  '19': 'International Affairs',
  '20': 'Government Operations',
  '21': 'Public Lands',
  '23': 'Culture',
});

export const conflictState = vocabulary('conflict_state', 'Whether a disputed field has been settled.', {
  open: 'Sources differ, and nobody has said which of them are wrong.',
  settled: 'Every citation that differs from what the record holds is marked as wrong (deprecated).',
});

export const conflictBasis = vocabulary(
  'conflict_basis',
  'Why a record holds one of the values its sources give; the first of these that holds.',
  {
    preferred: 'An editor prefers a citation that says so.',
    others_deprecated: 'An editor has marked every citation that differs as wrong.',
    newest: 'The newest source says so.',
    most_publishers: 'More publishers say so than say anything else.',
    undecided: 'Some source says so; nothing decides between it and the others.',
    no_source: 'No live citation says what the record holds.',
  },
);

/** How far an import came. */
export const importStatus = vocabulary('import_status', 'How far an import came.', {
  waiting: 'Received, and to be begun when those before it have ended.',
  running: 'Being read and written.',
  done: 'All of the input was gone through.',
  failed: 'Given up: the error says why; of a strict import nothing was written.',
  interrupted: 'Stopped before its end; run again with the same input it goes on.',
});

/** Every vocabulary, as served at `/v1/vocabularies`. */
export const vocabularies = [
  policyType,
  policyStatus,
  basis,
  actionClassification,
  voteOption,
  voteReason,
  voteMethod,
  result,
  jurisdictionClassification,
  organizationClassification,
  membershipStanding,
  endReason,
  sponsorshipClassification,
  relationType,
  versionClassification,
  documentClassification,
  provisionEffect,
  meetingStatus,
  statementKind,
  textBasis,
  reportForm,
  reportStatus,
  agreement,
  stanceWord,
  stanceRelation,
  publisherKind,
  sourceKind,
  sourceStatus,
  citationRank,
  citationMethod,
  linkKind,
  changeOp,
  topicScheme,
  capTopic,
  conflictState,
  conflictBasis,
  importStatus,
] as const;
