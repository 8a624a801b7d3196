/**
 * A click sends one write, a destructive action asks for confirmation, and typed values are kept.
 *
 * @module-tag full
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { answer, findViolations, idsOf, openConsole } from './browser.ts';

const CASE = 'huawei:TS-123456';

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'presses', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('holding a key on an action opens its form and sends nothing', async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    const page = await openTicket(browser, server);
    for (const label of ['Urge', 'Cancel']) {
      await page.locator('.action-buttons').getByRole('button', { name: label }).focus();
      await hold(page, 'Enter');
      const comment = page.getByRole('form', { name: label }).getByLabel(/^Comment/);
      expect(await comment.evaluate((field) => field === document.activeElement)).toBe(true);
      expect(await comment.inputValue()).toBe('');
    }
    expect(writesTo(server)).toEqual([]);
  });

  test('holding a key on the submit button sends once and confirms no dialog', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    const page = await openTicket(browser, server);
    await press(page, 'Urge');
    await page.getByRole('form', { name: 'Urge' }).locator('[type=submit]').focus();
    await hold(page, 'Enter');
    await page.getByText('“Urge” is done.').waitFor();
    expect(writesTo(server)).toHaveLength(1);

    await press(page, 'Cancel');
    await page.getByRole('form', { name: 'Cancel' }).locator('[type=submit]').focus();
    await hold(page, 'Enter');
    const dialog = page.getByRole('alertdialog');
    expect(await dialog.getByRole('button', { name: 'Back' }).evaluate((one) => one === document.activeElement)).toBe(
      true,
    );
    expect(await findViolations(page)).toEqual([]);
    expect(writesTo(server)).toHaveLength(1);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(writesTo(server)).toHaveLength(1);
    await page.getByRole('form', { name: 'Cancel' }).locator('[type=submit]').click();
    await answer(page, 'yes');
    await page.getByText('“Cancel” is done.').waitFor();
    expect(writesTo(server)).toHaveLength(2);
  });

  test.each([
    ['a double click', false],
    ['a double tap', true],
  ])('%s opens a form once, sends once, and answers no question', { tags: ['full'] }, async (_, hasTouch) => {
    const server = await startTestServer({ keys: ['huawei'] });
    const page = await openTicket(browser, server, { hasTouch });
    const twice = async (selector: string): Promise<void> => {
      await page.locator(selector).click({ trial: true });
      const box = (await page.locator(selector).boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      if (!hasTouch) return page.mouse.dblclick(x, y);
      // Not awaited in turn: taps that are half a second apart are two taps, not a double tap.
      await Promise.all([page.touchscreen.tap(x, y), page.touchscreen.tap(x, y)]);
    };
    await twice('.action-buttons button:has-text("Urge")');
    await page.getByRole('form', { name: 'Urge' }).waitFor();
    await twice('.action-form [type=submit]');
    await page.getByText('“Urge” is done.').waitFor();
    expect(writesTo(server)).toHaveLength(1);
    await twice('.action-buttons button:has-text("Cancel")');
    await page.getByRole('form', { name: 'Cancel' }).waitFor();
    await twice('.action-form [type=submit]');
    await page.getByRole('alertdialog').waitFor();
    expect(writesTo(server)).toHaveLength(1);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    expect(writesTo(server)).toHaveLength(1);
  });

  test('a bulk status change asks for confirmation, and cancelling changes nothing', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openConsole(browser, server);
    await page.locator('[data-row] input').first().check();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('CLOSED');
    await page.getByRole('textbox', { name: 'Comment' }).fill('Sorted out.');
    await page.getByRole('button', { name: 'Set status' }).click();
    await page.getByText('Set 1 ticket to “Closed”?').waitFor();
    await answer(page, 'back');
    expect(server.vendor('omnidesk').effects).toEqual([]);
    expect(await page.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('Sorted out.');
    // What was typed is there again after another selection.
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.locator('[data-row] input').nth(1).check();
    expect(await page.getByRole('textbox', { name: 'Comment' }).inputValue()).toBe('Sorted out.');
  });

  test(
    'a form keeps typed text after opening another ticket or action, and after a reload',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['huawei'] });
      const page = await openTicket(browser, server);
      await press(page, 'Close');
      const comment = page.getByRole('form', { name: 'Close' }).getByLabel(/^Comment/);
      await comment.fill('The index was missing.');
      await page.locator(`[data-row]:not([data-row="${CASE}"]) a`).first().click();
      await page.waitForURL((url) => url.searchParams.get('ticket') !== CASE);
      await page.getByRole('heading', { name: 'Actions' }).waitFor();
      await page.goBack();
      await comment.waitFor();
      expect(await comment.inputValue()).toBe('The index was missing.');

      await press(page, 'Urge');
      expect(
        await page
          .getByRole('form', { name: 'Urge' })
          .getByLabel(/^Comment/)
          .inputValue(),
      ).toBe('The index was missing.');
      await page.getByRole('button', { name: 'Back' }).click();
      await press(page, 'Close');
      await page.getByText('3 more fields, all optional').click();
      const entries = page.getByRole('group', { name: 'Satisfaction optional' });
      for (const value of ['1', '2']) {
        await entries.getByRole('button', { name: 'Add an entry' }).click();
        await entries
          .getByLabel(/^Satisfaction id/)
          .last()
          .fill(value);
      }
      await page.getByRole('button', { name: 'Close the ticket' }).click();
      await page.reload();
      await page.goto(new URL(`?ticket=${encodeURIComponent(CASE)}`, page.url()).href);
      await comment.waitFor();
      expect(await comment.inputValue()).toBe('The index was missing.');
      const ids = entries.getByLabel(/^Satisfaction id/);
      expect(await ids.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual(['1', '2']);
      await entries.getByRole('button', { name: 'Remove entry 1' }).click();
      expect(await ids.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual(['2']);
      await entries.getByRole('button', { name: 'Remove entry 1' }).click();
      await page.getByRole('form', { name: 'Close' }).locator('[type=submit]').click();
      await page.getByText('“Close” is done.').waitFor();
      expect(writesTo(server).map(({ arrival }) => JSON.parse(arrival.body) as unknown)).toEqual([
        { operate_desc: 'The index was missing.' },
      ]);
      // What was sent is no longer kept.
      await page.reload();
      await page.getByRole('heading', { name: 'Actions' }).waitFor();
      expect(await page.locator('.action-form').count()).toBe(0);
    },
  );

  test('the arrow keys move in the list but not while a ticket is being read', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openConsole(browser, server);
    await page.locator('[data-row]').first().waitFor();
    const ids = await idsOf(page);
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row'));
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
    expect(await focused()).toBe(ids[1]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
    await page.keyboard.press('ArrowDown');
    expect(new URL(page.url()).searchParams.get('ticket')).toBe(ids[1]);
    // Backwards from the title: its close button, then the board.
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Close the ticket');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('#board') !== null)).toBe(true);
  });
});

async function openTicket(browser: Browser, server: TestServer, options = {}): Promise<Page> {
  const page = await openConsole(browser, server, `?ticket=${CASE}`, options);
  await page.getByRole('heading', { name: 'Actions' }).waitFor();
  await page.locator('[data-row]').first().waitFor();
  return page;
}

async function press(page: Page, label: string): Promise<void> {
  await page.locator('.action-buttons').getByRole('button', { name: label, exact: true }).click();
}

/** The key goes down once and repeats itself, as one that is held does. */
async function hold(page: Page, key: string): Promise<void> {
  for (let count = 0; count < 12; count += 1) await page.keyboard.down(key);
  await page.keyboard.up(key);
}

function writesTo(server: TestServer) {
  return server.calls('huawei').filter(({ arrival }) => arrival.path.endsWith('/action'));
}
