/**
 * Opens Swagger UI in headless Chromium as a new user would: over plain http, runs a list call, authorizes, runs
 * a write, and reads the answers on the page. Fails when the page asks another host for anything, when the
 * console has a word of complaint, and when an operation is slow to open.
 */
import assert from 'node:assert/strict';
import { chromium, type Locator, type Page } from 'playwright-core';
import { buildApp } from '../src/app.ts';
import { openDatabase } from '../src/db/open.ts';
import { createKey } from '../src/http/keys.ts';
import { freshDatabase } from './databases.ts';

/**
 * Longest wait for an operation to open, in milliseconds: a multiple of what it takes, for slow machines, and a
 * fraction of the 20 s it takes when Swagger UI resolves the whole description.
 */
const OPENING = 5_000;

const ends: (() => unknown)[] = [];
const db = await openDatabase(await freshDatabase({ teardown: (end) => void ends.push(end) }, 'seeded'));
const app = await buildApp({ config: { LOG_LEVEL: 'silent', TRUST_PROXY: [], PUBLIC_URL: '' }, db });
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
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${address}/docs`);

  const read = await execute(await openOperation(page, 'policies', 'list_policies'));
  assert.equal(read.status, '200');
  assert.match(read.body, /los-angeles-sanctuary-city-ordinance/, 'the list is read on the page');
  await openOperation(page, 'statements', 'list_statements');

  await authorize(page, key);
  const create = await openOperation(page, 'topics', 'create_topics');
  const written = await execute(create);
  assert.equal(written.status, '201');
  assert.match(written.body, /language-access/, 'the record made is read on the page');
  if (process.env.SCREENSHOT) {
    await create.scrollIntoViewIfNeeded();
    await page.screenshot({ path: process.env.SCREENSHOT });
  }

  assert.deepEqual(elsewhere, [], 'no other host is asked for anything');
  assert.deepEqual(complaints, [], 'the console stays clean');
} finally {
  await browser.close();
  await app.close();
  await db.close();
  for (const end of ends) await end();
}

/** Opens a tag and one of its operations, and waits for its form. */
async function openOperation(page: Page, tag: string, operation: string): Promise<Locator> {
  const block = page.locator(`#operations-${tag}-${operation}`);
  await page.locator(`#operations-tag-${tag}`).click();
  await block.locator('.opblock-summary-control').click();
  await block.locator('.execute').waitFor({ timeout: OPENING });
  return block;
}

/** Gives Swagger UI the key, as its dialog asks for it. */
async function authorize(page: Page, key: string): Promise<void> {
  await page.locator('button.authorize').first().click();
  await page.locator('.auth-container input').first().fill(key);
  await page.locator('.auth-btn-wrapper button.authorize').click();
  await page.locator('.auth-btn-wrapper button.btn-done').click();
}

/** Presses Execute and returns the answer as the page shows it. */
async function execute(block: Locator): Promise<{ status: string; body: string }> {
  await block.locator('.execute').click();
  const answer = block.locator('.live-responses-table .response').first();
  const body = answer.locator('.highlight-code code').first();
  await body.waitFor({ timeout: 20_000 });
  const status = await answer.locator('.response-col_status').textContent();
  return { status: /\d+/.exec(status ?? '')?.[0] ?? '', body: (await body.textContent()) ?? '' };
}
