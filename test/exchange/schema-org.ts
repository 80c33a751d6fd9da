/** The vocabulary of schema.org, and whether JSON-LD keeps to it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import jsonld from 'jsonld';

const SCHEMA = 'http://schema.org/';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const RDFS = 'http://www.w3.org/2000/01/rdf-schema#';

/** The statements of the vocabulary: subject → predicate → objects. */
const statements = new Map<string, Map<string, string[]>>();
const file = fileURLToPath(import.meta.resolve('@vocabulary/schema')).replace(/index\.js$/, 'schema.nq');
for (const [, subject = '', predicate = '', object = ''] of readFileSync(file, 'utf8').matchAll(
  /^<([^>]+)> <([^>]+)> <([^>]+)> /gm,
)) {
  const known = statements.get(subject) ?? new Map<string, string[]>();
  known.set(predicate, [...(known.get(predicate) ?? []), object]);
  statements.set(subject, known);
}

const objects = (subject: string, predicate: string) => statements.get(subject)?.get(predicate) ?? [];
const isA = (subject: string, type: string) => objects(subject, `${RDF}type`).includes(type);

/** A class and all above it. */
function upward(type: string): string[] {
  return [type, ...objects(type, `${RDFS}subClassOf`).flatMap(upward)];
}

const own = [...statements.keys()].filter((term) => term.startsWith(SCHEMA));
const classes = own.filter((term) => isA(term, `${RDFS}Class`));
const properties = own.filter((term) => isA(term, `${RDF}Property`));
const dataTypes = new Set(
  classes.filter((type) => upward(type).some((one) => isA(one, `${SCHEMA}DataType`))),
);

/** How many classes and properties the vocabulary has: a check on its reading. */
export const size = { classes: classes.length, properties: properties.length };

/**
 * The context as schema.org publishes it, made from the vocabulary: its terms are the vocabulary’s, and what can only
 * be an address or a date is read as one.
 */
const context = {
  '@context': {
    type: '@type',
    id: '@id',
    '@vocab': SCHEMA,
    schema: SCHEMA,
    ...Object.fromEntries(
      properties.map((term) => {
        const ranges = objects(term, `${SCHEMA}rangeIncludes`).map((range) => range.slice(SCHEMA.length));
        const type = ranges.includes('URL') && !ranges.includes('Text') ? '@id' : undefined;
        const date = ['Date', 'DateTime'].find((one) => ranges.includes(one));
        const read = type ?? (date && `schema:${date}`);
        return [term.slice(SCHEMA.length), { '@id': term, ...(read ? { '@type': read } : {}) }];
      }),
    ),
  },
};

/** Loads the context of schema.org from here, and nothing from anywhere else. */
const documentLoader = async (url: string) => {
  if (url.replace(/\/$/, '') !== 'https://schema.org') throw new Error(`nobody should load ${url}`);
  return { contextUrl: undefined, documentUrl: url, document: context };
};

type Value = Readonly<Record<string, unknown>>;

/** A document expanded, which fails where anything in it would be dropped. */
async function expand(document: object): Promise<Value[]> {
  const options = { documentLoader, safe: true, base: null } as object;
  return (await jsonld.expand(document as never, options)) as Value[];
}

/** What is wrong with a document by the vocabulary: classes and properties that are not of it, or do not belong together. */
export async function faultsOf(document: object): Promise<string[]> {
  return (await expand(document)).flatMap((node) => faultsOfNode(node, undefined));
}

function faultsOfNode(node: Value, of: string | undefined): string[] {
  const types = (node['@type'] ?? []) as string[];
  const above = new Set(types.length > 0 ? types.flatMap(upward) : [`${SCHEMA}Thing`]);
  const faults = types.filter((type) => !classes.includes(type)).map((type) => `${type} is no class`);
  if ('@id' in node && !URL.canParse(String(node['@id'])))
    faults.push(`${node['@id']} is no absolute address`);
  for (const [term, values] of Object.entries(node)) {
    if (term.startsWith('@')) continue;
    // A role stands in for the value of the property that it qualifies, and has that again.
    const qualifies = above.has(`${SCHEMA}Role`) && term === of;
    if (!properties.includes(term)) faults.push(`${term} is no property`);
    else if (!qualifies && !objects(term, `${SCHEMA}domainIncludes`).some((domain) => above.has(domain)))
      faults.push(`${term} is not for ${types.join(' or ') || 'a thing of no class'}`);
    if (objects(term, `${SCHEMA}supersededBy`).length > 0) faults.push(`${term} is superseded`);
    for (const value of values as Value[]) faults.push(...faultsOfValue(value, term));
  }
  return faults;
}

function faultsOfValue(value: Value, term: string): string[] {
  const ranges = objects(term, `${SCHEMA}rangeIncludes`);
  if ('@value' in value) {
    const literal = ranges.some((range) => dataTypes.has(range));
    const faults = literal ? [] : [`${term} takes no text such as ${JSON.stringify(value['@value'])}`];
    const dated = /Date(Time)?$/.test(String(value['@type'] ?? ''));
    const date = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
    if (dated && !date.test(String(value['@value']))) faults.push(`${term}: ${value['@value']} is no date`);
    return faults;
  }
  const types = (value['@type'] ?? []) as string[];
  const above = new Set(types.flatMap(upward));
  const fits = types.length === 0 || above.has(`${SCHEMA}Role`) || ranges.some((range) => above.has(range));
  return [...(fits ? [] : [`${term} takes no ${types.join(' or ')}`]), ...faultsOfNode(value, term)];
}
