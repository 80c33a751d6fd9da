import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { openTemporary } from '../db/open.ts';

export const openapiCommand = new Command('openapi')
  .description('Print the OpenAPI description.')
  .option('--output <file>', 'write it there')
  .option('--check <file>', 'fail unless that file is current')
  .action(async ({ output, check }: { output?: string; check?: string }) => {
    const committed = check && readFileSync(check, 'utf8');
    const text = await describe();
    if (check && committed !== text) throw new Error(`${check} is stale: run npm run generate`);
    if (output) writeFileSync(output, text);
    if (!output && !check) process.stdout.write(text);
  });

/** The description does not depend on what the database holds, so an empty one of its own will do. */
async function describe(): Promise<string> {
  const { buildApp } = await import('../app.ts');
  const { openapiText } = await import('../http/openapi.ts');
  const db = await openTemporary();
  const app = await buildApp({ config: { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' }, db });
  try {
    await app.ready();
    return openapiText(app);
  } finally {
    await app.close();
    await db.close();
  }
}
