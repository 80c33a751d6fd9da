/** Refusals as rows: what is asked, and exactly what the answer must say is wrong with it. */
import type { Test } from 'tap';
import { catalogue, type ProblemName } from '../../src/errors.ts';
import type { Answer, CallOptions, TestApp } from '../helper.ts';

/** Where a fault lies: in the body, in the address, or in a header. */
export type Place =
  | { readonly pointer: string }
  | { readonly parameter: string }
  | { readonly header: string };

export interface Refusal extends CallOptions {
  readonly name: string;
  /** Method and address, as `POST /v1/topics`. */
  readonly request: string;
  readonly problem: ProblemName;
  /** The one place that is wrong; left out where the whole request is. */
  readonly at?: Place;
  /** What the answer says, in its detail or in what it expects. */
  readonly says?: RegExp;
}

/** Sends each request and asserts its refusal, one assertion a row. */
export async function refuses(t: Test, call: TestApp['call'], rows: readonly Refusal[]): Promise<void> {
  for (const row of rows) {
    const [method = '', url = ''] = row.request.split(/ (.*)/s);
    assertRefused(t, await call(method, url, row), row);
  }
}

type Wanted = Pick<Refusal, 'name' | 'problem' | 'at' | 'says'>;

/** Asserts that an answer is this problem, about this place, and bears the request's id. */
export function assertRefused(t: Test, answer: Answer, { name, problem, at, says }: Wanted): void {
  const { status, headers, body } = answer;
  const { status: wanted, title } = catalogue[problem];
  const instance = `urn:uuid:${headers['x-request-id']}`;
  const told = says === undefined || says.test(answer.text);
  t.strictSame(
    {
      status,
      type: body?.type,
      title: body?.title,
      told: body?.status,
      instance: body?.instance,
      places: placesOf(body?.errors),
      says: told ? says : body,
    },
    {
      status: wanted,
      type: `/problems/${problem}`,
      title,
      told: wanted,
      instance,
      places: at ? [at] : [],
      says,
    },
    name,
  );
}

interface Fault {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
}

function placesOf(errors: readonly Fault[] = []): Place[] {
  return errors.map(({ pointer, parameter, header }) =>
    pointer !== undefined ? { pointer } : parameter !== undefined ? { parameter } : { header: header ?? '' },
  );
}
