/**
 * Opens Swagger UI in headless Chromium as a new user would: over plain http, runs a list call, authorizes, runs
 * a write, and reads the answers on the page. Fails when the page asks another host for anything.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { buildApp } from '../src/app.ts';
import { openDatabase } from '../src/db/open.ts';
import { createKey } from '../src/http/keys.ts';
import { seed } from '../src/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'civic-browser-'));
const db = openDatabase(`sqlite:${join(folder, 'browser.db')}`);
const app = await buildApp({ config: { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' }, db });
await seed(app);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
const { key } = await createKey(db, new Date(), { name: 'browser', scope: 'write', expiresAt: null });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
      elsewhere.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${address}/docs`);
  await page
    .locator('#operations-policies-list_policies')
    .waitFor({ timeout: 30_000 })
    .catch(() => undefined);
  await openOperation(page, 'policies', 'list_policies');
  const read = await execute(page, 'list_policies');
  assert.match(read, /los-angeles-sanctuary-city-ordinance/, 'the list is read on the page');

  await page.locator('button.authorize').first().click();
  await page.locator('.auth-container input').first().fill(key);
  await page.locator('.auth-btn-wrapper button.authorize').click();
  await page.locator('.auth-btn-wrapper button.btn-done').click();
  await openOperation(page, 'topics', 'create_topics');
  const written = await execute(page, 'create_topics');
  assert.match(written, /language-access/, 'the record made is read on the page');
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });

  assert.deepEqual(elsewhere, [], 'no other host is asked for anything');
  assert.deepEqual(complaints, [], 'the console stays clean');
} finally {
  await browser.close();
  await app.close();
  await db.close();
  rmSync(folder, { recursive: true });
}

/** Opens a tag and one of its operations. */
async function openOperation(page: Page, tag: string, operation: string): Promise<void> {
  const block = page.locator(`#operations-${tag}-${operation}`);
  if (!(await block.isVisible())) await page.locator(`#operations-tag-${tag}`).click();
  await block.locator('.opblock-summary-control').click();
  await block.locator('.execute').waitFor();
}

/** Presses Execute and returns the answer's body as the page shows it. */
async function execute(page: Page, operation: string): Promise<string> {
  const block = page.locator(`[id$="-${operation}"].opblock`);
  await block.locator('.execute').click();
  const body = block.locator('.live-responses-table .highlight-code code').first();
  await body.waitFor({ timeout: 20_000 });
  return (await body.textContent()) ?? '';
}
