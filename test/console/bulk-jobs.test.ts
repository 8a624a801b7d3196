/**
 * Bulk jobs in the console: from a selection to the results, with the vendor's own count of the writes to each ticket.
 *
 * @module-tag full
 */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { as, writeApiKeys } from '../support/api-keys.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { SOLVE, startBulk } from '../support/bulk.ts';
import { startEndpoint, type Endpoint } from '../support/endpoint.ts';
import { startManyTickets, type ManyTickets } from '../support/many-tickets.ts';
import { answer, findViolations, NARROW, openConsole, photograph, shiftsOf, type OpenPage } from './browser.ts';

/** Polls so rarely that only writes are seen. */
const RARE = { LIVE_EVERY_MS: '3600000', LIVE_AT_MOST_MS: '3600000' };

interface Desk {
  readonly vendor: ManyTickets;
  readonly server: Endpoint;
  readonly page: OpenPage;
  /** Operations of the page, in the order in which they were sent. */
  readonly sent: Sent[];
}

interface Sent {
  readonly name: string;
  readonly input: { readonly idempotencyKey?: string; readonly dryRun?: boolean; readonly ticketIds?: string[] };
}

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'bulk jobs in the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const open = async (server: Endpoint, query = '', options: BrowserContextOptions = {}) => {
    const sent: Sent[] = [];
    const page = await openConsole(browser, server, query, options, (request) => {
      const body = request.method() === 'POST' ? request.postDataJSON() : undefined;
      if (body?.operationName) sent.push({ name: body.operationName, input: body.variables?.input ?? {} });
    });
    return { page, sent };
  };

  const setUp = async (
    count: number,
    { query = '', settings = {}, options = {} }: Partial<Setup> = {},
  ): Promise<Desk> => {
    const vendor = await startManyTickets(count);
    const server = await startEndpoint({ ...vendor.settings, ...RARE, ...settings });
    onTestFinished(async () => {
      await server.close(0);
      await vendor.close();
      expect(server.defects).toEqual([]);
    });
    const { page, sent } = await open(server, query, options);
    return { vendor, server, page, sent };
  };

  test('more than 100 selected tickets become one job, counted before it is confirmed', async () => {
    const { vendor, page, sent } = await setUp(150);
    await selectShown(page, 150);
    await page.getByText('150 tickets selected · a bulk job').waitFor();
    await choose(page, 'Solved');
    const plan = page.getByRole('alertdialog', { name: 'Set 150 tickets to “Solved”?' });
    await plan.getByText('Omnidesk').waitFor();
    await plan.getByText('150 tickets', { exact: true }).waitFor();
    expect(vendor.writes).toBe(0);
    await answer(page, 'yes');
    await lineOf(page).getByText('150 done.').waitFor();
    expectEachOnce(vendor);
    expect(keysOf(sent)).toHaveLength(1);
    expect(sent.filter(({ name }) => name === 'SetStatus')).toEqual([]);
    // The board shows what has changed, without a reload.
    await page.locator('[data-row]').first().getByText('Solved').waitFor();
    expect(await page.locator('[data-row][data-selected="true"]').count()).toBe(0);
    await lineOf(page).getByRole('button', { name: 'Close' }).click();
    await lineOf(page).getByText('150 done.').waitFor({ state: 'detached' });
    expect(await shiftsOf(page)).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test('100 selected tickets are sent by the page, with a result for each', { tags: ['full'] }, async () => {
    const { vendor, page, sent } = await setUp(150);
    await selectShown(page, 100);
    await page.getByText('100 tickets selected', { exact: true }).waitFor();
    await choose(page, 'Solved');
    await answer(page, 'yes');
    await page.getByText('100 done.').waitFor();
    expect(keysOf(sent)).toEqual([]);
    expect(sent.filter(({ name }) => name === 'SetStatus')).toHaveLength(10);
    expect(vendor.ids.filter((id) => vendor.sent(id) === 1)).toHaveLength(100);
  });

  test('all that fit the filter are counted, confirmed and changed, shown or not', async () => {
    const { vendor, page } = await setUp(130, { query: '?status=OPEN' });
    await selectAllThatFit(page);
    expect(await page.locator('[data-row] input:not(:disabled)').count()).toBe(0);
    await choose(page, 'Solved');
    const plan = page.getByRole('alertdialog', { name: 'Set 130 tickets to “Solved”?' });
    await plan.getByText('The job takes the tickets that fit when it starts.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    // Nothing is begun without a confirmation, and the selection stays.
    await answer(page, 'back');
    await page.getByText('All that fit the filter').waitFor();
    expect(vendor.writes).toBe(0);
    await choose(page, 'Solved');
    await plan.waitFor();
    await answer(page, 'yes');
    await lineOf(page).getByText('130 done.').waitFor();
    expectEachOnce(vendor);
  });

  test('a number that cannot be counted is not claimed, and the job finds all', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(10_250);
    await selectAllThatFit(page);
    await choose(page, 'Solved');
    const plan = page.getByRole('alertdialog', { name: /^Set all tickets that fit, 10,000 or more, to “Solved”\?$/ });
    await plan.getByText('Not all tickets could be counted').waitFor();
    await plan.getByRole('button', { name: 'Yes, set all that fit' }).click();
    await lineOf(page)
      .getByText(/^[\d,]+ of 10,250$/)
      .waitFor({ timeout: 120_000 });
    expect(vendor.ids.filter((id) => vendor.sent(id) > 1)).toEqual([]);
  });

  test('what would be rejected is shown with the reason before the confirmation', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(120);
    await selectAllThatFit(page);
    await choose(page, 'Cancelled');
    const plan = page.getByRole('alertdialog');
    await plan.getByText(/Omnidesk has no status for cancelled tickets/).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await answer(page, 'back');
    expect(vendor.writes).toBe(0);
  });

  test('a job goes on while the page is reloaded, and is found again', async () => {
    const { vendor, page, sent } = await setUp(250);
    const { release } = holdAfter(vendor, 1);
    await startAll(page);
    await lineOf(page).getByText('100 of 250').waitFor();
    await page.reload();
    await lineOf(page).getByText('Solved: Running').waitFor();
    await lineOf(page).getByText('100 of 250').waitFor();
    release();
    await lineOf(page).getByText('250 done.').waitFor();
    expectEachOnce(vendor);
    expect(keysOf(sent)).toHaveLength(1);
    expect(await shiftsOf(page)).toEqual([]);
  });

  test('a start whose response was lost is repeated under the same key, also after a reload', async () => {
    const { vendor, page, sent } = await setUp(120);
    const isStart = (body: { operationName: string }): boolean => body.operationName === 'StartBulk';
    await page.route('**/graphql', async (route) => {
      if (!isStart(route.request().postDataJSON())) return route.fallback();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await startAll(page);
    await lineOf(page).getByText('No response: we do not know whether the job “Solved” was started.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unroute('**/graphql');
    await page.reload();
    await lineOf(page).getByRole('button', { name: 'Send again' }).click();
    await lineOf(page).getByText('120 done.').waitFor();
    const keys = keysOf(sent);
    expect(keys).toEqual([keys[0], keys[0]]);
    expectEachOnce(vendor);
    await page.keyboard.press('b');
    expect(await paneOf(page).locator('.job-item').count()).toBe(1);
  });

  test('a job that the server does not start keeps the selection', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(120);
    await selectAllThatFit(page);
    await choose(page, 'Solved');
    await page.getByRole('alertdialog', { name: /^Set 120 tickets/ }).waitFor();
    await page.route('**/graphql', (route) =>
      route.request().postDataJSON().operationName === 'StartBulk'
        ? route.fulfill({
            json: { data: { startBulk: { __typename: 'StartBulkPayload', job: null, problems: [FULL] } } },
          })
        : route.fallback(),
    );
    await answer(page, 'yes');
    await lineOf(page).getByText('The job “Solved” was not started. The ledger is full.').waitFor();
    await page.getByText('All that fit the filter').waitFor();
    await lineOf(page).getByRole('button', { name: 'Dismiss' }).click();
    expect(vendor.writes).toBe(0);
  });

  test('a canceled job begins no further ticket, after a confirmation', async () => {
    const { vendor, page } = await setUp(400);
    const { release } = holdAfter(vendor, 0);
    await startAll(page);
    await expect.poll(() => vendor.writes).toBeGreaterThan(0);
    const cancel = lineOf(page).getByRole('button', { name: 'Cancel…' });
    await cancel.click();
    await answer(page, 'back');
    await lineOf(page).getByText('Solved: Running').waitFor();
    await cancel.click();
    await answer(page, 'yes');
    await lineOf(page).getByText('Solved: Canceling').waitFor();
    release();
    await lineOf(page).getByText('Solved: Canceled').waitFor();
    const changed = vendor.ids.filter((id) => vendor.isSolved(id)).length;
    expect(changed).toBeLessThan(400);
    expect(vendor.ids.filter((id) => vendor.sent(id) > 0)).toHaveLength(changed);
    await lineOf(page)
      .getByText(`${changed} done, ${400 - changed} waiting.`)
      .waitFor();
  });

  test('results are filtered, paged, linked and downloaded under the same sign-in', async () => {
    const { vendor, page, server } = await setUp(150, { settings: writeApiKeys(['one', 'two'], BATCH) });
    const [, last = ''] = vendor.ids[149]!.split(':');
    vendor.answer = (ids) => (ids.includes(last) ? { status: 422 } : undefined);
    await signIn(page, 'one');
    await startAll(page);
    await lineOf(page).getByText('100 done, 50 not done.').waitFor();
    await lineOf(page).getByRole('button', { name: 'Details' }).click();
    const pane = paneOf(page);
    await pane.getByRole('heading', { name: 'Set to “Solved”' }).waitFor();
    const lines = pane.locator('.job-results li');
    await expect.poll(() => lines.count()).toBe(50);
    await pane.getByRole('button', { name: 'Show more results' }).click();
    await expect.poll(() => lines.count()).toBe(100);
    await pane.getByRole('button', { name: 'Show more results' }).click();
    await expect.poll(() => lines.count()).toBe(150);
    await pane.getByRole('group', { name: 'Outcome' }).getByRole('button', { name: 'Not done' }).click();
    await expect.poll(() => lines.count()).toBe(50);
    expect(new Set(await lines.locator('.bulk-word').allInnerTexts())).toEqual(new Set(['Not done']));
    expect(await findViolations(page)).toEqual([]);
    await photograph(page, 'jobs');

    const csv = await save(page, 'Download CSV');
    expect(csv.suggestedFilename()).toMatch(/^bulk-job-.+\.csv$/);
    const rows = (await textOf(csv)).trimEnd().split(/\r?\n/);
    expect(rows[0]).toBe('ticketId,outcome,code,message');
    expect(rows).toHaveLength(151);
    const ndjson = await textOf(await save(page, 'Download NDJSON'));
    const results = ndjson
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { ticketId: string; outcome: string });
    expect(results.map(({ ticketId }) => ticketId).toSorted()).toEqual(vendor.ids.toSorted());
    expect(results.filter(({ outcome }) => outcome === 'APPLIED')).toHaveLength(100);

    const [first] = await lines.locator('a').allInnerTexts();
    await lines.locator('a').first().click();
    await page.getByRole('heading', { name: 'Actions' }).waitFor();
    expect(new URL(page.url()).searchParams.get('ticket')).toContain(first!.replace(/\D/g, ''));
    await page.keyboard.press('Escape');
    // Behind the ticket, the job is still open, and has the focus.
    await pane.getByRole('heading', { name: 'Set to “Solved”' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('jobs-title');
    const job = page.url();

    const { page: other } = await open(server, new URL(job).search);
    await signIn(other, 'two');
    await paneOf(other).getByText('You have no such bulk job.').waitFor();
    await paneOf(other).getByRole('link', { name: 'All bulk jobs' }).click();
    await paneOf(other).getByText('No bulk jobs.').waitFor();
    expect(await dockOf(other).locator('.job-line').count()).toBe(0);
  });

  test('a download that fails says why, and sends the bearer token', { tags: ['full'] }, async () => {
    const { page } = await setUp(120, { settings: writeApiKeys(['one'], BATCH) });
    await signIn(page, 'one');
    await startAll(page);
    await lineOf(page).getByText('120 done.').waitFor();
    await lineOf(page).getByRole('button', { name: 'Details' }).click();
    const headers: Record<string, string>[] = [];
    await page.route('**/bulk/jobs/**', (route) => {
      headers.push(route.request().headers());
      return route.fulfill({ status: 503, json: { errors: [{ message: 'The ledger is unreachable.' }] } });
    });
    await paneOf(page).getByRole('button', { name: 'Download CSV' }).click();
    await paneOf(page).getByText('Not downloaded: The ledger is unreachable.').waitFor();
    expect(headers).toMatchObject([as('one').headers]);
  });

  test('without ticket:batch, no bulk job is offered, and more than 100 are sent by the page', async () => {
    const { vendor, page, sent } = await setUp(125, { settings: writeApiKeys(['reader']) });
    await signIn(page, 'reader');
    await selectShown(page, 125);
    await page.getByText('125 tickets selected', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Select all that fit the filter' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Bulk jobs/ }).count()).toBe(0);
    await page.keyboard.press('b');
    expect(await paneOf(page).count()).toBe(0);
    await choose(page, 'Solved');
    await answer(page, 'yes');
    await page.getByText('125 done.').waitFor();
    expect(keysOf(sent)).toEqual([]);
    expectEachOnce(vendor);
  });

  test('with ticket:batch but without the scope of the work, jobs are listed and none is offered', async () => {
    const keys = writeApiKeys(['one'], {}, 'ticket:read,ticket:batch');
    const { vendor, page } = await setUp(30, { settings: keys });
    await signIn(page, 'one');
    await page.getByText('25 tickets, more available').waitFor();
    await page.getByRole('button', { name: 'Bulk jobs' }).click();
    await paneOf(page).getByText('No bulk jobs.').waitFor();
    expect(await page.locator('[data-row] input').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('[data-row] a').first().focus();
    await page.keyboard.press('x');
    expect(await page.getByRole('form', { name: 'Set a status' }).count()).toBe(0);
    expect(vendor.writes).toBe(0);
  });

  test('a paused source is shown with its reason, and the job goes on', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(120);
    vendor.answer = () => ({ status: 429, headers: { 'retry-after': '5' } });
    await startAll(page);
    await lineOf(page).getByText('Solved: Paused').waitFor();
    await lineOf(page)
      .getByText(/Omnidesk is paused until \d\d:\d\d: /)
      .waitFor();
    vendor.answer = undefined;
    await lineOf(page).getByRole('button', { name: 'Details' }).click();
    await paneOf(page).getByText('120 of 120').waitFor();
    await lineOf(page).getByText('120 done.').waitFor();
    expect(vendor.ids.every((id) => vendor.isSolved(id))).toBe(true);
    expect(await shiftsOf(page)).toEqual([]);
  });

  test('the rate and the expected end are shown while a job runs', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(400);
    const { allow, release } = holdAfter(vendor, 1);
    await startAll(page);
    await lineOf(page).getByRole('button', { name: 'Details' }).click();
    const fact = (name: string): Locator =>
      paneOf(page)
        .locator('.job-facts div')
        .filter({ hasText: new RegExp(`^${name}`) })
        .locator('dd');
    await fact('Finished').getByText('100 of 400').waitFor();
    await fact('Ends about')
      .getByText(/^\d\d:\d\d$/)
      .waitFor();
    // One state alone says nothing of the rate.
    expect(await fact('Rate').innerText()).toBe('—');
    allow(1);
    await fact('Finished').getByText('200 of 400').waitFor();
    await fact('Rate')
      .getByText(/^[\d.,]+ per second$/)
      .waitFor();
    release();
    await fact('State').getByText('Done').waitFor();
    await fact('Ended').waitFor();
    await expect.poll(() => fact('Rate').innerText()).toBe('—');
    expect(await shiftsOf(page)).toEqual([]);
    expectEachOnce(vendor);
  });

  test('without a stream, the progress is polled', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(250);
    const { release } = holdAfter(vendor, 1);
    const refused: string[] = [];
    await page.route('**/graphql', (route) => {
      const { operationName } = route.request().postDataJSON();
      if (operationName !== 'BulkJobChanges') return route.fallback();
      refused.push(operationName);
      return route.abort('connectionrefused');
    });
    await startAll(page);
    await lineOf(page).getByText('100 of 250').waitFor();
    release();
    await lineOf(page).getByText('250 done.').waitFor();
    expect(refused.length).toBeGreaterThan(0);
  });

  test('jobs of other programs are listed, newest first', { tags: ['full'] }, async () => {
    const { vendor, server, page } = await setUp(3);
    for (const ids of [vendor.ids.slice(0, 1), vendor.ids]) {
      await startBulk(server, { work: SOLVE, tickets: { ids } });
    }
    await page.getByRole('button', { name: /^Bulk jobs/ }).click();
    await expect.poll(() => paneOf(page).locator('.job-item a').allInnerTexts()).toEqual(['3 tickets', '1 ticket']);
    await paneOf(page).getByRole('link', { name: '1 ticket', exact: true }).click();
    await paneOf(page).getByText('1 of 1').waitFor();
    await page.goBack();
    await paneOf(page).locator('.job-item').first().waitFor();
  });

  test('a list that cannot be loaded says so and is loaded again', { tags: ['full'] }, async () => {
    const { page } = await setUp(3);
    await page.locator('[data-row]').first().waitFor();
    await page.route('**/graphql', (route) =>
      route.request().postDataJSON().operationName === 'BulkJobs' ? route.abort('connectionrefused') : route.fallback(),
    );
    await page.getByRole('button', { name: 'Bulk jobs' }).click();
    await paneOf(page).getByText('The server is unreachable.').waitFor();
    await page.unroute('**/graphql');
    await paneOf(page).getByRole('button', { name: 'Try again' }).click();
    await paneOf(page).getByText('The server is unreachable.').waitFor({ state: 'detached' });
    await paneOf(page).getByText('No bulk jobs.').waitFor();
  });

  test('a job is started, watched, canceled and closed by keyboard alone', async () => {
    const { vendor, page } = await setUp(300);
    const { release } = holdAfter(vendor, 0);
    await page.locator('[data-row]').first().waitFor();
    await tabTo(page, page.getByLabel('Select all shown tickets'));
    await page.keyboard.press('Space');
    const form = page.getByRole('form', { name: 'Set a status' });
    await tabTo(page, form.getByRole('button', { name: 'Select all that fit the filter' }));
    await page.keyboard.press('Enter');
    await tabTo(page, form.getByLabel('Status'));
    await page.keyboard.type('Solved');
    await tabTo(page, form.getByRole('button', { name: 'Set status' }));
    await page.keyboard.press('Enter');
    const yes = page.getByRole('alertdialog').getByRole('button', { name: 'Yes, set 300 tickets' });
    await yes.waitFor();
    expect(await focusedText(page)).toBe('Back');
    await tabTo(page, yes);
    await page.keyboard.press('Enter');
    await lineOf(page).getByText('Solved: Running').waitFor();
    // The form is gone: what follows is the job.
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('jobs-dock');
    await page.keyboard.press('Tab');
    expect(await focusedText(page)).toBe('Details');
    await page.keyboard.press('Enter');
    await paneOf(page).getByText('0 of 300').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('jobs-title');
    await tabTo(page, paneOf(page).getByRole('button', { name: 'Cancel…' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('alertdialog').getByRole('button', { name: 'Yes, cancel the job' }));
    await page.keyboard.press('Enter');
    await lineOf(page).getByText('Solved: Canceling').waitFor();
    release();
    await lineOf(page).getByText('Solved: Canceled').waitFor();
    await page.keyboard.press('Escape');
    await paneOf(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('jobs-button');
    expect(vendor.ids.filter((id) => vendor.sent(id) > 1)).toEqual([]);
  });

  test('screen readers hear of states and quarters, not of each ticket', { tags: ['full'] }, async () => {
    const { vendor, page } = await setUp(400);
    await page.locator('[data-row]').first().waitFor();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      const status = document.querySelector('.jobs-dock [role=status]')!;
      new MutationObserver(() => heard.push(status.textContent)).observe(status, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await startAll(page);
    await lineOf(page).getByText('400 done.').waitFor();
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard.at(-1)).toBe('Solved: Done. 400 done.');
    expect(heard.length).toBeLessThanOrEqual(8);
    expectEachOnce(vendor);
  });

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { colorScheme: 'dark', viewport: NARROW }],
    ['zoomed to 400 %', { colorScheme: 'light', viewport: { width: 320, height: 256 } }],
  ] as const)(
    'a running job, its list and its results break no rule: %s',
    { tags: ['full'] },
    async (name, options) => {
      const { vendor, page } = await setUp(250, { options });
      const { release } = holdAfter(vendor, 1);
      await startAll(page, async () => {
        expect(await findViolations(page)).toEqual([]);
        await photographJobs(page, `plan-${name}`);
      });
      await lineOf(page).getByText('100 of 250').waitFor();
      expect(await findViolations(page)).toEqual([]);
      await photographJobs(page, `dock-${name}`);
      await page.keyboard.press('b');
      await paneOf(page).locator('.job-item').waitFor();
      expect(await findViolations(page)).toEqual([]);
      await photographJobs(page, `list-${name}`);
      await paneOf(page).locator('.job-item a').click();
      await paneOf(page).locator('.job-results li').first().waitFor();
      expect(await findViolations(page)).toEqual([]);
      await photographJobs(page, `job-${name}`);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(widths[0]).toBe(widths[1]);
      release();
      await paneOf(page).getByText('250 of 250').waitFor();
      expect(await findViolations(page)).toEqual([]);
      expect(await shiftsOf(page)).toEqual([]);
      expect(page.complaints).toEqual([]);
    },
  );
});

interface Setup {
  readonly query: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly options: BrowserContextOptions;
}

const BATCH = { one: ',ticket:batch', two: ',ticket:batch' };

const FULL = {
  __typename: 'Problem',
  code: 'IDEMPOTENCY_UNAVAILABLE',
  message: 'The ledger is full.',
  vendor: null,
  ticketId: null,
  field: null,
  retryable: true,
  retryAfterSeconds: null,
  upstreamStatus: null,
  upstreamCode: null,
  upstreamMessage: null,
};

function dockOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Bulk jobs in progress' });
}

/** Without what only screen readers announce. */
function lineOf(page: Page): Locator {
  return dockOf(page).locator('.job-line');
}

function paneOf(page: Page): Locator {
  return page.getByRole('complementary');
}

/** The keys of requests that start jobs. */
function keysOf(sent: readonly Sent[]): (string | undefined)[] {
  return sent.filter(({ name }) => name === 'StartBulk').map(({ input }) => input.idempotencyKey);
}

function expectEachOnce(vendor: ManyTickets): void {
  expect(vendor.ids.filter((id) => vendor.sent(id) !== 1 || !vendor.isSolved(id))).toEqual([]);
}

interface Hold {
  /** Lets so many further writes through. */
  allow(writes: number): void;
  /** Lets all writes through. */
  release(): void;
}

/** Holds all writes after so many of them. */
function holdAfter(vendor: ManyTickets, free: number): Hold {
  let left = free;
  const held: (() => void)[] = [];
  vendor.beforeWrite = async () => {
    left -= 1;
    if (left < 0) await new Promise<void>((resolve) => held.push(resolve));
  };
  const allow = (writes: number): void => {
    left += writes;
    for (const resolve of held.splice(0, writes)) resolve();
  };
  const release = (): void => allow(Infinity);
  onTestFinished(release);
  return { allow, release };
}

/** Shows so many tickets and selects them. */
async function selectShown(page: Page, count: number): Promise<void> {
  const state = page.locator('.board-state');
  for (let shown = 25; shown < count; shown += 25) {
    await state.getByText(new RegExp(`^${shown} tickets`)).waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
  }
  await state.getByText(new RegExp(`^${count} tickets`)).waitFor();
  await page.getByLabel('Select all shown tickets').check();
}

async function selectAllThatFit(page: Page): Promise<void> {
  await page.locator('[data-row]').first().waitFor();
  await page.getByLabel('Select all shown tickets').check();
  await page.getByRole('button', { name: 'Select all that fit the filter' }).click();
  await page.getByText('All that fit the filter').waitFor();
}

async function choose(page: Page, status: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Set a status' });
  await form.getByLabel('Status').selectOption({ label: status });
  await form.getByRole('button', { name: 'Set status' }).click();
}

/** Starts a job that solves all tickets. */
async function startAll(page: Page, beforeConfirmation: () => Promise<void> = async () => undefined): Promise<void> {
  await selectAllThatFit(page);
  await choose(page, 'Solved');
  await page.getByRole('alertdialog', { name: /^Set [\d,]+ tickets to “Solved”/ }).waitFor();
  await beforeConfirmation();
  await answer(page, 'yes');
}

async function signIn(page: Page, caller: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  await dialog.getByLabel('Key or token').fill(as(caller).headers['x-api-key']!);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('[data-row]').first().waitFor();
}

async function save(page: Page, name: string): Promise<Download> {
  const download = page.waitForEvent('download');
  await paneOf(page).getByRole('button', { name }).click();
  return download;
}

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8');
}

function focusedText(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent);
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  for (let presses = 0; presses < 200; presses += 1) {
    if (await element.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(element)}.`);
}

/** For a look at them: `JOB_SCREENSHOTS` is a folder. */
async function photographJobs(page: Page, name: string): Promise<void> {
  const folder = process.env['JOB_SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}
