/** A tracker that delivers to receivers on this machine, step by step as a test moves its clock. */
import type { Test } from 'tap';
import { rangesOf } from '../../../src/features/webhooks/addresses.ts';
import {
  DISPATCH,
  type Dispatcher,
  type DispatchSettings,
  openDispatcher,
} from '../../../src/features/webhooks/dispatcher.ts';
import { openSender } from '../../../src/features/webhooks/send.ts';
import { type TestApp, testApp } from '../../helper.ts';

export interface Delivering extends TestApp {
  readonly admin: string;
  /** Makes a webhook; returns it with its secret. */
  // biome-ignore lint/suspicious/noExplicitAny: as answers are
  readonly hook: (body: object) => Promise<any>;
  /** Creates a record. */
  // biome-ignore lint/suspicious/noExplicitAny: as answers are
  readonly make: (path: string, body: object) => Promise<any>;
  readonly patch: (url: string, body: object) => Promise<unknown>;
  /** Deliveries of a webhook, the first first. */
  // biome-ignore lint/suspicious/noExplicitAny: as answers are
  readonly log: (id: string) => Promise<any[]>;
  /** Opens a dispatcher; ended with the test, if it was not before. */
  readonly dispatch: (settings?: Partial<DispatchSettings>, attempt?: number) => Dispatcher;
  /** Moves the clock, and waits until nothing is to be done. */
  readonly wait: (ms: number, dispatcher: Dispatcher) => Promise<void>;
}

/** An app with a key that may do everything, and what tests of webhooks ask of it. */
export async function delivering(t: Test, template: 'empty' | 'seeded' = 'empty'): Promise<Delivering> {
  const tested = await testApp(t, template, { WEBHOOK_ALLOWED: ['127.0.0.1'] });
  const { app, call, clock, key } = tested;
  // Receivers look at what time it is.
  clock.now = new Date();
  const admin = await key('admin');
  const failures: unknown[] = [];
  return {
    ...tested,
    admin,
    hook: async (body) => (await call('POST', '/v1/webhooks', { key: admin, body })).body,
    make: async (path, body) => (await call('POST', `/v1/${path}`, { key: admin, body })).body,
    patch: async (url, body) => (await call('PATCH', url, { key: admin, ifMatch: '*', body })).body,
    log: async (id) => {
      const { body } = await call('GET', `/v1/webhooks/${id}/deliveries?limit=200`, { key: admin });
      return body.data.reverse();
    },
    dispatch: (settings = {}, attempt = 10_000) => {
      const sender = openSender({
        listed: rangesOf(['127.0.0.1']),
        attempt,
        resolve: () => Promise.reject(new Error('no names here')),
      });
      const own = { ...DISPATCH, poll: 20, calm: 1, random: () => 0, ...settings };
      const dispatcher = openDispatcher(app.engine, sender, own, (error) => failures.push(error));
      t.teardown(async () => {
        await dispatcher.close();
        if (failures.length > 0) throw failures[0];
      });
      return dispatcher;
    },
    wait: async (ms, dispatcher) => {
      clock.now = new Date(clock.now.getTime() + ms);
      await dispatcher.idle();
    },
  };
}
