/**
 * Outcomes of writes stay listed until they are seen, also after the ticket, the filter and the page have changed.
 *
 * @module-tag full
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, type TestServerOptions } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { answer, findViolations, openConsole, photograph } from './browser.ts';

const TICKET = 'omnidesk:858462';

/** The vendor takes writes, never answers, and is given up soon. */
const SILENT: TestServerOptions = {
  faults: new Map([['omnidesk', 'silent']]),
  environment: { OMNIDESK_TIMEOUT_MS: '2000' },
};

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'outcomes', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('an unknown outcome stays listed after closing the ticket, filtering and reloading', async () => {
    const server = await startTestServer({ environment: { OMNIDESK_TIMEOUT_MS: '120000' } });
    const hasSeenSending = Promise.withResolvers<undefined>();
    server.vendor('omnidesk').faults = ({ path }) =>
      path.includes('setStatus')
        ? { kind: 'hold', until: hasSeenSending.promise, then: { kind: 'reset', applied: false } }
        : undefined;
    const page = await openTicket(browser, server);
    const keys = await watchKeys(page);
    await solve(page);
    await page.keyboard.press('Escape');
    const tray = trayOf(page);
    const row = page.locator(`[data-row="${TICKET}"]`);
    // Before the vendor breaks the connection, and afterwards.
    await row.getByText('“Mark as solved” is being sent').waitFor();
    expect(await row.locator('.status').innerText()).toBe('New');
    hasSeenSending.resolve(undefined);
    await tray.getByText('We do not know whether “Mark as solved” was done.').waitFor();
    await row.getByText('“Mark as solved”: outcome unknown').waitFor();
    expect(await row.locator('.status').innerText()).toBe('New');
    expect(await tray.getByRole('status').innerText()).toBe('1 unknown');
    expect(await findViolations(page)).toEqual([]);
    await photograph(page, 'outcome');

    await page.getByRole('button', { name: /^Huawei Cloud/ }).click();
    await page.waitForURL(/vendor=HUAWEI/);
    await tray.getByText('We do not know').waitFor();
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    await tray.getByText('We do not know').waitFor();

    // The same write under the same key: the kept answer, and nothing is sent.
    const writes = writesTo(server).length;
    await tray.getByRole('button', { name: 'Ask the server again' }).click();
    await tray.getByText('This is the stored result of the first attempt. Nothing was sent again.').waitFor();
    expect(writesTo(server)).toHaveLength(writes);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);

    await tray.getByRole('button', { name: 'Check the ticket' }).click();
    await page.waitForURL((url) => url.searchParams.get('ticket') === TICKET);
    await page.locator('.outcome').getByText('We do not know').waitFor();
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
    await expect.poll(() => seenOf(page)).toEqual([true]);
    await page.getByRole('button', { name: 'Close the ticket' }).click();
    expect(await tray.getByRole('status').innerText()).toBe('');
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    expect(await tray.getByRole('status').innerText()).toBe('');
  });

  test(
    'a write is not repeated under an expired key, even if the button is still shown',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer(SILENT);
      const page = await openTicket(browser, server);
      const keys = await watchKeys(page);
      await solve(page);
      await page.keyboard.press('Escape');
      const tray = trayOf(page);
      await tray.getByText('We do not know whether “Mark as solved” was done.').waitFor();
      const askAgain = tray.getByRole('button', { name: 'Ask the server again' });
      await askAgain.waitFor();
      await page.evaluate('{ const now = Date.now; Date.now = () => now() + 24 * 60 * 60 * 1000; }');
      await askAgain.click();
      await expect.poll(() => askAgain.count()).toBe(0);
      expect(keys).toHaveLength(1);
      await tray.getByText('We do not know whether “Mark as solved” was done.').waitFor();
      await tray.getByRole('button', { name: 'Check the ticket' }).waitFor();
    },
  );

  test('an outcome stays listed if checking the ticket fails', { tags: ['full'] }, async () => {
    const server = await startTestServer(SILENT);
    const page = await openTicket(browser, server);
    await solve(page);
    await page.locator('.outcome').getByText('We do not know').waitFor();
    server.vendor('omnidesk').faults = () => ({ kind: 'answer', reply: { status: 503 }, applied: false });
    await page.getByRole('button', { name: 'Check the ticket again' }).click();
    await page.getByRole('complementary').getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Close the ticket' }).click();
    await trayOf(page).getByText('We do not know').waitFor();
    await trayOf(page).getByRole('button', { name: 'Dismiss' }).click();
    expect(await trayOf(page).getByRole('status').innerText()).toBe('');
  });

  test(
    'a write interrupted by a reload can be repeated under its key and is applied once',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['omnidesk'] });
      const page = await openTicket(browser, server);
      const keys = await watchKeys(page);
      const stuck = Promise.withResolvers<undefined>();
      await page.route('**/graphql', async (route) => {
        if (route.request().postDataJSON().variables.input === undefined) return route.fallback();
        const response = await route.fetch();
        await stuck.promise;
        return route.fulfill({ response }).catch(() => undefined);
      });
      await solve(page);
      await expect.poll(() => server.vendor('omnidesk').effects.length).toBe(1);
      const asked = watchUnload(page);
      await page.reload();
      expect(asked).toEqual(['beforeunload']);
      stuck.resolve(undefined);
      await page.unroute('**/graphql');
      await watchKeys(page, keys);
      await page.getByText('No response: we do not know whether “Mark as solved” was done.').waitFor();
      await page.getByText('The page was reloaded before the response arrived.').waitFor();
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByText('“Mark as solved” is done.').waitFor();
      await page.getByText('This is the stored result of the first attempt. Nothing was sent again.').waitFor();
      expect(new Set(keys).size).toBe(1);
      expect(server.vendor('omnidesk').effects).toHaveLength(1);
    },
  );

  test('a bulk status change warns before a reload and resumes under the same keys', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openConsole(browser, server);
    await page.locator('[data-row]').first().waitFor();
    const keys: string[] = [];
    const stuck = Promise.withResolvers<undefined>();
    await page.route('**/graphql', async (route) => {
      const { input } = route.request().postDataJSON().variables;
      if (input === undefined) return route.continue();
      keys.push(input.idempotencyKey);
      const response = await route.fetch();
      if (keys.length === 2) await stuck.promise;
      return route.fulfill({ response }).catch(() => undefined);
    });
    await page.getByLabel('Select all shown tickets').check();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('PENDING');
    await page.getByRole('button', { name: 'Set status' }).click();
    await answer(page, 'yes');
    await page.getByText('Pending: 10 of 25').waitFor();
    await expect.poll(() => server.vendor('omnidesk').effects.length).toBe(20);
    const asked = watchUnload(page);
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
    stuck.resolve(undefined);
    await page.getByText('10 done, 10 unknown, 5 waiting.').waitFor();
    await page.getByRole('button', { name: 'Send the rest' }).click();
    await page.getByText('25 done.').waitFor();
    // The first part was answered; the second is asked for again under its key; the third has one of its own.
    expect(keys).toHaveLength(4);
    expect(keys[2]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
    expect(server.vendor('omnidesk').effects).toHaveLength(25);
    const after = watchUnload(page);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    expect(after).toEqual([]);
  });

  test(
    'unknown bulk results are listed ticket by ticket after the results are closed',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer(SILENT);
      const page = await openConsole(browser, server, '?vendor=OMNIDESK');
      await page.locator('[data-row]').first().waitFor();
      for (const index of [0, 1]) await page.locator('[data-row] input').nth(index).check();
      await page.getByRole('combobox', { name: 'Status' }).selectOption('CLOSED');
      await page.getByRole('button', { name: 'Set status' }).click();
      await answer(page, 'yes');
      await page.getByText('2 unknown. Check the unknown ones').waitFor();
      expect(await page.getByText('“Closed”: outcome unknown').count()).toBe(2);
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      const tray = trayOf(page);
      await tray.getByText('We do not know whether “Closed” was done for 2 tickets.').waitFor();
      await tray.getByRole('button', { name: TICKET }).click();
      await page.getByRole('heading', { name: 'Actions' }).waitFor();
      await tray.getByText('We do not know whether “Closed” was done for 1 ticket.').waitFor();
      await tray.getByRole('button', { name: 'Dismiss' }).click();
      expect(await tray.getByRole('status').innerText()).toBe('');
    },
  );

  test('a response that arrives after the ticket was closed is listed', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openTicket(browser, server);
    const released = Promise.withResolvers<undefined>();
    await page.route('**/graphql', async (route) => {
      if (route.request().postDataJSON().variables.input === undefined) return route.continue();
      const response = await route.fetch();
      await released.promise;
      return route.fulfill({ response });
    });
    await solve(page);
    await page.keyboard.press('Escape');
    const tray = trayOf(page);
    await tray.getByText('“Mark as solved” is being sent.').waitFor();
    released.resolve(undefined);
    await tray.getByText('“Mark as solved” is done.').waitFor();
    await page.locator(`[data-row="${TICKET}"]`).getByText('Solved').waitFor();
    await tray.getByRole('button', { name: 'Clear finished' }).click();
    expect(await tray.getByRole('status').innerText()).toBe('');
  });
});

async function openTicket(browser: Browser, server: TestServer): Promise<Page> {
  const page = await openConsole(browser, server, `?ticket=${TICKET}`);
  await page.getByRole('heading', { name: 'Actions' }).waitFor();
  await page.locator(`[data-row="${TICKET}"]`).waitFor();
  return page;
}

async function solve(page: Page): Promise<void> {
  await page.locator('.action-buttons').getByRole('button', { name: 'Mark as solved' }).click();
  await page.getByRole('form', { name: 'Mark as solved' }).locator('[type=submit]').click();
}

function trayOf(page: Page) {
  return page.getByRole('region', { name: 'Outcomes' });
}

function writesTo(server: TestServer) {
  return server.calls('omnidesk').filter(({ arrival }) => arrival.path.includes('setStatus'));
}

/** The idempotency keys of the page's writes, as they are sent. */
async function watchKeys(page: Page, keys: string[] = []): Promise<string[]> {
  page.on('request', (request) => {
    const key = request.postDataJSON()?.variables?.input?.idempotencyKey;
    if (typeof key === 'string') keys.push(key);
  });
  return keys;
}

/** Questions that the browser asks before it leaves the page; each is answered with yes. */
function watchUnload(page: Page): string[] {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  return asked;
}

/** Of the writes that the page keeps, whether somebody has looked. */
async function seenOf(page: Page): Promise<boolean[]> {
  const text = await page.evaluate(() => sessionStorage.getItem('ticketgraph.writes.anonymous') ?? '[]');
  return (JSON.parse(text) as { isSeen: boolean }[]).map(({ isSeen }) => isSeen);
}
