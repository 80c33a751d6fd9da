import { Command, InvalidArgumentError, Option } from 'commander';
import { toInstant } from '../engine/formats.ts';
import {
  createKey,
  jurisdictionIdsOf,
  type ListedKey,
  listKeys,
  revokeKey,
  type Scope,
  scopes,
} from '../http/keys.ts';
import { print, withDatabase } from './environment.ts';

function parseInstant(text: string): string {
  const instant = toInstant(text);
  if (instant === undefined)
    throw new InvalidArgumentError('must be an instant such as 2027-01-31T00:00:00Z, or a day.');
  return instant;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a number from 1 to 999999999.');
  return Number(text);
}

const collect = (text: string, before: string[] = []) => [...before, text];

interface CreateOptions {
  readonly name: string;
  readonly scope: Scope;
  readonly expires?: string;
  readonly jurisdiction?: string[];
  readonly dailyWrites?: number;
  readonly json?: boolean;
}

const create = new Command('create')
  .description('Make a key; its secret is printed once and kept nowhere.')
  .requiredOption('--name <name>', 'what the change log calls its holder')
  .addOption(new Option('--scope <scope>', 'what it may do').choices(scopes).makeOptionMandatory())
  .option('--expires <instant>', 'when it stops working', parseInstant)
  .option('--jurisdiction <slug>', 'a jurisdiction it is limited to; may be repeated', collect)
  .option('--daily-writes <number>', 'most records it may write in a day (UTC)', parseCount)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
A key limited to jurisdictions can change only what belongs to them and to no other: policies, organizations and
meetings of theirs, the parts of those, and officials who hold offices nowhere else, with what they said. What is
shared by all (topics, measures, publishers, sources) it cannot change.`,
  )
  .action(async ({ name, scope, expires, jurisdiction, dailyWrites, json }: CreateOptions) => {
    checkName(name);
    if (scope === 'read' && (jurisdiction ?? dailyWrites) !== undefined)
      throw new Error(
        '--jurisdiction and --daily-writes limit what is written, and --scope read writes nothing',
      );
    await withDatabase(async (db) => {
      const made = await createKey(db, new Date(), {
        name,
        scope,
        expiresAt: expires ?? null,
        jurisdictionIds: jurisdiction ? await jurisdictionIdsOf(db, jurisdiction) : null,
        dailyWrites: dailyWrites ?? null,
      });
      const { id, key, scopes: held } = made;
      const limits = {
        ...(jurisdiction ? { jurisdiction_ids: made.jurisdictionIds } : {}),
        ...(dailyWrites ? { daily_writes: dailyWrites } : {}),
        ...(expires ? { expires_at: expires } : {}),
      };
      print(
        json,
        { id, name, scopes: held, ...limits, key },
        `${key}\nid ${id}, scopes ${held.join(', ')}${ending(expires)}. The key is not shown again.`,
      );
    });
  });

/** When a new key ends; one that never works is made all the same, but not in silence. */
function ending(expires: string | undefined): string {
  if (expires === undefined) return '';
  return expires <= new Date().toISOString() ? `, expired already (${expires})` : `, until ${expires}`;
}

/** Throws unless a name can stand in the change log and on a line. */
function checkName(name: string): void {
  if (name.trim() === '') throw new Error('--name is empty: say who holds the key');
  if (name.length > 200 || /\p{Cc}/u.test(name) || !name.isWellFormed())
    throw new Error('--name must be one line of at most 200 characters');
}

const list = new Command('list')
  .description('List the keys, without their secrets.')
  .option('--json', 'print JSON')
  .action(async ({ json }: { json?: boolean }) => {
    await withDatabase(async (db) => {
      const keys = await listKeys(db, new Date());
      if (json) return print(json, keys, '');
      for (const key of keys) print(false, null, lineOf(key));
    });
  });

/** A key on one line: what it is, what it may do, when it was last used, and whether it works. */
function lineOf(key: ListedKey): string {
  const { id, prefix, name, scopes: held, jurisdictions, daily_writes, last_used_at } = key;
  return [
    id,
    `civic_${prefix}_…`,
    name,
    held.join(','),
    ...(jurisdictions ? [`only ${jurisdictions.join(',')}`] : []),
    ...(daily_writes === null ? [] : [`${daily_writes} writes a day`]),
    last_used_at ? `last used ${last_used_at}` : 'never used',
    stateIn(key),
  ].join('  ');
}

function stateIn({ state, revoked_at, expires_at }: ListedKey): string {
  if (state === 'revoked') return `revoked ${revoked_at}`;
  if (expires_at === null) return 'valid';
  return `${state === 'expired' ? 'expired' : 'expires'} ${expires_at}`;
}

const revoke = new Command('revoke')
  .description('Revoke a key for good; a running service refuses it within a second.')
  .argument('<id>', 'id or prefix of the key')
  .option('--json', 'print JSON')
  .action(async (id: string, { json }: { json?: boolean }) => {
    await withDatabase(async (db) => {
      // Whoever gives the whole key does not see it again.
      const called = id.replace(/^civic_/, '').replace(/_.*$/, '');
      const revoked = await revokeKey(db, new Date(), called);
      if (revoked === undefined) throw new Error(`no valid key is called ${called}`);
      const { id: found, name, prefix } = revoked;
      print(
        json,
        { id: found, prefix, name, revoked: true },
        `${found} (civic_${prefix}_…, ${name}) is revoked`,
      );
    });
  });

export const keysCommand = new Command('keys')
  .description('Make, list and revoke the keys that writing needs.')
  .addCommand(create)
  .addCommand(list)
  .addCommand(revoke);
