/**
 * Tickets that cannot be shown, ignored values in the URL, and 400 % zoom.
 *
 * @module-tag full
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { startTestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { findViolations, openConsole } from './browser.ts';

/** 1280 by 1024 pixels at 400 %. */
const ZOOMED = { width: 320, height: 256 };

const ANSWERS: readonly [string, Fault, string][] = [
  ['fails', { kind: 'answer', reply: { status: 503 }, applied: false }, 'Omnidesk: Down'],
  ['rejects the account', { kind: 'answer', reply: { status: 403 }, applied: false }, 'Omnidesk: Access denied'],
  ['rejects the sign-in', { kind: 'answer', reply: { status: 401 }, applied: false }, 'Omnidesk: Sign-in rejected'],
  ['is rate limited', { kind: 'answer', reply: { status: 429 }, applied: false }, 'Omnidesk: Rate limited'],
  ['never responds', { kind: 'silent', applied: false }, 'Omnidesk: Timed out'],
];

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'states', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each(ANSWERS)(
    'a ticket whose vendor %s is not reported as missing and can be retried',
    { tags: ['full'] },
    async (_, fault, title) => {
      // A busy machine must not take an answer for none.
      const environment = { OMNIDESK_TIMEOUT_MS: fault.kind === 'silent' ? '1500' : '120000' };
      const server = await startTestServer({ keys: ['omnidesk'], environment });
      server.vendor('omnidesk').faults = () => fault;
      const page = await openConsole(browser, server, '?ticket=omnidesk:858462');
      await headingOf(page, title);
      const pane = page.getByRole('complementary');
      await pane.getByRole('alert').waitFor();
      expect(await pane.innerText()).not.toContain('no such ticket');
      expect(await findViolations(page)).toEqual([]);
      server.vendor('omnidesk').faults = undefined;
      // The breaker and a pause of the source may still stand before the vendor for a moment.
      await expect
        .poll(
          async () => {
            const again = pane.getByRole('button', { name: 'Try again' });
            if (await again.isVisible()) await again.click();
            return pane.getByRole('heading', { name: 'Actions' }).isVisible();
          },
          { interval: 500 },
        )
        .toBe(true);
    },
  );

  test.each([
    ['omnidesk:1', 'Ticket not found'],
    ['huawei:TS-123456', 'Huawei Cloud: Not connected'],
    ['unknown:1', 'Invalid ticket id'],
    ['omnidesk:not a number', 'Invalid ticket id'],
  ])('%s says why there is nothing to show', { tags: ['full'] }, async (id, title) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openConsole(browser, server, `?ticket=${encodeURIComponent(id)}`);
    await headingOf(page, title);
    await page.getByRole('complementary').getByRole('alert').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test('a ticket keeps its data if a reload fails, and the error is shown', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openConsole(browser, server, '?ticket=omnidesk:858462');
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
    await page.route('**/graphql', (route) => route.abort('connectionrefused'));
    await page.reload();
    await headingOf(page, 'Could not load the ticket');
    await page.getByRole('complementary').getByText('The server is unreachable.').waitFor();
  });

  test('unknown vendors and statuses in the URL are ignored with a note', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server, '?vendor=FOO&vendor=huawei&status=nothing');
    await page.locator('[data-row]').first().waitFor();
    await page.getByText('Ignored in the address: “FOO”, “nothing”. Not a vendor, source or status.').waitFor();
    expect(await page.locator('[data-row]:not([data-row^="huawei"])').count()).toBe(0);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.waitForURL((url) => url.search === '?vendor=HUAWEI');
    expect(await page.getByText('in the address').count()).toBe(0);
  });

  test('a late vendor is reported as late, not as failed', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
    const page = await openConsole(browser, server);
    await page.locator('[data-row]').first().waitFor();
    const released = Promise.withResolvers<undefined>();
    server.vendor('huawei').faults = () => ({ kind: 'hold', until: released.promise });
    await page.keyboard.press('r');
    const notice = page.locator('.notice').filter({ hasText: 'Huawei Cloud: No response yet.' });
    await notice.getByText('Its tickets have not loaded yet. Reload to try again.').waitFor();
    server.vendor('huawei').faults = undefined;
    released.resolve(undefined);
    // On a busy machine, the vendor may really be late once more.
    await expect
      .poll(async () => {
        if ((await notice.count()) === 0) return true;
        const listed = page.waitForResponse((response) => response.request().postDataJSON()?.operationName === 'Board');
        await notice.getByRole('button', { name: 'Reload' }).click();
        await listed;
        return (await notice.count()) === 0;
      })
      .toBe(true);
    await page.locator('[data-row^="huawei"]').first().waitFor();
  });

  test('a board whose sources are all late waits for them by itself', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
    const release = Promise.withResolvers<undefined>();
    for (const key of ['omnidesk', 'huawei'] as const) {
      server.vendor(key).faults = () => ({ kind: 'hold', until: release.promise });
    }
    const pages: number[] = [];
    const page = await openConsole(browser, server, '', {}, (request) => {
      if (request.postDataJSON()?.operationName === 'Board') pages.push(pages.length);
    });
    // The first answer says that nothing has arrived; the second request waits.
    await expect.poll(() => pages.length).toBe(2);
    await page.locator('table[aria-busy="true"]').waitFor();
    expect(await page.locator('.notice').count()).toBe(0);
    expect(await page.getByText('No list available').count()).toBe(0);
    release.resolve(undefined);
    await page.locator('[data-row^="omnidesk"]').first().waitFor();
    await page.locator('[data-row^="huawei"]').first().waitFor();
    expect(pages).toHaveLength(2);
    expect(page.complaints).toEqual([]);
  });

  test('at 400 % zoom nothing is clipped or scrolls horizontally', { tags: ['full'] }, async () => {
    const server = await startTestServer({ faults: new Map([['akana', 'down']]) });
    const page = await openConsole(browser, server, '?vendor=FOO', { viewport: ZOOMED });
    await page.locator('[data-row]').first().waitFor();
    await page.locator('.notice').waitFor();
    expect(await cutOf(page)).toEqual([]);
    await page.locator('[data-row^="omnidesk"] input').first().check();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('CLOSED');
    expect(await cutOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set status' }).click();
    await page.getByRole('alertdialog').waitFor();
    expect(await cutOf(page)).toEqual([]);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    expect(await cutOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const id of ['omnidesk:858462', 'huawei:TS-123456', 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08']) {
      await page.goto(new URL(`?ticket=${encodeURIComponent(id)}`, page.url()).href);
      await page.getByRole('heading', { name: 'Actions' }).waitFor();
      await page.getByRole('heading', { name: 'Fields' }).waitFor();
      await page.locator('.action-buttons button').first().click();
      await page.getByRole('form').last().getByRole('button', { name: 'Preview' }).waitFor();
      expect(await cutOf(page)).toEqual([]);
    }
  });

  test(
    'mail addresses break after punctuation, empty fields are listed, and enum values are formatted',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['omnidesk'] });
      const page = await openConsole(browser, server, '?ticket=omnidesk:858462', { viewport: ZOOMED });
      await page.getByRole('heading', { name: 'Fields' }).waitFor();
      const values = await page.locator('.fields dd').allInnerTexts();
      expect(values.filter((value) => value.trim() === '')).toEqual([]);
      expect(values.filter((value) => /^[A-Z]{3,}(_[A-Z]+)*$/.test(value))).toEqual([]);
      const broken = await page.locator('.fields dd').evaluateAll((all) =>
        all.flatMap((one) => {
          const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
          const texts: string[] = [];
          while (walker.nextNode()) {
            const range = document.createRange();
            range.selectNodeContents(walker.currentNode);
            const text = range.toString();
            if (!/\s/.test(text) && range.getClientRects().length > 1) texts.push(text);
          }
          return texts;
        }),
      );
      expect(broken).toEqual([]);
    },
  );
});

async function headingOf(page: Page, title: string): Promise<void> {
  await page.getByRole('complementary').getByRole('heading', { level: 2, name: title, exact: true }).waitFor();
}

/** What is wider than the page, or cuts text that it holds. */
async function cutOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > window.innerWidth) found.push('the page scrolls sideways');
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const { overflowX, visibility, clipPath } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (visibility === 'hidden' || clipPath !== 'none' || box.width === 0) continue;
      const name = `${element.tagName} .${element.className} ${element.textContent.slice(0, 40)}`;
      if (box.right > window.innerWidth + 1 || box.left < -1) found.push(`outside: ${name}`);
      const isField = /^(INPUT|SELECT|TEXTAREA|PROGRESS)$/.test(element.tagName);
      if (!isField && overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)
        found.push(`cut: ${name}`);
    }
    return found;
  });
}
