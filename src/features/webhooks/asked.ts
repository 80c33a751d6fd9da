/** What a client asks of a webhook: references turned into ids, and what cannot be sent to refused. */
import { isIP } from 'node:net';
import type { Reading } from '../../engine/belonging.ts';
import type { Engine } from '../../engine/engine.ts';
import { ANY_KIND, filtersOf } from '../../engine/filters.ts';
import { isId, lookUp, nearestSlug } from '../../engine/references.ts';
import { type Fault, Problem } from '../../errors.ts';
import { kindNamed } from '../../model/kinds.ts';
import { judge, type Range } from './addresses.ts';
import type { Filters, Payload, Status, Webhook } from './webhook.ts';

/** What clients write of a webhook, once it has passed its schema. */
export interface Asked {
  readonly url: string;
  readonly description?: string | null;
  readonly kinds?: readonly string[] | null;
  readonly jurisdictions?: readonly string[] | null;
  readonly filters?: Readonly<Record<string, Filters>> | null;
  readonly payload?: Payload;
  readonly status?: Status;
}

export type Settings = Pick<
  Webhook,
  'url' | 'description' | 'kinds' | 'jurisdictions' | 'filters' | 'payload' | 'status'
>;

/** What is asked, whole and with ids; throws a 422 that lists what cannot stand. */
export async function settingsOf(
  reading: Reading & { readonly engine: Engine },
  asked: Asked,
  listed: readonly Range[],
): Promise<Settings> {
  const { url, description = null, payload = 'full', status = 'enabled' } = asked;
  const kinds = asked.kinds ?? null;
  const faults: Fault[] = urlFaults(url, listed);
  const names = asked.jurisdictions ?? null;
  const jurisdictions =
    names && (await idsOf(reading, 'jurisdiction', names, (at) => `/jurisdictions/${at}`, faults));
  const filters: Record<string, Filters> = {};
  for (const [kind, given] of Object.entries(asked.filters ?? {})) {
    const pointer = `/filters/${kind}`;
    if (!kinds?.includes(kind)) faults.push(strayFilters(pointer, kind, kinds));
    filters[kind] = await withIds(reading, kind, given, pointer, faults);
  }
  if (faults.length > 0)
    throw new Problem('unprocessable', 'The webhook cannot stand as it is.', { errors: faults });
  return { url, description, kinds, jurisdictions, filters, payload, status };
}

function strayFilters(pointer: string, kind: string, kinds: readonly string[] | null): Fault {
  return kinds
    ? { pointer, message: `${kind} is not among kinds`, expected: `filters of ${kinds.join(', ')}` }
    : { pointer, message: 'says nothing without kinds', expected: `kinds that name ${kind}` };
}

/** What is wrong with an address before anything is known of where its name leads, which is judged at each connection. */
function urlFaults(text: string, listed: readonly Range[]): Fault[] {
  const url = new URL(text);
  const fault = (message: string, expected: string) => [{ pointer: '/url', message, expected, got: text }];
  if (url.username || url.password)
    return fault('holds a name or password', 'an address without them; messages are signed');
  if (url.hash) return fault('has a fragment, which is never sent', 'an address without #');
  if (url.protocol === 'http:' && listed.length === 0)
    return fault('is not https', 'https; http is spoken only with addresses that the operator allows');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const judgement = isIP(host) ? judge(host, listed) : 'public';
  if (typeof judgement === 'object')
    return fault(`${judgement.refused}, and not allowed here`, 'a public address');
  if (isIP(host) && judgement === 'public' && url.protocol === 'http:')
    return fault('is not https', 'https; http is spoken only with addresses that the operator allows');
  return [];
}

async function withIds(
  reading: Reading & { readonly engine: Engine },
  kind: string,
  given: Filters,
  pointer: string,
  faults: Fault[],
): Promise<Filters> {
  const filters = filtersOf(kindNamed(kind));
  const whole: Record<string, Filters[string]> = {};
  for (const [name, value] of Object.entries(given)) {
    const to = filters.get(name)?.refersTo;
    whole[name] =
      to && Array.isArray(value)
        ? await idsOf(reading, to, value, (at) => `${pointer}/${name}/${at}`, faults)
        : value;
  }
  return whole;
}

/** Ids of records called by id or slug; those of any kind are called by id. */
async function idsOf(
  { engine, session }: Reading & { readonly engine: Engine },
  to: string,
  names: readonly string[],
  pointer: (at: number) => string,
  faults: Fault[],
): Promise<string[]> {
  if (to === ANY_KIND) {
    for (const [at, got] of names.entries())
      if (!isId(got)) faults.push({ pointer: pointer(at), message: 'is not an id', expected: 'an id', got });
    return names.map((name) => name.toLowerCase());
  }
  const target = kindNamed(to);
  const known = await lookUp(session, engine.db, target, names);
  for (const [at, got] of names.entries()) {
    if (known.has(got)) continue;
    const near = await nearestSlug(session, engine.db, target, got);
    const noun = target.name.replaceAll('_', ' ');
    const message = `there is no ${noun} '${got}'${near ? `; did you mean '${near}'?` : ''}`;
    faults.push({ pointer: pointer(at), message, expected: `the id or slug of a ${noun}`, got });
  }
  return [...new Set(names.flatMap((name) => known.get(name)?.id ?? []))];
}
