/**
 * The console with authentication: sign-in, the credential in the tab, and missing permissions.
 *
 * @module-tag full
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { findViolations, openConsole } from './browser.ts';

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'signing in', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('sign-in is requested, reports rejected credentials, lasts for the tab, and ends', async () => {
    const server = await startTestServer({ environment: writeKeys({ desk: 'ticket:read,ticket:status' }) });
    const page = await openConsole(browser, server);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This server requires you to sign in.').waitFor();
    await page.locator('input[name=value]:focus').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await signIn(page, 'not the key');
    await dialog.getByText('Your credentials were not accepted.').waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(true);
    await signIn(page, 'key of desk');
    await page.locator('[data-row]').first().waitFor();
    expect(await dialog.count()).toBe(0);
    expect(await page.evaluate(() => [localStorage.getItem('ticketgraph.credential'), document.cookie])).toEqual([
      null,
      '',
    ]);

    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    await page.getByRole('button', { name: 'Account: API key' }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await dialog.getByText('This server requires you to sign in.').waitFor();
    expect(await page.locator('[data-row]').count()).toBe(0);
  });

  test('sign-in with a token sends a bearer token', { tags: ['full'] }, async () => {
    const server = await startTestServer({ environment: writeKeys({ desk: 'ticket:read' }) });
    const page = await openConsole(browser, server);
    await page.getByRole('dialog').getByLabel('a token').check();
    const sent = page.waitForRequest((request) => request.headers()['authorization'] !== undefined);
    await signIn(page, 'abc.def.ghi');
    expect((await sent).headers()).toMatchObject({ authorization: 'Bearer abc.def.ghi' });
    expect((await sent).headers()).not.toHaveProperty('x-api-key');
  });

  test(
    'a caller without write scopes gets no actions, no selection and no bulk status change',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ environment: writeKeys({ reader: 'ticket:read' }) });
      const page = await openConsole(browser, server, '?ticket=huawei:TS-123456');
      await signIn(page, 'key of reader');
      await page.getByText('No actions available.').waitFor();
      await page.getByRole('button', { name: 'Close the ticket' }).click();
      await page.locator('[data-row]').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      expect(await page.getByRole('checkbox').count()).toBe(0);
      expect(await page.getByRole('region', { name: 'Selected tickets' }).count()).toBe(0);
      expect(await findViolations(page)).toEqual([]);
    },
  );

  test('bulk selection is limited to vendors whose tickets the caller may change', { tags: ['full'] }, async () => {
    const server = await startTestServer({ environment: writeKeys({ desk: 'ticket:read,omnidesk/ticket:status' }) });
    const page = await openConsole(browser, server);
    await signIn(page, 'key of desk');
    await page.locator('[data-row^="omnidesk"] input').first().waitFor();
    expect(await page.locator('[data-row]:not([data-row^="omnidesk"]) input').count()).toBe(0);
    await page.getByLabel('Select all shown tickets').check();
    const selected = await page
      .locator('[data-row][data-selected="true"]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')?.split(':')[0]));
    expect(new Set(selected)).toEqual(new Set(['omnidesk']));
    expect(await page.locator('[data-row^="omnidesk"]').count()).toBe(selected.length);
  });

  test('a caller without the read scope sees the reason', { tags: ['full'] }, async () => {
    const server = await startTestServer({ environment: writeKeys({ writer: 'ticket:status' }) });
    const page = await openConsole(browser, server);
    await signIn(page, 'key of writer');
    await page.getByRole('alert').getByText('Your credentials do not allow this.').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test("the console's operations can be registered", { tags: ['full'] }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-operations-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const OPERATIONS_MANIFEST = join(folder, 'operations.json');
    const environment = { ...process.env, OPERATIONS_MANIFEST };
    const options = ['scripts/register-operations.ts', '--typename', 'console/src'];
    execFileSync(process.execPath, options, { cwd: join(import.meta.dirname, '../..'), env: environment });
    const server = await startTestServer({ environment: { OPERATIONS: 'registered', OPERATIONS_MANIFEST } });
    const page = await openConsole(browser, server, '?ticket=huawei:TS-123456');
    await page.locator('[data-row]').first().waitFor();
    await page.locator('.action-buttons').getByRole('button', { name: 'Close' }).click();
    const form = page.getByRole('form', { name: 'Close' });
    await form.getByRole('button', { name: 'Preview' }).click();
    await form.getByText('Preview only. Nothing has been sent.').waitFor();
    await form.locator('[type=submit]').click();
    await page.getByText('“Close” is done.').waitFor();
    expect((await server.ask('{ vendors { key } }')).errors).toBeDefined();
    expect(page.complaints).toEqual([]);
  });
});

async function signIn(page: Page, value: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Key or token').fill(value);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
}

/** A file with one API key for each name, with these scopes. */
function writeKeys(keys: Readonly<Record<string, string>>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys');
  const digest = (name: string): string => createHash('sha256').update(`key of ${name}`).digest('hex');
  writeFileSync(
    path,
    Object.entries(keys)
      .map(([name, scopes]) => `${name} ${digest(name)} ${scopes}\n`)
      .join(''),
  );
  return { AUTH_API_KEYS_FILE: path };
}
