import { Command } from 'commander';
import { print, withDatabase } from './environment.ts';

export const seedCommand = new Command('seed')
  .description('Load the facts of the seed documents; a second time changes nothing.')
  .option('--json', 'print JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const { buildApp } = await import('../app.ts');
    const { seed } = await import('../start.ts');
    await withDatabase(async (db, config) => {
      const app = await buildApp({ config: { ...config, LOG_LEVEL: 'silent' }, db });
      const counts = await seed(app);
      await app.close();
      if (json) return print(json, Object.fromEntries(counts), '');
      for (const [kind, { created, updated, unchanged }] of counts) {
        print(false, null, `${kind}: ${created} created, ${updated} updated, ${unchanged} unchanged`);
      }
    });
  });
