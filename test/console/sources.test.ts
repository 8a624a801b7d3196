/** Several sources of one vendor in the console: what it shows of each, and how it filters. Checked by what was asked. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { NARROW, findViolations, idsOf, openConsole, reloadIfLate, shiftsOf } from './browser.ts';

const NAMES = { OMNIDESK_NAME: 'Omnidesk', 'OMNIDESK@EMEA_NAME': 'Service desk EMEA' };
const KEYS = ['omnidesk', 'omnidesk@emea', 'huawei'];

const start = (): Promise<TestServer> => startTestServer({ keys: KEYS, environment: NAMES });

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'sources in the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('the board shows and filters each source of a vendor that has several', async () => {
    const server = await start();
    const page = await openConsole(browser, server);
    await reloadIfLate(page);
    const tiles = page.getByRole('region', { name: 'Vendors' }).getByRole('button');
    await page.locator('[data-row^="omnidesk@emea:"]').first().waitFor();
    expect(await tiles.locator('.vendor-name').allInnerTexts()).toEqual(
      expect.arrayContaining(['Omnidesk', 'Service desk EMEA', 'Huawei Cloud']),
    );
    const row = page.locator('[data-row^="omnidesk@emea:"]').first();
    expect(await row.locator('.cell-vendor').innerText()).toBe('Service desk EMEA');
    const ofHuawei = page.locator('[data-row^="huawei:"] .cell-vendor').first();
    await ofHuawei.waitFor();
    expect(await ofHuawei.innerText()).toBe('Huawei Cloud');

    await page.getByRole('button', { name: /^Service desk EMEA/ }).click();
    await page.waitForURL((url) => url.searchParams.getAll('source').join() === 'omnidesk@emea');
    await page.locator('[data-row^="huawei:"]').first().waitFor({ state: 'detached' });
    expect((await idsOf(page)).filter((id) => !id.startsWith('omnidesk@emea:'))).toEqual([]);
    await page.getByRole('button', { name: /^Huawei Cloud/ }).click();
    await page.waitForURL((url) => url.searchParams.getAll('source').join() === 'omnidesk@emea,huawei');
    await page.locator('[data-row^="huawei:"]').first().waitFor();
    expect((await idsOf(page)).filter((id) => id.startsWith('omnidesk:'))).toEqual([]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.locator('[data-row^="omnidesk:"]').first().waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await shiftsOf(page)).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test('a link to the filter of a vendor shows all of its sources', { tags: ['full'] }, async () => {
    const server = await start();
    const page = await openConsole(browser, server, '?vendor=OMNIDESK');
    await reloadIfLate(page);
    await page.locator('[data-row^="omnidesk@emea:"]').first().waitFor();
    const pressed = page.locator('.vendor[aria-pressed="true"] .vendor-name');
    expect(await pressed.allInnerTexts()).toEqual(['Omnidesk', 'Service desk EMEA']);
    await page.getByRole('button', { name: /^Omnidesk/ }).click();
    await page.waitForURL((url) => url.search === '?source=omnidesk%40emea');
    await page.locator('[data-row^="omnidesk:"]').first().waitFor({ state: 'detached' });
    expect(await pressed.allInnerTexts()).toEqual(['Service desk EMEA']);
  });

  test('a ticket names its source, and is acted on there alone', { tags: ['full'] }, async () => {
    const server = await start();
    const page = await openConsole(browser, server);
    await page.getByRole('searchbox').fill('omnidesk@emea:858462');
    await page.keyboard.press('Enter');
    const pane = page.getByRole('complementary');
    await pane.getByRole('heading', { name: 'Actions' }).waitFor();
    expect(await pane.locator('.pane-line .reference').innerText()).toMatch(/^Service desk EMEA · /);
    await pane.getByRole('button', { name: 'Mark as solved' }).click();
    const form = page.getByRole('form', { name: 'Mark as solved' });
    await form.getByRole('button', { name: 'Mark as solved' }).click();
    await expect.poll(() => server.vendor('omnidesk@emea').effects.length).toBe(1);
    expect(server.vendor('omnidesk').effects).toEqual([]);
    expect(await findViolations(page)).toEqual([]);
  });

  test('a source that is down is marked, and the other of its vendor is not', { tags: ['full'] }, async () => {
    const faults = new Map([['omnidesk@emea', 'down']] as const);
    const server = await startTestServer({ keys: KEYS, environment: NAMES, faults });
    const page = await openConsole(browser, server);
    await page.locator('.notice').getByText('Service desk EMEA: Down.').waitFor();
    const health = (name: string): Promise<string | null> =>
      page.locator('.vendor', { hasText: name }).getAttribute('data-health');
    await expect.poll(() => health('Service desk EMEA')).toBe('bad');
    expect(await health('Omnidesk')).toBe('good');
    expect(await page.locator('[data-row^="omnidesk:"]').count()).toBeGreaterThan(0);
    expect(await findViolations(page)).toEqual([]);
  });

  test('a source in the address that does not exist is explained', { tags: ['full'] }, async () => {
    const server = await start();
    const malformed = await openConsole(browser, server, '?source=omnidesk%40EMEA%40x&source=omnidesk');
    await malformed.locator('[data-row^="omnidesk:"]').first().waitFor();
    await malformed.getByText('Not a vendor, source or status.').waitFor();
    const unknown = await openConsole(browser, server, '?source=omnidesk%40apac');
    await unknown.getByRole('alert').getByText('omnidesk@apac').waitFor();
    await unknown.getByRole('button', { name: 'Clear filters' }).click();
    await unknown.locator('[data-row]').first().waitFor();
  });

  test('a long name of a source is cut off and moves nothing', { tags: ['full'] }, async () => {
    const environment = {
      'OMNIDESK@EMEA_NAME': 'Service desk of Europe, the Middle East and Africa, second installation',
    };
    const server = await startTestServer({ keys: KEYS, environment });
    for (const viewport of [undefined, NARROW]) {
      const page = await openConsole(browser, server, '', viewport && { viewport });
      await reloadIfLate(page);
      await page.locator('[data-row^="omnidesk@emea:"]').first().waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const cut = await page
        .locator('.vendor')
        .evaluateAll((tiles) => tiles.filter((tile) => tile.scrollWidth > tile.clientWidth + 1).length);
      expect(cut).toBe(0);
      expect(await findViolations(page)).toEqual([]);
      if (process.env['SHOT']) {
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.screenshot({ path: `/tmp/shots/long-${viewport ? 'narrow' : 'wide'}.png`, animations: 'disabled' });
      }
    }
  });
});
