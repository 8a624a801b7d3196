/**
 * A status for many tickets: progress, a result per ticket, and a selection of what failed.
 *
 * @module-tag full
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { answer, findViolations, idsOf, openConsole, photograph } from './browser.ts';

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'many tickets', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('a bulk status change shows a result per ticket if one vendor fails and one times out', async () => {
    const server = await startTestServer();
    const page = await openBoard(browser, server);
    server.vendor('omnidesk').faults = onWrites({ status: 422, headers: JSON_TYPE, body: '{"message":"Locked."}' });
    server.vendor('huawei').faults = onWrites({ status: 503 });
    await page.getByLabel('Select all shown tickets').check();
    const ids = await idsOf(page);
    await page.getByText('25 tickets selected').waitFor();
    await begin(page, 'Closed');
    await page.getByText('Closed: 25 of 25').waitFor();
    await page.getByText(/done, \d+ not done, \d+ unknown\. Check the unknown ones/).waitFor();

    const of = (...vendors: string[]): string[] => ids.filter((id) => vendors.includes(id.split(':', 1)[0]!));
    expect(await resultsOf(page)).toEqual({
      Done: of('akana').length + of('jifeline').length,
      // One fails, the other has no such status.
      'Not done': of('omnidesk', 'rt').length,
      Unknown: of('huawei').length,
    });
    expect(await selectedOf(page)).toEqual(of('omnidesk', 'rt'));
    expect(
      server
        .vendor('jifeline')
        .effects.map(({ ticket }) => `jifeline:${ticket}`)
        .toSorted(),
    ).toEqual(of('jifeline').toSorted());
    const writes = server.calls('huawei').filter(({ arrival }) => arrival.path.endsWith('/action'));
    expect(writes).toHaveLength(of('huawei').length);
    expect(await findViolations(page)).toEqual([]);
    await photograph(page, 'bulk');

    // The remaining selection is sent again unchanged.
    server.vendor('omnidesk').faults = undefined;
    await begin(page, 'Closed');
    await page.getByText(`${of('omnidesk').length} done, ${of('rt').length} not done.`).waitFor();
    await page.getByText(`${of('rt').length} tickets selected`).waitFor();
    // The lists along the bottom leave room for the board.
    expect(await page.locator('[data-row]').count()).toBeGreaterThan(2);
    expect(new Set(server.vendor('omnidesk').effects.map(({ ticket }) => ticket)).size).toBe(of('omnidesk').length);
  });

  test(
    'a bulk status change is sent in parts, shows progress, and can be stopped and resumed',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer();
      const page = await openBoard(browser, server);
      const first = Promise.withResolvers<undefined>();
      const sizes = await watchParts(page, first.promise);
      await page.getByLabel('Select all shown tickets').check();
      await begin(page, 'Solved');
      await page.getByText('Solved: 0 of 25').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      first.resolve(undefined);
      await page.getByText(/15 waiting\./).waitFor();
      expect(await page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value)).toBe(10);
      expect(sizes).toEqual([10]);
      await page.getByRole('button', { name: 'Send the rest' }).click();
      await page.getByText('Solved: 25 of 25').waitFor();
      expect(sizes).toEqual([10, 10, 5]);
    },
  );

  test('resuming after a lost response sends the rest under the same keys', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const page = await openBoard(browser, server);
    const keys: unknown[] = [];
    await page.route('**/graphql', async (route) => {
      const { variables } = route.request().postDataJSON();
      if (variables.input === undefined) return route.continue();
      keys.push(variables.input.idempotencyKey);
      const response = await route.fetch();
      return keys.length === 1 ? route.abort('connectionreset') : route.fulfill({ response });
    });
    for (const index of [0, 1, 2]) await page.locator('[data-row] input').nth(index).check();
    await begin(page, 'Pending');
    await page.getByText('3 unknown. Check the unknown ones').waitFor();
    await page.getByRole('button', { name: 'Send the rest' }).click();
    await page.getByText('3 done.').waitFor();
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(server.vendor('omnidesk').effects).toHaveLength(3);
  });
});

const JSON_TYPE = { 'content-type': 'application/json' };

interface Rejection {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** The vendor's reads go on as ever. */
function onWrites(reply: Rejection): NonNullable<ReturnType<TestServer['vendor']>['faults']> {
  return ({ method, path }) =>
    method === 'POST' && /setStatus$|\/action$/.test(path) ? { kind: 'answer', reply, applied: false } : undefined;
}

async function openBoard(browser: Browser, server: TestServer): Promise<Page> {
  const page = await openConsole(browser, server);
  await page.locator('[data-row]').first().waitFor();
  return page;
}

async function begin(page: Page, status: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Set a status' });
  await form.getByLabel('Status').selectOption({ label: status });
  await form.getByRole('button', { name: 'Set status' }).click();
  await answer(page, 'yes');
}

/** Counts the result labels. */
async function resultsOf(page: Page): Promise<Record<string, number>> {
  const words = await page.locator('.bulk-word').allInnerTexts();
  return Object.fromEntries(
    Object.entries(Object.groupBy(words, (word) => word)).map(([word, all]) => [word, all!.length]),
  );
}

async function selectedOf(page: Page): Promise<string[]> {
  const rows = page.locator('[data-row][data-selected="true"]');
  return rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-row') ?? ''));
}

/** Sizes of the parts, as they are sent. The first is answered when the promise has settled. */
async function watchParts(page: Page, until: Promise<unknown>): Promise<number[]> {
  const sizes: number[] = [];
  await page.route('**/graphql', async (route) => {
    const { variables } = route.request().postDataJSON();
    if (variables.input === undefined) return route.continue();
    sizes.push(variables.input.ticketIds.length);
    if (sizes.length === 1) await until;
    return route.continue();
  });
  return sizes;
}
