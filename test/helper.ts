/** An app on a database of its own for each test, whose every answer is held against the OpenAPI description. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, InjectOptions } from 'fastify';
import findMyWay from 'find-my-way';
import type { Test } from 'tap';
import { buildApp } from '../src/app.ts';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import { formats } from '../src/engine/formats.ts';
import { createKey, type Scope } from '../src/http/keys.ts';
import { openapiText } from '../src/http/openapi.ts';
import { makeTemplates, type Template, templateFile } from './templates.ts';

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
  /** Path of the database's file. */
  readonly file: string;
  /** The moment the app takes it to be; tests move it. */
  readonly clock: { now: Date };
  /** Sends a request; `body` goes as JSON. Fails the test when the answer is not as the OpenAPI description says. */
  readonly call: (method: string, url: string, options?: CallOptions) => Promise<Answer>;
  /** Makes a key of this scope. */
  readonly key: (scope: Scope) => Promise<string>;
}

export interface CallOptions {
  readonly body?: unknown;
  /** A raw body, sent as it is. */
  readonly payload?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly key?: string;
  readonly ifMatch?: string;
}

let ownTemplates: Promise<string> | undefined;

/** Folder of the templates: made by the run, or, for a test file run alone, by itself. */
function templates(): Promise<string> {
  const given = process.env.TEST_TEMPLATES;
  ownTemplates ??= (async () => {
    const folder = given ?? mkdtempSync(join(tmpdir(), 'civic-test-'));
    await makeTemplates(folder);
    if (!given) process.on('exit', () => rmSync(folder, { recursive: true }));
    return folder;
  })();
  return ownTemplates;
}

/** Builds an app on a copy of a template; all is closed and removed when the test ends. */
export async function testApp(t: Test, template: Template = 'empty'): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'civic-app-'));
  const file = join(folder, 'test.db');
  copyFileSync(templateFile(await templates(), template), file);
  const db = openDatabase(`sqlite:${file}`);
  const clock = { now: new Date('2026-01-31T12:00:00.000Z') };
  const app = await buildApp({
    config: { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' },
    db,
    now: () => clock.now,
  });
  await app.ready();
  t.teardown(async () => {
    await app.close();
    await db.close();
    rmSync(folder, { recursive: true });
  });
  const check = answerChecker(app);
  return {
    app,
    db,
    file,
    clock,
    call: async (method, url, options = {}) => {
      const answer = await send(app, method, url, options);
      const wrong = check(method, url, answer);
      if (wrong) t.fail(`${method} ${url} answers as described`, { wrong, body: answer.body });
      return answer;
    },
    key: async (scope) =>
      (await createKey(db, clock.now, { name: `${scope} key`, scope, expiresAt: null })).key,
  };
}

async function send(
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
  const json = /json/.test(String(response.headers['content-type'])) && response.body !== '';
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
  const description = JSON.parse(openapiText(app));
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
  return (method, url, { status, headers, body }) => {
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
    const validate = validatorOf(
      `paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`,
    );
    return validate(body) ? undefined : validate.errors;
  };
}
