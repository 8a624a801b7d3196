/**
 * Accessibility of the console: keyboard, dark mode, narrow screens, and the rules of axe.
 *
 * @module-tag full
 */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { findViolations, idsOf, NARROW, openConsole, photograph, shiftsOf, WIDE } from './browser.ts';

const WAYS: readonly [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { colorScheme: 'light', viewport: NARROW }],
];

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each(WAYS)('axe finds no violation: %s', { tags: ['full'] }, async (name, options) => {
    const server = await startTestServer();
    const page = await openConsole(browser, server, '', options);
    await page.locator('[data-row]').first().waitFor();
    await page.getByText(/52/).first().waitFor({ state: 'attached' });
    expect(await findViolations(page)).toEqual([]);
    expect(await shiftsOf(page)).toEqual([]);
    if (name === 'light') await photograph(page, 'board');
    if (name === 'narrow') await photograph(page, 'narrow');

    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.locator('[data-row] input').nth(1).check();
    await page.getByText('1 ticket selected').waitFor();
    expect(await findViolations(page)).toEqual([]);

    await page.locator('[data-row^="jifeline"] a').first().click();
    await page.getByRole('button', { name: 'Outsource' }).click();
    expect(await findViolations(page)).toEqual([]);
    if (name === 'dark') await photograph(page, 'dark');
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBe(widths[1]);
  });

  test('the console works by keyboard alone', async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server);
    await page.locator('[data-row]').first().waitFor();
    const ids = await idsOf(page);
    const focused = async (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row'));
    await page.keyboard.press('j');
    expect(await focused()).toBe(ids[0]);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await focused()).toBe(ids[1]);
    await page.keyboard.press('x');
    await page.getByText('1 ticket selected').waitFor();
    expect(await page.locator(`[data-row="${ids[1]}"]`).getAttribute('data-selected')).toBe('true');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('ticket') === ids[1]);
    await page.keyboard.press('j');
    await page.waitForURL((url) => url.searchParams.get('ticket') === ids[2]);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('ticket'));
    expect(await focused()).toBe(ids[2]);

    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('previous ticket').waitFor();
    await page.keyboard.press('j');
    expect(await focused()).toBeUndefined();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('jk?x');
    expect(await page.getByRole('searchbox').inputValue()).toBe('jk?x');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('the theme follows the system or the stored choice, also after a reload', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server, '', { colorScheme: 'dark', viewport: WIDE });
    const ground = async (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByRole('button', { name: 'Colours: system. Change to light.' }).click();
    await page.getByRole('button', { name: 'Colours: light. Change to dark.' }).waitFor();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.getByRole('button', { name: 'Colours: light. Change to dark.' }).click();
    expect(await ground()).toBe(dark);
  });

  test('animations are off with prefers-reduced-motion', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server, '', { reducedMotion: 'reduce' });
    await page.locator('[data-row]').first().waitFor();
    const isMoving = await page.evaluate(() =>
      [...document.querySelectorAll('*')].some((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return animationName !== 'none' || transitionDuration !== '0s';
      }),
    );
    expect(isMoving).toBe(false);
  });

  test('the error boundary shows a message and recovers after a reload', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['akana'] });
    const page = await openConsole(browser, server);
    await page.locator('[data-row]').first().waitFor();
    await page.route('**/graphql', (route) => route.fulfill({ json: { data: { vendors: [null] } } }));
    await page.reload();
    await page.getByText('Something went wrong').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await page.locator('[data-row]').first().waitFor();
  });
});
