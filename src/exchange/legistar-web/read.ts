/**
 * A council's records from the Legistar Web API (`https://webapi.legistar.com/v1/CLIENT`): all of them, or those that
 * changed since an instant. What was fetched is kept on disk until all of it is, so that an import which is interrupted
 * goes on where it was, however long the list.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ReaderOptions } from '../formats.ts';
import { type Input, InputError, type Read } from '../import/record.ts';
import type { Client } from '../legistar/client.ts';
import { councilAmong, councilNamed } from './councils.ts';
import { reachedBy, Spool } from './spool.ts';
import { WebClient, type WebSettings } from './web-client.ts';
import type { WebBody } from './web-fields.ts';
import { placeRecord, recordsOf } from './web-records.ts';
import { lastId, type Reached, type Thing, thingsOf } from './web-things.ts';

/** Requests a second where nobody says how many. */
const RATE = 5;

/** Where what is fetched is kept meanwhile. */
const FOLDER = 'data/legistar';

/** Time and the network, as they come from outside. */
export interface Outside extends Pick<WebSettings, 'fetch' | 'wait' | 'elapsed'> {
  readonly now: () => Date;
}

const OUTSIDE: Outside = {
  fetch,
  wait: (ms) => wait(ms),
  elapsed: () => performance.now(),
  now: () => new Date(),
};

/**
 * The council at a base address. Of the environment it takes `LEGISTAR_TOKEN`, `LEGISTAR_DIVISION`, `LEGISTAR_RATE`
 * (requests a second) and `LEGISTAR_FOLDER`. Rejects with an `InputError` where it does not answer.
 */
export async function openLegistar(
  address: string,
  { since, environment = {} }: ReaderOptions,
  outside: Outside = OUTSIDE,
): Promise<Input> {
  const { base, name } = baseOf(address);
  const {
    LEGISTAR_TOKEN: token,
    LEGISTAR_DIVISION: division,
    LEGISTAR_FOLDER: folder = FOLDER,
  } = environment;
  const council = councilNamed(name, division || undefined);
  const client = new WebClient({ base, token, rate: rateOf(environment.LEGISTAR_RATE), ...outside });
  const [matters, events] = await lastIds(client);
  const wanted = { base, since: since ?? null };
  const file = `${name}-${createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 8)}.ndjson`;
  const spool = await Spool.open(join(folder, file), outside.now().toISOString(), wanted);
  return {
    fingerprint: createHash('sha256').update(JSON.stringify(spool.beginning)).digest('hex'),
    total: matters + events,
    read: (onProgress) =>
      readCouncil(council, { client, spool, since }, ({ of, id }) =>
        onProgress(of === 'event' ? matters + id : of === 'matter' ? id : 0),
      ),
  };
}

async function lastIds(client: WebClient): Promise<[number, number]> {
  try {
    return [await lastId(client, 'matter'), await lastId(client, 'event')];
  } catch (error) {
    throw error instanceof InputError ? error : new InputError((error as Error).message);
  }
}

function baseOf(address: string): { readonly base: string; readonly name: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const name = url?.pathname.replace(/\/+$/, '').split('/').at(-1)?.toLowerCase() ?? '';
  const plain = url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '';
  if (!plain || !/^[a-z][a-z0-9._-]*$/.test(name))
    throw new InputError(
      `'${address}' is not the address of a council: it must be as https://webapi.legistar.com/v1/seattle`,
    );
  return { base: url.href.replace(/\/+$/, ''), name };
}

function rateOf(text: string | undefined): number {
  const rate = text === undefined || text === '' ? RATE : Number(text);
  if (!(rate > 0 && rate <= 1000))
    throw new InputError(
      `LEGISTAR_RATE is '${text}': it must be a number of requests a second, such as ${RATE}`,
    );
  return rate;
}

interface Fetching {
  readonly client: WebClient;
  readonly spool: Spool;
  readonly since: string | undefined;
}

async function* readCouncil(
  council: Omit<Client, 'council'> & Partial<Client>,
  fetching: Fetching,
  onThing: (thing: Reached) => void,
): AsyncGenerator<Read> {
  // Which of the bodies is the council has to be known before anything is made of one.
  const bodies: Thing[] = [];
  let known: Client | undefined;
  const begin = function* () {
    const items = bodies.flatMap(({ item }) => (item === undefined ? [] : [item as WebBody]));
    known = { ...council, council: council.council ?? councilAmong(items) };
    yield placeRecord(known);
    for (const body of bodies) yield* recordsOf(known, body, fetching.since === undefined);
  };
  for await (const thing of fetched(fetching)) {
    if (thing.of === 'body') bodies.push(thing);
    else {
      if (known === undefined) yield* begin();
      yield* recordsOf(known as unknown as Client, thing, fetching.since === undefined);
    }
    onThing(thing);
  }
  if (known === undefined) yield* begin();
}

/** What was fetched before, and then the rest. */
async function* fetched({ client, spool, since }: Fetching): AsyncGenerator<Thing> {
  let reached: Reached | undefined;
  for await (const thing of spool.things()) {
    reached = reachedBy(thing);
    yield thing;
  }
  for await (const thing of thingsOf(client, { since, reached })) {
    await spool.add(thing);
    yield thing;
  }
  await spool.end();
}
