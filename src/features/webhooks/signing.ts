/** Signatures as Standard Webhooks has them (https://www.standardwebhooks.com), made by its own library. */
import { Webhook as Signer } from 'standardwebhooks';

/** Bytes of a secret; the specification asks for 24 to 64. */
export const SECRET_BYTES = 32;

/** A secret as it is shown, once, and as libraries take it. */
export function secretOf(bytes: Uint8Array): string {
  return `whsec_${Buffer.from(bytes).toString('base64')}`;
}

export interface Signed {
  readonly messageId: string;
  /** When it is sent. */
  readonly at: Date;
  readonly body: string;
  /** The newest first; a receiver needs to know one of them. */
  readonly secrets: readonly string[];
}

/** The headers that a message bears. */
export function signatureHeaders({ messageId, at, body, secrets }: Signed): Record<string, string> {
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Signer(secret).sign(messageId, at, body)).join(' '),
  };
}
