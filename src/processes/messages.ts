/** What the processes that serve together tell each other: one starts and watches, the others are its workers. */

import type { Figures } from '../http/metrics.ts';

/** From a worker. */
export type FromWorker =
  /** It listens: at this address, to be shown, and this port. */
  | { readonly tell: 'listening'; readonly address: string; readonly port: number }
  /** It wants to write; `turn` is a number of its own. */
  | { readonly tell: 'wants'; readonly turn: number }
  /** It does not want to any more, or has written. */
  | { readonly tell: 'over'; readonly turn: number }
  /** It wants the figures of the others; `ask` is a number of its own. */
  | { readonly tell: 'want figures'; readonly ask: number }
  /** Its own, as it was asked for them. */
  | { readonly tell: 'own figures'; readonly gathering: number; readonly figures: Figures };

/** To a worker. */
export type ToWorker =
  /** It may write now. */
  | { readonly tell: 'yours'; readonly turn: number }
  | { readonly tell: 'stop' }
  | { readonly tell: 'ask figures'; readonly gathering: number }
  /** The others' that came in time. */
  | { readonly tell: 'figures'; readonly ask: number; readonly told: readonly Figures[] };
