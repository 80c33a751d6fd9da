/** Which class of schema.org each record is an instance of. */
import type { PublicRecord } from '../../model/declare.ts';
import type {
  jurisdictionClassification,
  organizationClassification,
  publisherKind,
  sourceKind,
} from '../../model/vocabularies.ts';

type Classes<Of extends { readonly words: object }> = { readonly [word in keyof Of['words']]: string };

const places: Classes<typeof jurisdictionClassification> = {
  country: 'Country',
  state: 'State',
  territory: 'AdministrativeArea',
  tribal: 'AdministrativeArea',
  county: 'AdministrativeArea',
  municipality: 'City',
  school_district: 'SchoolDistrict',
  special_district: 'AdministrativeArea',
};

const bodies: Classes<typeof organizationClassification> = {
  legislature: 'GovernmentOrganization',
  upper: 'GovernmentOrganization',
  lower: 'GovernmentOrganization',
  council: 'GovernmentOrganization',
  school_board: 'GovernmentOrganization',
  executive: 'GovernmentOrganization',
  office: 'GovernmentOrganization',
  committee: 'GovernmentOrganization',
  subcommittee: 'GovernmentOrganization',
  commission: 'GovernmentOrganization',
  agency: 'GovernmentOrganization',
  department: 'GovernmentOrganization',
  judiciary: 'GovernmentOrganization',
  party: 'PoliticalParty',
  caucus: 'Organization',
  corporation: 'Corporation',
  other: 'Organization',
};

const publishers: Classes<typeof publisherKind> = {
  government: 'GovernmentOrganization',
  newspaper: 'NewsMediaOrganization',
  broadcaster: 'NewsMediaOrganization',
  wire: 'NewsMediaOrganization',
  magazine: 'NewsMediaOrganization',
  blog: 'Organization',
  social_platform: 'Organization',
  ngo: 'NGO',
  academic: 'Organization',
  court: 'GovernmentOrganization',
  unknown: 'Organization',
  other: 'Organization',
};

const documents: Classes<typeof sourceKind> = {
  official_record: 'CreativeWork',
  transcript: 'CreativeWork',
  video: 'VideoObject',
  audio: 'AudioObject',
  press_release: 'CreativeWork',
  news_article: 'NewsArticle',
  wire_story: 'NewsArticle',
  op_ed: 'OpinionNewsArticle',
  social_post: 'SocialMediaPosting',
  court_filing: 'CreativeWork',
  database: 'Dataset',
  dataset: 'Dataset',
  correspondence: 'CreativeWork',
  other: 'CreativeWork',
};

const word = (classes: Readonly<Record<string, string>>, coded: unknown, otherwise: string) =>
  classes[String(coded)] ?? otherwise;

const classes: Readonly<Record<string, (record: PublicRecord) => string>> = {
  jurisdiction: ({ classification }) => word(places, classification, 'AdministrativeArea'),
  organization: ({ classification }) => word(bodies, classification, 'Organization'),
  official: () => 'Person',
  policy: () => 'Legislation',
  meeting: () => 'Event',
  topic: () => 'DefinedTerm',
  measure: () => 'DefinedTerm',
  statement: () => 'Quotation',
  statement_report: () => 'Quotation',
  source: ({ kind }) => word(documents, kind, 'CreativeWork'),
  publisher: ({ kind }) => word(publishers, kind, 'Organization'),
};

/** The class of a record of this kind, which has to be one that linked data is made of. */
export function classOf(kind: string, record: PublicRecord): string {
  return (classes[kind] as (record: PublicRecord) => string)(record);
}
