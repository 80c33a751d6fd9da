/**
 * The replay, `npm run drill:replay`: the same requests go to both engines on the same data, and every answer must
 * be the same to the byte, the request's own id aside. Requests are made from the OpenAPI description (reads of
 * everything, valid and not), from the kinds' samples (writes, right and spoiled), and taken from the tests.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/app.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import { copyDatabase } from '../../src/exchange/copy.ts';
import { createKey, type Scope, scopes } from '../../src/http/keys.ts';
import { openapiText } from '../../src/http/openapi.ts';
import { resources } from '../../src/http/resource.ts';
import {
  administer,
  makePostgresTemplates,
  makeSqliteTemplates,
  SILENT,
  type Template,
} from '../databases.ts';
import { type CallOptions, send } from '../helper.ts';
import { startPostgres, urlOf } from '../postgres.ts';
import { numbers, readRequests, spoiled } from './requests.ts';

const START = '2026-01-31T12:00:00.000Z';
const folder = mkdtempSync(join(tmpdir(), 'civic-replay-'));
const server = await startPostgres();
const tally = { requests: 0, different: 0 };

/** One engine's half of a replay: ids and times come from counters, so that both halves make the same ones. */
interface Half {
  readonly app: FastifyInstance;
  readonly db: Database;
  readonly keys: ReadonlyMap<string, string>;
  readonly clock: { now: Date };
}

async function half(url: string): Promise<Half> {
  const db = await openDatabase(url);
  const clock = { now: new Date(START) };
  let made = 0;
  const newId = () => {
    made += 1;
    return `019c0000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`;
  };
  const app = await buildApp({ config: SILENT, db, now: () => clock.now, newId });
  await app.ready();
  const keys = new Map<string, string>();
  for (const scope of scopes)
    keys.set(scope, (await createKey(db, clock.now, { name: `${scope} key`, scope, expiresAt: null })).key);
  return { app, db, keys, clock };
}

let databases = 0;

/** Both halves on fresh copies of a template. */
async function halves(template: Template): Promise<[Half, Half]> {
  databases += 1;
  const file = join(folder, `replay-${databases}.db`);
  const source = await openDatabase(`sqlite:${join(folder, 'seeded.db')}`);
  const name = `replay_${databases}`;
  await administer(server.folder, `create database ${name} template template_empty`);
  const [left, right] = [
    await openDatabase(`sqlite:${file}`),
    await openDatabase(urlOf(server.folder, name)),
  ];
  if (template === 'seeded') for (const target of [left, right]) await copyDatabase(source, target);
  for (const db of [source, left, right]) await db.close();
  return [await half(`sqlite:${file}`), await half(urlOf(server.folder, name))];
}

async function end(pair: readonly Half[]): Promise<void> {
  for (const { app, db } of pair) {
    await app.close();
    await db.close();
  }
}

const compared = [
  'etag',
  'link',
  'location',
  'allow',
  'content-type',
  'cache-control',
  'vary',
  'retry-after',
  'www-authenticate',
];

/** What is never the same twice: the request’s own id, and secrets. */
const CHANCE = /"(?:instance":"[^"]*|secret":"whsec_[^"]*)",?/;

/** Waits until an import is over, as each engine has its own pace: what comes after is to find the same. */
async function untilOver(app: FastifyInstance, location: string, key: string | undefined): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const { body } = await send(app, 'GET', location, key ? { key } : {});
    if (!['waiting', 'running'].includes(body?.status)) return;
    await pause(10);
  }
}

/** Sends one request to both halves; returns the first one's answer, and counts and shows a difference. */
async function both(
  pair: readonly [Half, Half],
  method: string,
  url: string,
  options: CallOptions & { key?: string } = {},
) {
  const answers = [];
  for (const { app, keys } of pair) {
    const key = options.key ? keys.get(options.key) : undefined;
    const { key: _, ...rest } = options;
    const answer = await send(app, method, url, { ...rest, ...(key ? { key } : {}) });
    answers.push(answer);
    if (answer.status === 202) await untilOver(app, String(answer.headers.location), keys.get('admin'));
  }
  const [a, b] = answers.map(({ status, headers, text }) =>
    JSON.stringify([status, compared.map((name) => headers[name]), text.replace(CHANCE, '')]),
  );
  tally.requests += 1;
  if (a !== b) {
    tally.different += 1;
    if (tally.different <= 20)
      process.stdout.write(
        `${method} ${url} ${JSON.stringify(options.body ?? null).slice(0, 300)}\n  ${a?.slice(0, 600)}\n  ${b?.slice(0, 600)}\n`,
      );
  }
  return answers[0] as Awaited<ReturnType<typeof send>>;
}

/** Records whose names and dates try the orders: accents, case, emoji, blanks, ties, nothing. */
async function fillUp(pair: readonly [Half, Half]): Promise<void> {
  const random = numbers(7);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const titles = [
    'Zoning',
    'zoning',
    'Élan vital',
    'elan',
    'Ärger',
    'arger',
    '🏛 Council',
    '\uffee edge',
    '  blank',
    'ß',
    'SS',
    'İstanbul',
    'a'.repeat(900),
  ];
  const days = ['2023', '2023-05', '2023-05-01', '2023-12-31', '2024-02-29', undefined, '2023-05'];
  for (let n = 0; n < 150; n += 1) {
    for (const { clock } of pair) clock.now = new Date(Date.parse(START) + n * 1000);
    const body = {
      type: pick(['ordinance', 'resolution', 'bill']),
      title: pick(titles),
      jurisdiction_id: pick(['los-angeles', 'boston', 'california']),
      introduced_on: pick(days),
      final_action_on: pick(days),
      identifiers: n % 3 ? [{ scheme: 'replay', identifier: `Nº ${n}` }] : [],
      topics: n % 2 ? ['immigration'] : [],
    };
    const { body: made } = await both(pair, 'POST', '/v1/policies', { key: 'write', body });
    if (n % 5 === 0) {
      const official = { name: pick(titles), birth_date: pick(days) ?? null };
      await both(pair, 'POST', '/v1/officials', { key: 'write', body: official });
    }
    if (n % 4 === 0) {
      const votes = [
        { name: 'One', option: 'yes' },
        { name: 'Två', option: 'no', official_id: 'karen-bass' },
      ];
      await both(pair, 'POST', '/v1/vote-events', {
        key: 'write',
        body: { policy_id: made.id, date: pick(days) ?? null, votes },
      });
    }
  }
}

async function replayReads(pair: readonly [Half, Half]): Promise<void> {
  const app = pair[0].app;
  const description = JSON.parse(openapiText(app));
  const known = new Map<string, string[]>();
  for (const { path, kind } of resources) {
    const { body } = await both(pair, 'GET', `/v1/${path}?limit=200`);
    const named = body.data.flatMap((row: { id: string; slug?: string }, at: number) =>
      at % 2 && row.slug ? row.slug : row.id,
    );
    known.set(path, named.slice(0, 6));
    if (kind.name === 'policy')
      known.set('*', [
        'los-angeles',
        'karen-bass',
        'immigration',
        'civic-seed:los-angeles',
        'Mayor',
        ...named.slice(0, 4),
      ]);
  }
  const requests = readRequests(description, (segment) => known.get(segment) ?? [], 150, numbers(11));
  for (const { method, url } of requests) {
    const { body, status } = await both(pair, method, url);
    // Some lists are followed to their depth.
    for (let next = status === 200 ? body?.links?.next : null, depth = 0; next && depth < 6; depth += 1) {
      const page = await both(pair, method, next);
      next = page.body?.links?.next;
    }
  }
}

async function replayWrites(pair: readonly [Half, Half]): Promise<void> {
  for (const { path, kind, example } of resources) {
    if (kind.kept) continue;
    const url = `/v1/${path}`;
    for (const body of spoiled(example)) await both(pair, 'POST', url, { key: 'write', body });
    const { body: made, headers } = await both(pair, 'POST', url, { key: 'write', body: example });
    if (!made?.id) continue;
    const ifMatch = String(headers.etag);
    for (const body of spoiled(example))
      await both(pair, 'PATCH', `${url}/${made.id}`, { key: 'write', body, ifMatch });
    for (const body of spoiled(example))
      await both(pair, 'PUT', `${url}/${made.id}`, { key: 'write', body, ifMatch: '*' });
    for (const key of ['read', 'write'])
      await both(pair, 'DELETE', `${url}/${made.id}`, { key, ifMatch: '*' });
    await both(pair, 'GET', `${url}/${made.id}`);
    await both(pair, 'GET', `${url}/${made.id}?include_deleted=true`);
    await both(pair, 'POST', `${url}/${made.id}/restore`, { key: 'write' });
    await both(pair, 'DELETE', `${url}/${made.id}?cascade=true`, { key: 'write', ifMatch: '*' });
  }
}

interface Line {
  readonly method: string;
  readonly url: string;
  readonly options: CallOptions & { key?: Scope };
  readonly now: string;
}

/** Runs the tests that ask through an app, with what they ask written down, and asks it again of both engines. */
async function replayTests(): Promise<void> {
  const recorded = mkdtempSync(join(folder, 'recorded-'));
  const tests = ['test/http', 'test/engine'].flatMap((where) =>
    readdirSync(where)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(where, name)),
  );
  spawnSync('tap', ['run', '--reporter=silent', ...tests], {
    env: { ...process.env, TEST_RECORD: recorded, TEST_TEMPLATES: folder },
  });
  for (const name of readdirSync(recorded)) {
    const [head, ...lines] = readFileSync(join(recorded, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const pair = await halves(head.template);
    for (const { method, url, options, now } of lines as Line[]) {
      for (const { clock } of pair) clock.now = new Date(now);
      await both(pair, method, url, options);
    }
    await end(pair);
  }
}

try {
  await makeSqliteTemplates(folder);
  await makePostgresTemplates(server.folder);
  const stages: [string, () => Promise<void>][] = [
    [
      'reads from the description',
      async () => {
        const pair = await halves('seeded');
        await fillUp(pair);
        await replayReads(pair);
        await end(pair);
      },
    ],
    [
      'writes from the samples',
      async () => {
        const pair = await halves('seeded');
        await replayWrites(pair);
        await end(pair);
      },
    ],
    ['requests of the tests', replayTests],
  ];
  for (const [name, stage] of stages) {
    const before = tally.requests;
    await stage();
    process.stdout.write(`${name}: ${tally.requests - before} requests\n`);
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${tally.requests} requests to both engines, ${tally.different} different answers\n`);
process.exitCode = tally.different > 0 || tally.requests < 20_000 ? 1 : 0;
