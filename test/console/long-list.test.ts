/** A board with many rows: only those near the part in sight are in the page, and a change renders a handful of them. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { findViolations, NARROW, openConsole, WIDE } from './browser.ts';

const MANY = 1_525;

/** Fewer than this are in the page, whatever the height of the window here. */
const MAX_ROWS = 80;

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'a long list', { tags: ['full'] }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])('has few rows in the page and scrolls to the last one: %s', async (_, viewport) => {
    const page = await openLong(browser, viewport);
    expect(await rowsIn(page)).toBeLessThan(MAX_ROWS);
    expect(await page.locator('*').count()).toBeLessThan(2_500);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(MANY + 1));
    await page.getByText('No more tickets.').scrollIntoViewIfNeeded();
    const last = page.locator(`[data-row="${idOf(MANY - 1)}"]`);
    // What is measured on the way moves the end: a person scrolls on.
    await expect
      .poll(async () => {
        await page.getByText('No more tickets.').scrollIntoViewIfNeeded();
        return last.count();
      })
      .toBe(1);
    expect(await last.getAttribute('aria-rowindex')).toBe(String(MANY + 1));
    expect(await rowsIn(page)).toBeLessThan(MAX_ROWS);
    expect(await findViolations(page)).toEqual([]);
  });

  test('selecting or opening a row renders few rows again, and scrolling none twice', async () => {
    const page = await openLong(browser, WIDE);
    // Each row that is rendered says two times relative to now.
    const rendered = async (act: () => Promise<unknown>): Promise<number> => {
      const before = await countOf(page);
      await act();
      return ((await countOf(page)) - before) / 2;
    };
    expect(
      await rendered(async () => {
        await page.locator('[data-row] input').nth(3).check();
        await page.getByText('1 ticket selected').waitFor();
      }),
    ).toBeLessThanOrEqual(3);
    expect(
      await rendered(async () => {
        await page.locator('[data-row] a').nth(5).click();
        await page.getByRole('heading', { name: 'Actions' }).waitFor();
      }),
      // The two times of the ticket itself are said a few times while it loads.
    ).toBeLessThanOrEqual(12);
    expect(
      await rendered(async () => {
        await page.keyboard.press('j');
        await page.locator(`[data-row="${idOf(6)}"][data-open="true"]`).waitFor();
        await page.getByRole('heading', { name: 'Actions' }).waitFor();
      }),
    ).toBeLessThanOrEqual(12);
    // A row comes into the page for each that has left it; the others are not rendered again.
    expect(
      await rendered(async () => {
        await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 5_200));
        await page.locator(`[data-row="${idOf(100)}"]`).waitFor();
        await page.locator('.scroller').evaluate((scroller) => scroller.scrollBy(0, 104));
        await page.locator(`[data-row="${idOf(120)}"]`).waitFor();
      }),
    ).toBeLessThan(MAX_ROWS);
  });

  test('keyboard navigation goes beyond the rendered rows and keeps its position', async () => {
    const page = await openLong(browser, WIDE);
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row'));
    for (let index = 0; index < 60; index += 1) await page.keyboard.press(index % 2 === 0 ? 'j' : 'ArrowDown');
    expect(await focused()).toBe(idOf(59));
    expect(await page.locator(`[data-row="${idOf(59)}"]`).isVisible()).toBe(true);
    expect(await page.locator(`[data-row="${idOf(0)}"]`).count()).toBe(0);
    // A row that has the focus stays in the page when it is scrolled away.
    await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 0));
    await page.locator(`[data-row="${idOf(0)}"]`).waitFor();
    expect(await focused()).toBe(idOf(59));
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(idOf(58));
    const at = await page.locator('.scroller').evaluate(({ scrollTop }) => scrollTop);
    expect(at).toBeGreaterThan(1_000);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('ticket') === idOf(58));
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('ticket'));
    expect(await focused()).toBe(idOf(58));
    // Row heights are measured again when the pane closes, so it may be off by a pixel or two.
    const now = await page.locator('.scroller').evaluate(({ scrollTop }) => scrollTop);
    expect(Math.abs(now - at)).toBeLessThan(10);
  });

  test('select all includes rows that are not rendered', async () => {
    const page = await openLong(browser, WIDE);
    await page.getByLabel('Select all shown tickets').check();
    await page.getByText(`${MANY} tickets selected`).waitFor();
    expect(await rowsIn(page)).toBeLessThan(MAX_ROWS);
  });
});

function idOf(index: number): string {
  return `omnidesk:${index + 1}`;
}

function rowsIn(page: Page): Promise<number> {
  return page.locator('[data-row]').count();
}

async function countOf(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { timesSaid: number }).timesSaid);
}

/** A board whose first page holds many tickets, made from those of the sandbox. Opened tickets are the first one. */
async function openLong(browser: Browser, viewport: { width: number; height: number }): Promise<Page> {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const page = await openConsole(browser, server, '', { viewport });
  await page.addInitScript(() => {
    const counted = window as unknown as { timesSaid: number };
    counted.timesSaid = 0;
    const { format } = Intl.RelativeTimeFormat.prototype;
    Intl.RelativeTimeFormat.prototype.format = function count(
      this: Intl.RelativeTimeFormat,
      ...given: Parameters<typeof format>
    ) {
      counted.timesSaid += 1;
      return format.apply(this, given);
    };
  });
  let model: Record<string, unknown> | undefined;
  await page.route('**/graphql', async (route) => {
    const { operationName, variables } = route.request().postDataJSON();
    if (operationName === 'OneTicket') {
      const real = { ...route.request().postDataJSON(), variables: { id: 'omnidesk:858462' } };
      const response = await route.fetch({ postData: real });
      const body = await response.json();
      return route.fulfill({ json: { data: { ticket: { ...body.data.ticket, ...toTicket(variables.id) } } } });
    }
    // A stream has no end that could be fetched.
    if (operationName !== 'Board') return route.continue();
    const response = await route.fetch();
    const body = await response.json();
    model = body.data.tickets.nodes[0];
    body.data.tickets.nodes = Array.from({ length: MANY }, (_, index) => ({ ...model, ...toTicket(idOf(index)) }));
    body.data.tickets.pageInfo = { ...body.data.tickets.pageInfo, hasNextPage: false };
    return route.fulfill({ json: body });
  });
  await page.reload();
  await page.getByText(`${MANY} tickets`, { exact: true }).waitFor();
  await page.locator('[data-row] input').first().waitFor();
  return page;
}

/** What tells the tickets of the long board apart. */
function toTicket(id: string) {
  const time = new Date(Date.UTC(2026, 0, 1)).toISOString();
  return { id, reference: id.slice('omnidesk:'.length), title: `Ticket ${id}`, createdAt: time, updatedAt: time };
}
