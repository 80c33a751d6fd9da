/** What a receiver is sent: the form that Standard Webhooks recommends, with the change as the feed shows it. */
import type { Reading } from '../../engine/belonging.ts';
import { type PublicChange, readChanges } from '../../engine/changes.ts';
import type { Engine } from '../../engine/engine.ts';
import { kindNamed } from '../../model/kinds.ts';
import { type Delivery, isPing, type Webhook } from './webhook.ts';

/** Most bytes of a record that go along with its change: whoever wants more of it is told where it is. */
export const MOST_CONTENT = 64 * 1024;

const PAST: Readonly<Record<PublicChange['op'], string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  restore: 'restored',
  merge: 'merged',
};

/** Names of the messages there may be about a kind, as `policy.updated`. */
export const typesOf = (kind: string): string[] => Object.values(PAST).map((did) => `${kind}.${did}`);

export const PING = 'webhook.ping';

/** The type of the message that a delivery is. */
export const typeOf = ({ kind, op }: Pick<Delivery, 'kind' | 'op'>): string =>
  kind === null ? PING : `${kind}.${PAST[op as PublicChange['op']]}`;

export interface Message {
  readonly type: string;
  /** When what it tells of happened. */
  readonly timestamp: string;
  readonly data: object;
}

/** What a delivery says. */
export async function messageOf(
  { engine, session }: Reading & { readonly engine: Engine },
  webhook: Webhook,
  delivery: Delivery,
): Promise<Message> {
  if (isPing(delivery) || delivery.seq === null)
    return { type: PING, timestamp: delivery.created_at, data: { webhook_id: webhook.id } };
  const reach = {
    after: delivery.seq - 1,
    limit: 1,
    bytes: 0,
    concern: { kinds: undefined, subjects: undefined },
    restricted: false,
    content: webhook.payload === 'full',
  };
  const [change] = (await readChanges(engine, session, reach)).data;
  if (change === undefined) throw new Error(`change ${delivery.seq} is not in the log`);
  const { content, ...rest } = change;
  const { path } = kindNamed(change.kind);
  const url = `${engine.publicUrl}/v1/${path}/${change.record_id}`;
  const fits = content !== undefined && Buffer.byteLength(JSON.stringify(content)) <= MOST_CONTENT;
  return {
    type: typeOf(change),
    timestamp: change.at,
    data: { ...rest, url, ...(fits ? { content } : {}) },
  };
}
