/** The problem catalogue (RFC 9457): every error answer is one of these. */

interface Entry {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do about it; served at `/problems/NAME`. */
  readonly explanation: string;
}

export const catalogue = {
  'bad-request': {
    status: 400,
    title: 'Bad request',
    explanation: 'The request could not be read as HTTP or as JSON. The detail says where reading stopped.',
  },
  'invalid-parameter': {
    status: 400,
    title: 'Invalid parameter',
    explanation:
      'A parameter of the address is unknown or has a value that is not allowed. Each entry of `errors` names the parameter, what would be right and what was sent.',
  },
  'invalid-body': {
    status: 400,
    title: 'Invalid body',
    explanation:
      'The body does not have the documented form. Each entry of `errors` points (JSON Pointer) at the place, and says what would be right and what was sent.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid key',
    explanation:
      'Writing needs `Authorization: Bearer KEY`, and a key that is sent must be valid even where none is needed. Keys are made with `civic keys create`.',
  },
  forbidden: {
    status: 403,
    title: 'Not permitted',
    explanation:
      'The key is valid, but it does not cover this. Scopes are read, write and admin, each including the one before; a key limited to jurisdictions can change only what belongs to them.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    explanation:
      'Nothing is known at this address. The detail names the nearest known record where there is one.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    explanation: 'The address exists, but not for this method. The `Allow` header lists those that work.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    explanation: 'The `Accept` header rules out every form this address can be answered in.',
  },
  'request-timeout': {
    status: 408,
    title: 'Request timed out',
    explanation: 'The request did not arrive completely in time.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    explanation:
      'The request cannot be done in the present state of the record. The detail says what stands against it.',
  },
  duplicate: {
    status: 409,
    title: 'Duplicate',
    explanation:
      'Another record of the kind has this slug or identifier already. The entry of `errors` names it.',
  },
  'idempotency-running': {
    status: 409,
    title: 'Still running',
    explanation:
      'The first request with this `Idempotency-Key` is not answered yet. `Retry-After` says in how many seconds to ask again; the answer will then be the first one’s.',
  },
  'still-referenced': {
    status: 409,
    title: 'Still referenced',
    explanation:
      'Other records point at this one. `errors` lists them by kind; delete or change those first, or send `cascade=true` where only parts of the record itself are listed.',
  },
  gone: {
    status: 410,
    title: 'Deleted',
    explanation: 'The record was deleted. With `include_deleted=true` it is still readable.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    explanation:
      'The record has changed since the ETag sent in `If-Match`. The current one is in the `ETag` header: read again, then repeat the change.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'Range not satisfiable',
    explanation:
      'The `Range` asked for lies beyond the end of the file; `Content-Range` says how long that is. A download that goes on from there is complete.',
  },
  'payload-too-large': {
    status: 413,
    title: 'Payload too large',
    explanation: 'The body is larger than this address takes. The detail gives the limit.',
  },
  'uri-too-long': {
    status: 414,
    title: 'Address too long',
    explanation: 'The address is longer than this service takes. The detail gives the limit.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    explanation: 'Bodies are JSON in UTF-8: `application/json`, or `application/merge-patch+json` for PATCH.',
  },
  unprocessable: {
    status: 422,
    title: 'Unprocessable',
    explanation:
      'The body has the documented form, but cannot stand: it points at a record that does not exist, or contradicts itself. Each entry of `errors` points at the place.',
  },
  'citation-not-found-in-source': {
    status: 422,
    title: 'Citation not found in its source',
    explanation:
      'The anchor does not hold in the text of the source, be it stored or sent along as `source_text`. The entry of `errors` names the member at fault; `nearest` shows what in the text comes nearest, with its offsets in Unicode code points.',
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'Idempotency key used before',
    explanation:
      'This `Idempotency-Key` was sent within the last 24 hours with another method, address or body. A key stands for one request: send a new one with a new request.',
  },
  'precondition-required': {
    status: 428,
    title: 'Precondition required',
    explanation:
      'Changing or deleting a record needs `If-Match` with the record’s ETag, so that nobody’s change is overwritten unseen.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    explanation:
      'The limit of requests, or of the records a key may write in a day, is reached. `RateLimit-Policy` names the limits, `RateLimit` says what is left of them, and `Retry-After` in how many seconds to go on.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Headers too large',
    explanation: 'The request’s headers together are larger than this service takes.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    explanation: 'Something went wrong on our side. The request id in `instance` finds it in the log.',
  },
  'storage-full': {
    status: 507,
    title: 'Storage full',
    explanation: 'The database has no room left, so nothing can be written; reading goes on.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    explanation:
      'More is asked than can be worked on at a time, so this request was turned away before anything was done. `Retry-After` says in how many seconds to try again.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    explanation: 'The service cannot answer at the moment. `Retry-After` says when to try again.',
  },
} as const satisfies Record<string, Entry>;

export type ProblemName = keyof typeof catalogue;

/** One thing that is wrong: where (a JSON Pointer into the body, or a parameter or header), what, and what would be right. */
export interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly message: string;
  readonly expected?: string;
  readonly got?: unknown;
  /** What in a source's text comes nearest to words that are not in it; offsets in code points. */
  readonly nearest?: { readonly exact: string; readonly start: number; readonly end: number };
}

/** An error that answers with a problem of the catalogue. */
export class Problem extends Error {
  readonly problem: ProblemName;
  readonly errors: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    problem: ProblemName,
    detail: string,
    more: { errors?: readonly Fault[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.problem = problem;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** The body of a problem answer; `requestId` identifies the request in the log. */
export function problemBody(
  problem: ProblemName,
  detail: string,
  requestId?: string,
  errors: readonly Fault[] = [],
) {
  const { status, title } = catalogue[problem];
  return {
    type: `/problems/${problem}`,
    title,
    status,
    detail,
    ...(requestId ? { instance: `urn:uuid:${requestId}` } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  };
}
