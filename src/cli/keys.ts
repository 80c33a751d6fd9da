import { Command, InvalidArgumentError, Option } from 'commander';
import { toInstant } from '../engine/formats.ts';
import { createKey, listKeys, revokeKey, type Scope, scopes } from '../http/keys.ts';
import { print, withDatabase } from './environment.ts';

function parseInstant(text: string): string {
  const instant = toInstant(text);
  if (instant === undefined)
    throw new InvalidArgumentError('must be an instant such as 2027-01-31T00:00:00Z, or a day.');
  return instant;
}

const create = new Command('create')
  .description('Make a key; its secret is printed once and kept nowhere.')
  .requiredOption('--name <name>', 'what the change log calls its holder')
  .addOption(new Option('--scope <scope>', 'what it may do').choices(scopes).makeOptionMandatory())
  .option('--expires <instant>', 'when it stops working', parseInstant)
  .option('--json', 'print JSON')
  .action(
    async ({
      name,
      scope,
      expires,
      json,
    }: {
      name: string;
      scope: Scope;
      expires?: string;
      json?: boolean;
    }) => {
      if (name.trim() === '') throw new Error('--name is empty: say who holds the key');
      await withDatabase(async (db) => {
        const made = await createKey(db, new Date(), { name, scope, expiresAt: expires ?? null });
        print(
          json,
          made,
          `${made.key}\nid ${made.id}, scopes ${made.scopes.join(', ')}. The key is not shown again.`,
        );
      });
    },
  );

const list = new Command('list')
  .description('List the keys, without their secrets.')
  .option('--json', 'print JSON')
  .action(async ({ json }: { json?: boolean }) => {
    await withDatabase(async (db) => {
      const keys = await listKeys(db);
      if (json) return print(json, keys, '');
      for (const { id, prefix, name, scopes: held, expires_at, revoked_at } of keys) {
        const state = revoked_at ? `revoked ${revoked_at}` : expires_at ? `expires ${expires_at}` : 'valid';
        print(false, null, `${id}  civic_${prefix}_…  ${name}  ${held.join(',')}  ${state}`);
      }
    });
  });

const revoke = new Command('revoke')
  .description('Revoke a key, at once and for good.')
  .argument('<id>', 'id or prefix of the key')
  .option('--json', 'print JSON')
  .action(async (id: string, { json }: { json?: boolean }) => {
    await withDatabase(async (db) => {
      // Whoever gives the whole key does not see it again.
      const name = id.replace(/^civic_/, '').replace(/_.*$/, '');
      if (!(await revokeKey(db, new Date(), name))) throw new Error(`no valid key is called ${name}`);
      print(json, { id: name, revoked: true }, `${name} is revoked`);
    });
  });

export const keysCommand = new Command('keys')
  .description('Make, list and revoke the keys that writing needs.')
  .addCommand(create)
  .addCommand(list)
  .addCommand(revoke);
