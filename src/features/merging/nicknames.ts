/** Given names that one person may bear in turn: everyday forms, and what they stand for. Common in the United States. */

const FORMS: Readonly<Record<string, string>> = {
  alexander: 'alex sandy',
  andrew: 'andy drew',
  anthony: 'tony',
  barbara: 'barb',
  benjamin: 'ben',
  catherine: 'cathy kate katie katherine kathy kathleen',
  charles: 'charlie chuck',
  christopher: 'chris',
  cynthia: 'cindy',
  daniel: 'dan danny',
  david: 'dave',
  deborah: 'deb debbie debra',
  donald: 'don donnie',
  dorothy: 'dottie',
  edward: 'ed eddie ted',
  elizabeth: 'beth betsy betty eliza liz lizzie',
  francis: 'frank',
  frederick: 'fred',
  gerald: 'gerry jerry',
  gregory: 'greg',
  henry: 'hank harry',
  jacob: 'jake',
  james: 'jim jimmy jamie',
  jeffrey: 'jeff',
  jennifer: 'jen jenny',
  john: 'jack johnny',
  jonathan: 'jon',
  joseph: 'joe joey',
  joshua: 'josh',
  kenneth: 'ken kenny',
  lawrence: 'larry',
  leonard: 'len lenny leo',
  margaret: 'maggie meg peggy',
  matthew: 'matt',
  michael: 'mike mickey',
  nathaniel: 'nat nate nathan',
  nicholas: 'nick',
  pamela: 'pam',
  patricia: 'pat patty tricia trish',
  peter: 'pete',
  philip: 'phil phillip',
  rebecca: 'becky',
  richard: 'dick rich rick ricky',
  robert: 'bob bobby rob robbie',
  ronald: 'ron ronnie',
  samuel: 'sam',
  stephen: 'steve steven',
  susan: 'sue susie suzanne',
  theodore: 'ted teddy theo',
  thomas: 'tom tommy',
  timothy: 'tim',
  vincent: 'vince',
  virginia: 'ginny',
  walter: 'walt',
  william: 'bill billy will willie',
};

const whole = new Map<string, string>(
  Object.entries(FORMS).flatMap(([name, forms]) => forms.split(' ').map((form) => [form, name] as const)),
);

/** The given name that an everyday form stands for; a name that is none stands for itself. */
export function wholeGivenName(given: string): string {
  return whole.get(given) ?? given;
}

/** Whether two given names may be one: the same, forms of one name, or the one the beginning of the other (Kim, Kimberly). */
export function mayBeOneGivenName(a: string, b: string): boolean {
  if (wholeGivenName(a) === wholeGivenName(b)) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= SHORTEST && long.startsWith(short);
}

/** Letters of a beginning that can be a form of the name, at least. */
const SHORTEST = 3;
