/** An app whose database says that it has a replica, which it never asks. */
import type { Test } from 'tap';
import type { ReplicaState, Replicas } from '../../src/db/database.ts';
import { appOver } from '../databases.ts';
import { testApp } from '../helper.ts';

/** Builds the app; the replica answers, unless it is absent for a reason. */
export async function withReplica(t: Test, absence: ReplicaState['absence']) {
  const { db } = await testApp(t);
  const replicas: Replicas = {
    reading: (_, work) => work(),
    newest: () => 0,
    states: () => [{ name: 'db2', absence, revision: 7 }],
    onTurn: () => undefined,
  };
  const app = await appOver({ db: { ...db, replicas } });
  t.teardown(() => app.close());
  return { app };
}
