/** How a person’s offices are reached. Where a person lives is nobody’s business: only offices known as such enter. */
import type { Office, Person } from './shapes.ts';

interface Contact {
  readonly type: string;
  readonly value: string;
  readonly label?: string;
}

/** The offices that enter, and what they are called. */
const OFFICES: Readonly<Record<string, string>> = {
  capitol: 'Capitol office',
  district: 'District office',
  'district-mail': 'District office, mail',
  primary: 'Office',
};

const HOME = /\b(home|residen\w*|private|personal)\b/i;

const WAYS = ['address', 'voice', 'fax', 'email'] as const;

/** The contacts of a person, and for each office that does not enter why not. */
export function contactsOf({ email, offices }: Pick<Person, 'email' | 'offices'>): {
  readonly contacts: Contact[];
  readonly left: string[];
} {
  const contacts: Contact[] = email ? [{ type: 'email', value: email }] : [];
  const left: string[] = [];
  for (const office of offices ?? []) {
    const label = labelOf(office);
    if (label === undefined) {
      // What it says stays out of the report, too.
      left.push(`an office '${office.classification ?? ''}' that may be a home`);
      continue;
    }
    for (const type of WAYS) {
      const value = office[type];
      if (value) contacts.push({ type, value, label });
    }
  }
  return { contacts, left };
}

function labelOf({ classification, name }: Office): string | undefined {
  const known =
    classification && Object.hasOwn(OFFICES, classification) ? OFFICES[classification] : undefined;
  if (known === undefined || HOME.test(name ?? '')) return undefined;
  return name || known;
}
