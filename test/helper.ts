/** An app for each test, on a database of its own unless it only reads, whose every answer is held against the OpenAPI description. */

import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Test } from 'tap';
import type { Parts } from '../src/app.ts';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import { createKey, type Scope, type WantedKey } from '../src/http/keys.ts';
import { answerChecker, type Checker } from './answer-checker.ts';
import {
  appOver,
  type Ending,
  type Engine,
  engine,
  freshDatabase,
  restorerOf,
  type Template,
} from './databases.ts';
import type { Restorer } from './restoring.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  /** The body as parsed from JSON, or undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read many shapes, and each is held against its schema first
  readonly body: any;
  readonly text: string;
}

export interface TestApp {
  readonly app: FastifyInstance;
  readonly db: Database;
  /** Address of the database. */
  readonly url: string;
  /** The moment the app takes it to be; tests move it. */
  readonly clock: { now: Date };
  /** Sends a request; `body` goes as JSON. Fails the test when the answer is not as the OpenAPI description says. */
  readonly call: (method: string, url: string, options?: CallOptions) => Promise<Answer>;
  /** Makes a key of this scope, limited where that is asked for. */
  readonly key: (scope: Scope, limits?: Partial<WantedKey>) => Promise<string>;
}

/** Types whose bodies are one JSON value. */
export const JSON_TYPE = /[/+]json\b/;

export interface CallOptions {
  readonly body?: unknown;
  /** A raw body, sent as it is. */
  readonly payload?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly key?: string;
  readonly ifMatch?: string;
}

/** Made once a process: the description depends on the code alone. */
let checker: Checker | undefined;

/**
 * An app on what a template holds, gone with the test: one of its own where it has settings of its own, and else one
 * that tests had before it, of this file or another, put back to what it was.
 */
export async function testApp(
  t: Test,
  template: Template = 'empty',
  config: Partial<Parts['config']> = {},
  more: Pick<Parts, 'streams'> = {},
): Promise<TestApp> {
  const usual = Object.keys(config).length + Object.keys(more).length === 0;
  return asked(
    t,
    template,
    await (usual ? borrow(t, template) : openApp(t, await freshDatabase(t, template), config, more)),
  );
}

/** An app of a test's own, which knows nothing of what other tests did: for what a process counts or remembers. */
export async function freshApp(t: Test, template: Template = 'empty'): Promise<TestApp> {
  return asked(t, template, await openApp(t, await freshDatabase(t, template)));
}

/** Lends an app on an empty database for some work: for tests that need many, one after another. */
export async function withApp<T>(t: Test, work: (app: TestApp) => Promise<T>): Promise<T> {
  const { teardown, end } = ending();
  try {
    return await work(asked(t, 'empty', await borrow({ teardown }, 'empty')));
  } finally {
    await end();
  }
}

interface Reusable {
  readonly engine: Engine;
  readonly template: Template;
  readonly opened: Opened;
  readonly restorer: Restorer;
  readonly close: () => Promise<void>;
}

/** Those that tests have given back. */
let idle: Reusable[] = [];

/** Those that tests only read from, one of each engine, whoever else does. */
const readable = new Map<Engine, { readonly opened: Promise<Opened>; readonly close: () => Promise<void> }>();

/** Tests that use an app of either kind. */
let users = 0;
let closing: NodeJS.Timeout | undefined;

/** How long a file that is run by itself keeps its apps for the next test, in milliseconds. */
const KEPT = 500;

/** Closes what no test uses now: the process would not end with them. */
export async function closeIdle(): Promise<void> {
  const these = [...idle, ...readable.values()];
  idle = [];
  readable.clear();
  for (const { close } of these) await close();
}

/** Counts a test among the users of an app until it ends. */
function use(t: Ending, over: () => unknown = () => undefined): void {
  clearTimeout(closing);
  users += 1;
  t.teardown(async () => {
    await over();
    users -= 1;
    // Nobody closes them for a file that is run by itself.
    if (users === 0 && !process.connected) closing = setTimeout(closeIdle, KEPT);
  });
}

async function borrow(t: Ending, template: Template): Promise<Opened> {
  const found = idle.findLast((one) => one.template === template && one.engine === engine);
  idle = idle.filter((one) => one !== found);
  const lent = found ?? (await openReusable(template));
  use(t, () => giveBack(lent));
  return lent.opened;
}

async function openReusable(template: Template): Promise<Reusable> {
  const { teardown, end } = ending();
  const url = await freshDatabase({ teardown }, template);
  const restorer = await restorerOf(url, template);
  teardown(restorer.close);
  const opened = await openApp({ teardown }, url);
  return { engine, template, opened, restorer, close: end };
}

async function giveBack(lent: Reusable): Promise<void> {
  const { app, clock, isSpoilt } = lent.opened;
  if (isSpoilt() || app.server.listening) return lent.close();
  await lent.restorer.restore();
  clock.now = new Date(START);
  // What it has heard of last is no more.
  await app.engine.revisions.look();
  idle.push(lent);
}

/** An end that comes when it is called. */
function ending(): Ending & { readonly end: () => Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    teardown: (end) => void ends.unshift(end),
    end: async () => {
      for (const end of ends) await end();
    },
  };
}

type Opened = Pick<TestApp, 'app' | 'db' | 'url' | 'clock'> & {
  /** Whether a test has closed it, or its database, or put something else in the place of their parts. */
  readonly isSpoilt: () => boolean;
};

/** What the clock of an app begins at. */
const START = '2026-01-31T12:00:00.000Z';

async function openApp(
  t: Ending,
  url: string,
  config: Partial<Parts['config']> = {},
  more: Pick<Parts, 'streams'> = {},
  guard: (db: Database) => Database = (db) => db,
): Promise<Opened> {
  const opened = await openDatabase(url);
  let closed = false;
  const close = () => {
    closed = true;
    return opened.close();
  };
  const db = guard({ ...opened, close });
  const clock = { now: new Date(START) };
  const app = await appOver({
    config,
    db,
    now: () => clock.now,
    elapsed: () => clock.now.getTime(),
    ...more,
  });
  app.addHook('onClose', async () => {
    closed = true;
  });
  await app.ready();
  const parts = [db, app.engine].map((whole) => [whole, { ...whole }] as const);
  const isSpoilt = () => closed || parts.some(([whole, before]) => !isShallowEqual(whole, before));
  // Run in the opposite order of their making.
  t.teardown(async () => {
    await app.close();
    await opened.close();
  });
  return { app, db, url, clock, isSpoilt };
}

function isShallowEqual<T extends object>(one: T, other: T): boolean {
  const names = Object.keys(one) as (keyof T)[];
  return (
    names.length === Object.keys(other).length && names.every((name) => Object.is(one[name], other[name]))
  );
}

/** An app as a test asks it. */
function asked(t: Test, template: Template, { app, db, url, clock }: Opened): TestApp {
  checker ??= answerChecker(app);
  const check = checker;
  const scopes = new Map<string, string>();
  const record = recorder(template);
  return {
    app,
    db,
    url,
    clock,
    call: async (method, url, options = {}) => {
      record({
        method,
        url,
        options: { ...options, key: scopes.get(options.key ?? '') },
        now: clock.now.toISOString(),
      });
      const answer = await send(app, method, url, options);
      const wrong = check(method, url, answer);
      if (wrong) t.fail(`${method} ${url} answers as described`, { wrong, body: answer.body });
      return answer;
    },
    key: async (scope, limits = {}) => {
      const wanted = { name: `${scope} key`, scope, expiresAt: null, ...limits };
      const { key } = await createKey(db, clock.now, wanted);
      scopes.set(key, scope);
      return key;
    },
  };
}

/**
 * An app on the seeds for a test that only reads, which it shares with the others of its process: building one takes
 * longer than most of them. What would write fails, and so does moving its clock.
 */
export async function readingApp(t: Test): Promise<TestApp> {
  use(t);
  const found = readable.get(engine) ?? openReadable();
  readable.set(engine, found);
  const of = engine;
  const opened = await found.opened.catch((error: unknown) => {
    readable.delete(of);
    throw error;
  });
  return asked(t, 'seeded', { ...opened, clock: Object.freeze({ ...opened.clock }) });
}

function openReadable() {
  const { teardown, end } = ending();
  const unwritten = (db: Database) => ({
    ...db,
    write: () => Promise.reject(new Error('a test that only reads was to write')),
  });
  const opened = freshDatabase({ teardown }, 'seeded').then((url) =>
    openApp({ teardown }, url, {}, {}, unwritten),
  );
  return { opened, close: end };
}

/** Writes down what a test asks, for the replay on both engines, when `TEST_RECORD` names a folder. */
function recorder(template: Template): (line: object) => void {
  const folder = process.env.TEST_RECORD;
  if (!folder) return () => undefined;
  const file = join(folder, `${randomUUID()}.ndjson`);
  appendFileSync(file, `${JSON.stringify({ template })}\n`);
  return (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Sends a request as a test describes it. */
export async function send(
  app: FastifyInstance,
  method: string,
  url: string,
  options: CallOptions,
): Promise<Answer> {
  const { body, payload, headers = {}, key, ifMatch } = options;
  const response = await app.inject({
    method: method as 'GET',
    url,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...(ifMatch ? { 'if-match': ifMatch } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    ...(payload === undefined ? {} : { payload }),
  } as InjectOptions);
  const json = JSON_TYPE.test(String(response.headers['content-type'])) && response.body !== '';
  return {
    status: response.statusCode,
    headers: response.headers,
    body: json ? JSON.parse(response.body) : undefined,
    text: response.body,
  };
}
