/** Officials whose names may be one person’s, found without comparing all with all: only those that share a key are. */
import { namesAlike, type Reason } from './names-alike.ts';
import { allEnds, endsOf, familyKey, givenKey, type Person } from './people.ts';

/** Two officials with names alike. */
export interface Pair {
  readonly a: Person;
  readonly b: Person;
  readonly name: Reason;
}

/** Officials that share a key and are compared with each other, at most. */
export const MOST_TOGETHER = 500;

/** A key that too many share. */
export interface TooMany {
  readonly key: string;
  readonly count: number;
}

/** How often names are borne. */
export interface Frequencies {
  readonly people: number;
  readonly given: ReadonlyMap<string, number>;
  readonly family: ReadonlyMap<string, number>;
}

/** An official and all its keys, in order. */
interface Keyed {
  readonly person: Person;
  readonly keys: readonly string[];
}

/** Officials gathered by the keys of their names. */
export class Blocks {
  readonly #byKey = new Map<string, Keyed[]>();
  readonly #given = new Map<string, number>();
  readonly #family = new Map<string, number>();
  #people = 0;

  add(person: Person): void {
    const own = endsOf(person.words);
    this.#people += 1;
    count(this.#given, own.given);
    count(this.#family, own.family);
    const keys = [...new Set([...allEnds(person).map(familyKey), givenKey(own)])].sort();
    const keyed = { person, keys };
    for (const key of keys) {
      const there = this.#byKey.get(key);
      if (there) there.push(keyed);
      else this.#byKey.set(key, [keyed]);
    }
  }

  get frequencies(): Frequencies {
    return { people: this.#people, given: this.#given, family: this.#family };
  }

  /** Every pair of names that are alike, once; `onTooMany` hears of keys whose officials are not compared. */
  *pairs(onTooMany: (found: TooMany) => void): Generator<Pair> {
    for (const [key, block] of this.#byKey) {
      if (block.length > MOST_TOGETHER) {
        onTooMany({ key, count: block.length });
        continue;
      }
      for (const [at, one] of block.entries()) {
        for (const other of block.slice(at + 1)) {
          const name = this.#isMetHere(key, one, other) && namesAlike(one.person, other.person);
          if (name) yield { a: one.person, b: other.person, name };
        }
      }
    }
  }

  /** Whether this is the first of the keys two share, of those under which officials are compared. */
  #isMetHere(key: string, { keys }: Keyed, other: Keyed): boolean {
    const first = keys.find(
      (one) => other.keys.includes(one) && (this.#byKey.get(one)?.length ?? 0) <= MOST_TOGETHER,
    );
    return first === key;
  }
}

function count(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
