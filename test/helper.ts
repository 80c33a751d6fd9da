/** An app on a database of its own for each test, whose every answer is held against the OpenAPI description. */

import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, InjectOptions } from 'fastify';
import findMyWay from 'find-my-way';
import type { Test } from 'tap';
import { buildApp, type Parts } from '../src/app.ts';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import { formats } from '../src/engine/formats.ts';
import { createKey, type Scope, type WantedKey } from '../src/http/keys.ts';
import { openapiText } from '../src/http/openapi.ts';
import { routeValidators } from '../src/http/schema-controller.ts';
import { freshDatabase, SILENT, type Template } from './databases.ts';

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
const JSON_TYPE = /[/+]json\b/;

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

/** Compiled once a process, for the same reason. */
const validators = routeValidators();

/** Builds an app on a copy of a template; all is closed and removed when the test ends. */
export async function testApp(
  t: Test,
  template: Template = 'empty',
  config: Partial<Parts['config']> = {},
  more: Pick<Parts, 'streams'> = {},
): Promise<TestApp> {
  const url = await freshDatabase(t, template);
  const db = await openDatabase(url);
  const clock = { now: new Date('2026-01-31T12:00:00.000Z') };
  const app = await buildApp({
    config: { ...SILENT, ...config },
    db,
    now: () => clock.now,
    elapsed: () => clock.now.getTime(),
    validators,
    ...more,
  });
  await app.ready();
  // Run in the opposite order of their making.
  t.teardown(async () => {
    await app.close();
    await db.close();
  });
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

type Checker = (method: string, url: string, answer: Answer) => unknown;

/** Checks answers against the OpenAPI description; what it returns says what is wrong. */
function answerChecker(app: FastifyInstance): Checker {
  // Describing takes longer than most tests; a run does it once, before all files.
  const written = process.env.TEST_DESCRIPTION;
  const description = JSON.parse(written ? readFileSync(written, 'utf8') : openapiText(app));
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv, ['uuid', 'date-time', 'uri']);
  for (const [name, { validate }] of Object.entries(formats)) ajv.addFormat(name, validate);
  ajv.addSchema({ $id: 'api', ...description });
  const router = findMyWay({ maxParamLength: 5000 });
  for (const path of Object.keys(description.paths)) {
    router.on('GET', path.replace(/\{(\w+)\}/g, ':$1'), () => undefined, path);
  }
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  const validatorOf = (at: string) => {
    const validate = compiled.get(at) ?? ajv.compile({ $ref: `api#/${at}` });
    compiled.set(at, validate);
    return validate;
  };
  const escaped = (part: string) =>
    part.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return (method, url, { status, headers, body, text }) => {
    const problem = status >= 400;
    const type = String(headers['content-type'] ?? '').split(';')[0];
    if (problem && type !== 'application/problem+json') return `a ${status} of type ${type}`;
    if (problem) {
      const validate = validatorOf('components/schemas/Problem');
      if (!validate(body)) return validate.errors;
    }
    const path = router.find('GET', url.split('?')[0] as string)?.store as string | undefined;
    const operation = path && description.paths[path][method.toLowerCase()];
    if (!operation) return undefined;
    const described = operation.responses[status];
    if (!described) return `${status} is not among the described answers of ${operation.operationId}`;
    if (problem || described.content === undefined) return undefined;
    if (!described.content[type as string]) return `a ${status} of type ${type}`;
    const validate = validatorOf(
      `paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}/content/${escaped(type as string)}/schema`,
    );
    return validate(JSON_TYPE.test(type as string) ? body : text) ? undefined : validate.errors;
  };
}
