/**
 * Asking the Legistar Web API (https://webapi.legistar.com/Help), politely: one request at a time, so many a second, and
 * what fails for the time being again later and later.
 */
import { InputError } from '../import/record.ts';

export interface WebSettings {
  /** `https://webapi.legistar.com/v1/CLIENT`. */
  readonly base: string;
  /** What some councils want with each request. */
  readonly token?: string | undefined;
  /** Requests a second at most. */
  readonly rate: number;
  readonly fetch: typeof fetch;
  /** Waits so many milliseconds. */
  readonly wait: (ms: number) => Promise<unknown>;
  /** Milliseconds that never go back. */
  readonly elapsed: () => number;
}

/** How often a request is sent before it counts as refused, and how long is waited after the first time, in milliseconds. */
const TRIES = 6;
const FIRST_WAIT = 1000;
/** Longest wait between two tries, whatever the server asks for. */
const LONGEST_WAIT = 120_000;
/** How long an answer may take, in milliseconds: lists of a large council take half a minute. */
const PATIENCE = 120_000;
/** What is refused one after another before the service counts as down. */
const DOWN = 3;

/** Items of a page: more are never sent. */
export const PAGE = 1000;

/** Answers that may be others later. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A thing that the service does not give, for all that was tried; others it may give. */
export class Refused extends Error {}

export type Parameters = Readonly<Record<string, string | number>>;

export class WebClient {
  readonly #settings: WebSettings;
  #last = Number.NEGATIVE_INFINITY;
  #refused = 0;

  constructor(settings: WebSettings) {
    this.#settings = settings;
  }

  /**
   * What there is at a path, as parsed from JSON; null where there is nothing. Throws `Refused` where it is not given, and
   * an `InputError` where the service is down, or wants a token.
   */
  async get(path: string, parameters: Parameters = {}): Promise<unknown> {
    let why = '';
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      await this.#turn();
      const answer = await this.#ask(path, parameters);
      if ('value' in answer) {
        this.#refused = 0;
        return answer.value;
      }
      why = answer.why;
      if (answer.again === undefined) break;
      if (attempt < TRIES) await this.#settings.wait(Math.min(LONGEST_WAIT, answer.again(attempt)));
    }
    this.#refused += 1;
    const told = `${this.#settings.base}${path} ${why}`;
    if (this.#refused >= DOWN) throw new InputError(`${told}; neither are others given: run it again later`);
    throw new Refused(told);
  }

  /** The items of a list that belongs to one thing, page by page; most are one page. */
  async all(path: string, parameters: Parameters = {}): Promise<unknown[]> {
    const items: unknown[] = [];
    for (;;) {
      const page = listIn(await this.get(path, { ...parameters, $top: PAGE, $skip: items.length }), path);
      // Some lists know nothing of pages, and come whole each time.
      const again = items.length > 0 && JSON.stringify(page[0]) === JSON.stringify(items[0]);
      if (!again) items.push(...page);
      if (again || page.length < PAGE) return items;
    }
  }

  /**
   * A page of a long list, in the order of its ids, those beyond `after`: whatever is written meanwhile, nothing is met
   * twice or passed over, as with pages that are counted.
   */
  async page(path: string, id: string, after: number, filter?: string): Promise<unknown[]> {
    const beyond = `${id} gt ${after}`;
    const $filter = filter === undefined ? beyond : `${beyond} and (${filter})`;
    return listIn(await this.get(path, { $filter, $orderby: `${id} asc`, $top: PAGE }), path);
  }

  /** Waits until the next request may be sent. */
  async #turn(): Promise<void> {
    const { rate, wait, elapsed } = this.#settings;
    const early = this.#last + 1000 / rate - elapsed();
    if (early > 0) await wait(early);
    this.#last = elapsed();
  }

  async #ask(path: string, parameters: Parameters): Promise<Answer> {
    const { base, token, fetch } = this.#settings;
    const url = new URL(base + path);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
    if (token) url.searchParams.set('token', token);
    let status: number;
    let text: string;
    let headers: Headers;
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(PATIENCE),
      });
      ({ status, headers } = response);
      text = await response.text();
    } catch (error) {
      return { why: `cannot be reached: ${reasonOf(error)}`, again: backOff };
    }
    if (status === 401 || status === 403)
      throw new InputError(
        `${base} answers ${status}: it wants ${token ? 'another token' : 'a token'} in LEGISTAR_TOKEN`,
      );
    if (PASSING.has(status)) return { why: `answers ${status}`, again: later(headers.get('retry-after')) };
    if (status === 404) return { value: null };
    if (status !== 200) return { why: `answers ${status}` };
    try {
      return { value: JSON.parse(text) };
    } catch {
      // A proxy in between has pages of its own.
      return { why: 'answers something that is not JSON', again: backOff };
    }
  }
}

/** What came of one request; `again` says how many milliseconds to wait after so many tries. */
type Answer =
  | { readonly value: unknown }
  | { readonly why: string; readonly again?: (attempt: number) => number };

const backOff = (attempt: number) => FIRST_WAIT * 2 ** (attempt - 1);

/** As long as the server asks for, in seconds; its dates are not worth a clock of ours. */
function later(header: string | null): (attempt: number) => number {
  const seconds = Number(header ?? '');
  return (attempt) => Math.max(backOff(attempt), Number.isFinite(seconds) ? seconds * 1000 : 0);
}

function reasonOf(error: unknown): string {
  const { name, cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? message);
}

/** A list as it was sent; null stands for none. */
function listIn(value: unknown, path: string): unknown[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Refused(`${path} is no list`);
  return value;
}
