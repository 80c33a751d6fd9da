/** Writers that do whatever comes to mind. */
import type { FastifyInstance } from 'fastify';
import type { Column } from '../../src/db/columns.ts';
import { sql } from '../../src/db/drizzle.ts';
import { loggedKinds } from '../../src/engine/change-seqs.ts';
import { largeFields, selection, tableOf, toRecord } from '../../src/engine/select.ts';
import { type Kind, type PublicRecord, writableFields } from '../../src/model/declare.ts';
import { kinds } from '../../src/model/kinds.ts';
import { numbers } from '../drills/requests.ts';
import { type Answer, type CallOptions, send } from '../helper.ts';

/** The kinds that are written. */
export const written = kinds.filter(({ name }) => loggedKinds.includes(name));

/** How often each thing is done, in proportion. */
const OPERATIONS: readonly (readonly [name: keyof Actions, weight: number])[] = [
  ['create', 34],
  ['patch', 26],
  ['put', 8],
  ['remove', 14],
  ['restore', 10],
  ['merge', 4],
  ['batch', 4],
];

type Actions = Readonly<
  Record<'create' | 'patch' | 'put' | 'remove' | 'restore' | 'merge' | 'batch', () => Promise<Answer>>
>;

/** What writers know together of the records there are. */
export interface World {
  /** Ids by kind, of records that were made. */
  readonly known: Map<string, string[]>;
  /** Answers by what was tried and their status. */
  readonly tally: Map<string, number>;
}

/** The world as a seeded tracker has it. */
export async function worldOf(app: FastifyInstance): Promise<World> {
  const known = new Map<string, string[]>();
  for (const kind of written) {
    const rows = await rowsOf(app, kind);
    known.set(
      kind.name,
      rows.map(({ id }) => id),
    );
  }
  return { known, tally: new Map() };
}

/** Makes random writes with a key until `count` of them have been tried; what is refused counts as tried. */
export async function write(
  app: FastifyInstance,
  world: World,
  { key, seed, count }: { key: string; seed: number; count: number },
): Promise<void> {
  const random = numbers(seed);
  const actions = actionsOf(app, world, key, random);
  const total = OPERATIONS.reduce((sum, [, weight]) => sum + weight, 0);
  for (let n = 0; n < count; n += 1) {
    let at = random() * total;
    const [name] = OPERATIONS.find(([, weight]) => {
      at -= weight;
      return at < 0;
    }) as (typeof OPERATIONS)[number];
    const { status, text } = await actions[name]();
    const entry = `${name} ${status}`;
    world.tally.set(entry, (world.tally.get(entry) ?? 0) + 1);
    if (status >= 500) throw new Error(`${entry}: ${text}`);
  }
}

function actionsOf(app: FastifyInstance, { known }: World, key: string, random: () => number): Actions {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const any = (kind: Kind) => pick(known.get(kind.name) as string[]);
  const call = (method: string, url: string, options: CallOptions = {}) =>
    send(app, method, url, { key, ...(method === 'POST' ? {} : { ifMatch: '*' }), ...options });
  const word = () => `Words ${Math.floor(random() * 40)}`;

  /** A body that mostly stands: the kind's sample with other references and texts. */
  const bodyOf = (kind: Kind): Record<string, unknown> => {
    const body: Record<string, unknown> = { ...kind.example };
    const fields = writableFields(kind);
    for (const [name, { to }] of fields) {
      if (to === undefined || body[name] === undefined || random() < 0.5) continue;
      const ids = known.get(to) as string[];
      body[name] = Array.isArray(body[name]) ? [pick(ids)] : pick(ids);
    }
    const [text] = pick(fields.filter(([, field]) => field.type === 'text')) ?? [];
    if (text) body[text] = word();
    if (random() < 0.3)
      body.identifiers = [{ scheme: 'test', identifier: String(Math.floor(random() * 2000)) }];
    if ('text' in kind.fields && random() < 0.5) body.text = `${word()} in full`;
    return body;
  };
  const noted = (kind: Kind, { status, body }: Answer): void => {
    if (status === 201) known.get(kind.name)?.push(body.id);
  };
  return {
    async create() {
      const kind = pick(written);
      const answer = await call('POST', `/v1/${kind.path}`, { body: bodyOf(kind) });
      noted(kind, answer);
      return answer;
    },
    async patch() {
      const kind = pick(written);
      const body = bodyOf(kind);
      const [name] = pick(Object.entries(body));
      return call('PATCH', `/v1/${kind.path}/${any(kind)}`, { body: { [name]: body[name] } });
    },
    async put() {
      const kind = pick(written);
      return call('PUT', `/v1/${kind.path}/${any(kind)}`, { body: bodyOf(kind) });
    },
    async remove() {
      const kind = pick(written);
      return call('DELETE', `/v1/${kind.path}/${any(kind)}${random() < 0.7 ? '?cascade=true' : ''}`);
    },
    async restore() {
      const kind = pick(written);
      return call('POST', `/v1/${kind.path}/${any(kind)}/restore`);
    },
    async merge() {
      const kind = pick(written);
      return call('POST', `/v1/${kind.path}/${any(kind)}/merge`, { body: { into: any(kind) } });
    },
    async batch() {
      const items = Array.from({ length: 3 }, () => {
        const kind = pick(written);
        return { kind: kind.name, record: bodyOf(kind) };
      });
      const answer = await call('POST', '/v1/batch', { body: { items } });
      for (const { kind, id, did } of answer.body?.data ?? [])
        if (did === 'created') known.get(kind)?.push(id);
      return answer;
    },
  };
}

/** Every row of a kind's table as the record it holds, `deleted_at` with those that are deleted. */
export async function rowsOf({ engine }: FastifyInstance, kind: Kind): Promise<PublicRecord[]> {
  const computed = Object.keys(kind.fields).filter((name) => kind.fields[name]?.attached);
  const wanted = { large: largeFields(kind), restricted: true, deleted: true };
  const columns = Object.entries(selection(engine.db, kind, wanted)).filter(
    ([name]) => !computed.includes(name),
  );
  const table = tableOf(engine.db, kind);
  const rows = await engine.db.read((session) =>
    session.all(`all of ${kind.name}`, (on) =>
      on
        .select(Object.fromEntries(columns) as Record<string, Column>)
        .from(table)
        .where(sql`true`),
    ),
  );
  return rows.map(({ deleted_at, ...row }) =>
    toRecord(kind, deleted_at === null ? row : { ...row, deleted_at }),
  );
}
