/** What the processes that serve together tell each other: one starts and watches, the others are its workers. */

/** From a worker. */
export type FromWorker =
  /** It listens: at this address, to be shown, and this port. */
  | { readonly tell: 'listening'; readonly address: string; readonly port: number }
  /** It wants to write; `turn` is a number of its own. */
  | { readonly tell: 'wants'; readonly turn: number }
  /** It does not want to any more, or has written. */
  | { readonly tell: 'over'; readonly turn: number };

/** To a worker. */
export type ToWorker =
  /** It may write now. */
  { readonly tell: 'yours'; readonly turn: number } | { readonly tell: 'stop' };
