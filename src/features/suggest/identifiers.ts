/** Numbers of bills, ordinances, resolutions, orders and laws as American bodies write them. */

export interface IdentifierFound {
  readonly start: number;
  readonly end: number;
  readonly printed: string;
  /** Written one way, however it is printed: `S.B. 54` and `Senate Bill 54` are `SB 54`. */
  readonly identifier: string;
  /** Word of the vocabulary `policy_type`. */
  readonly type: string;
  readonly why: string;
  readonly confidence: number;
}

interface Form {
  readonly pattern: RegExp;
  readonly type: string | ((match: RegExpExecArray) => string);
  readonly write: (match: RegExpExecArray) => string;
  readonly why: string;
  readonly confidence?: number;
}

const NO = '(?:no\\.?|number|nos\\.|#)?\\s?';
const form = (source: string, rest: Omit<Form, 'pattern'>, flags = 'giu'): Form => ({
  pattern: new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}]|[.-]\\d)`, flags),
  ...rest,
});

const CHAMBERS: Readonly<Record<string, string>> = { senate: 'S', assembly: 'A', house: 'H' };
/** What the letters before a state’s or the nation’s measures mean, by how they end. */
const typeOfLetters = (letters: string): string => {
  if (/^[HSA]?JR$/.test(letters)) return 'joint_resolution';
  if (/^[HSA]?CR$/.test(letters) || /CONRES$/.test(letters)) return 'concurrent_resolution';
  if (/^(?:HRES|SRES|SR|AR)$/.test(letters)) return 'resolution';
  if (/JRES$/.test(letters)) return 'joint_resolution';
  return letters === 'SCA' || letters === 'ACA' ? 'constitutional_amendment' : 'bill';
};
const lettersOf = (printed = '') => printed.toUpperCase().replace(/[^A-Z]/g, '');
const FEDERAL: Readonly<Record<string, string>> = {
  HR: 'H.R.',
  S: 'S.',
  HRES: 'H.Res.',
  SRES: 'S.Res.',
  HJRES: 'H.J.Res.',
  SJRES: 'S.J.Res.',
  HCONRES: 'H.Con.Res.',
  SCONRES: 'S.Con.Res.',
};

const FORMS: readonly Form[] = [
  form(`council file\\s${NO}(\\d{2}-\\d{4}(?:-s\\d{1,3})?)`, {
    type: 'other',
    write: ([, n]) => `Council File ${n?.toUpperCase()}`,
    why: 'a council file number',
  }),
  form(`(?:introduction|intro\\.?|int\\.?)\\s${NO}(\\d{1,4}(?:-\\d{4})?(?:-[a-z])?)`, {
    type: 'bill',
    write: ([, n]) => `Int ${n?.toUpperCase()}`,
    why: 'a number of introduction, as in New York City',
  }),
  form(`local law\\s${NO}(\\d{1,4})(?: of (\\d{4}))?`, {
    type: 'ordinance',
    write: ([, n, year]) => `Local Law ${n}${year ? ` of ${year}` : ''}`,
    why: 'the number of a local law',
  }),
  form(`ordinance\\s${NO}(\\d[\\d.,-]{0,18}\\d|\\d)`, {
    type: 'ordinance',
    write: ([, n]) => `Ordinance No. ${n}`,
    why: 'the number of an ordinance',
  }),
  form(`(?:resolution|res\\.?)\\s${NO}(\\d{1,6}(?:-\\d{1,6})?(?:-[a-z])?)`, {
    type: 'resolution',
    write: ([, n]) => `Resolution ${n}`,
    why: 'the number of a resolution',
  }),
  form(`(?:executive order|e\\.o\\.)\\s${NO}([a-z]{0,2}-?\\d{1,6}(?:-\\d{1,4})?)`, {
    type: 'executive_order',
    write: ([, n]) => `Executive Order ${n}`,
    why: 'the number of an executive order',
  }),
  form(`executive directive\\s${NO}(\\d{1,4})`, {
    type: 'executive_directive',
    write: ([, n]) => `Executive Directive ${n}`,
    why: 'the number of an executive directive',
  }),
  form(
    `prop(?:osition|\\.)\\s${NO}(\\d{1,4}|[a-z]{1,3})`,
    {
      type: 'initiative',
      write: ([, n]) => `Proposition ${n?.toUpperCase()}`,
      why: 'the number of a ballot proposition',
    },
    'gu',
  ),
  form(
    `Prop(?:osition|\\.)\\s${NO}(\\d{1,4}|[A-Z]{1,3})`,
    { type: 'initiative', write: ([, n]) => `Proposition ${n}`, why: 'the number of a ballot proposition' },
    'gu',
  ),
  form(
    `Measure\\s(\\d{1,4}|[A-Z]{1,4})`,
    {
      type: 'initiative',
      write: ([, n]) => `Measure ${n}`,
      why: 'the letters of a ballot measure',
      confidence: 0.7,
    },
    'gu',
  ),
  form(`(?:public law|pub\\. ?l\\.)\\s${NO}(\\d{1,3}-\\d{1,4})`, {
    type: 'statute',
    write: ([, n]) => `Public Law ${n}`,
    why: 'the number of a federal law',
  }),
  form('(\\d{1,2}) U\\.?S\\.?C\\.? (?:§+ ?)?(\\d{1,5}[a-z]?)', {
    type: 'code',
    write: ([, title, section]) => `${title} U.S.C. § ${section}`,
    why: 'a section of the United States Code',
  }),
  form(
    '(H\\. ?R\\.|H\\. ?Res\\.|S\\. ?Res\\.|H\\. ?J\\. ?Res\\.|S\\. ?J\\. ?Res\\.|H\\. ?Con\\. ?Res\\.|S\\. ?Con\\. ?Res\\.|S\\.) ?(\\d{1,5})',
    {
      type: ([, letters]) => typeOfLetters(lettersOf(letters)),
      write: ([, letters, n]) => `${FEDERAL[lettersOf(letters)] ?? letters} ${n}`,
      why: 'the number of a measure in Congress',
    },
    'gu',
  ),
  form('(senate|assembly|house) (bill|joint resolution|concurrent resolution)\\s(?:no\\. )?(\\d{1,5})', {
    type: ([, , what = '']) => what.toLowerCase().replace(' ', '_'),
    write: ([, chamber = '', what = '', n]) =>
      `${CHAMBERS[chamber.toLowerCase()]}${what.toLowerCase() === 'bill' ? 'B' : what.toLowerCase().startsWith('joint') ? 'JR' : 'CR'} ${n}`,
    why: 'the number of a measure in a legislature',
  }),
  form(
    '((?:[SAH]\\.?B|[SAH]\\.?F|[SAH]\\.?[JC]\\.?R|[SA]\\.?R|HR|[SA]\\.?C\\.?A|L\\.?D|L\\.?B)\\.?)[ -]?(\\d{1,5})',
    {
      type: ([, letters]) => typeOfLetters(lettersOf(letters)),
      write: ([, letters, n]) => `${lettersOf(letters)} ${n}`,
      why: 'letters and number of a measure in a legislature',
      confidence: 0.85,
    },
    'gu',
  ),
];

/** Every number of a policy in a text, in order. */
export function identifiersOf(text: string): IdentifierFound[] {
  const found: IdentifierFound[] = [];
  for (const { pattern, type, write, why, confidence = 0.9 } of FORMS) {
    for (const match of text.matchAll(pattern)) {
      found.push({
        start: match.index,
        end: match.index + match[0].length,
        printed: match[0],
        identifier: write(match),
        type: typeof type === 'string' ? type : type(match),
        why,
        confidence,
      });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let past = -1;
  return found.filter(({ start, end }) => {
    if (start < past) return false;
    past = end;
    return true;
  });
}
