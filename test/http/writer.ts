import type { Test } from 'tap';
import { testApp } from '../helper.ts';

/** A tester who writes: `make` creates, `patch` changes whatever the version. */
export async function writer(t: Test) {
  const tested = await testApp(t, 'seeded');
  const { call } = tested;
  const key = await tested.key('write');
  return {
    ...tested,
    write: key,
    make: async (path: string, body: object) => (await call('POST', `/v1/${path}`, { key, body })).body,
    patch: (url: string, body: unknown) =>
      call('PATCH', url, {
        key,
        ifMatch: '*',
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/merge-patch+json' },
      }),
  };
}
