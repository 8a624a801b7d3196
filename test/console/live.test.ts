/** The console while tickets change: what it shows without a reload, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { findViolations, NARROW, openConsole, photograph, shiftsOf } from './browser.ts';

const ID = 'omnidesk:858462';
/** Polls so rarely that only writes are seen. */
const RARE = { LIVE_EVERY_MS: '3600000', LIVE_AT_MOST_MS: '3600000' };

const retitle = (server: TestServer, title: string, id = ID): Promise<unknown> =>
  server.ask(`mutation ($title: String!) { updateTicket(input: { ticketId: "${id}", title: $title }) { outcome } }`, {
    title,
  });

const solve = (server: TestServer): Promise<unknown> =>
  server.ask(`mutation { setStatus(input: { ticketIds: ["${ID}"], status: SOLVED }) { outcome } }`);

const streamsOf = async (server: TestServer): Promise<number> => {
  const text = await (await fetch(new URL('/metrics', server.url))).text();
  return Number(/^ticketgraph_streams (\d+)$/m.exec(text)?.[1]);
};

/** Waits until the views of the page have their streams. */
const connected = (server: TestServer, streams: number): Promise<void> =>
  expect.poll(() => streamsOf(server)).toBe(streams);

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'the live console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const row = (page: Page) => page.locator(`[data-row="${ID}"]`);

  async function open(
    environment: Record<string, string> = RARE,
    search = '',
  ): Promise<[TestServer, Page & { complaints: string[] }]> {
    const server = await startTestServer({ keys: ['omnidesk'], environment });
    const page = await openConsole(browser, server, search);
    await row(page).waitFor();
    return [server, page as Page & { complaints: string[] }];
  }

  test('a change by somebody else is in its row at once, marked, and nothing moves', async () => {
    const [server, page] = await open();
    await connected(server, 1);
    const link = row(page).locator('a');
    await link.focus();
    await retitle(server, 'A title from elsewhere');
    await row(page).getByText('A title from elsewhere').waitFor();
    expect(await row(page).getAttribute('data-changed')).toBe('true');
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await shiftsOf(page)).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test('a change that alters the status and the actions of the open ticket moves nothing', async () => {
    const [server, page] = await open(RARE, `?ticket=${ID}`);
    await connected(server, 2);
    const pane = page.locator('.pane');
    const names = (): Promise<string[]> => pane.locator('.action-buttons button:enabled').allTextContents();
    await pane.locator('.action-buttons button').first().waitFor();
    const before = await names();
    const shifted = await shiftsOf(page);
    await solve(server);
    await expect.poll(names).not.toEqual(before);
    await pane.locator('.pane-facts').getByText('Solved').waitFor();
    expect((await names()).length).toBe(before.length);
    expect(await shiftsOf(page)).toEqual(shifted);
    expect(await findViolations(page)).toEqual([]);
  });

  test('the count of each status follows the tickets that are loaded, and says so', async () => {
    const [server, page] = await open();
    await connected(server, 1);
    const countOf = async (category: string): Promise<number> =>
      Number(await page.locator(`.chip[data-category="${category}"] .chip-count`).textContent());
    const rowsOf = (category: string): Promise<number> =>
      page.locator(`[data-row] .status[data-category="${category}"]`).count();
    const before = { solved: await countOf('SOLVED'), of: await rowsOf('SOLVED') };
    expect(before.solved).toBe(before.of);
    await solve(server);
    await expect.poll(() => countOf('SOLVED')).toBe(before.solved + 1);
    expect(await rowsOf('SOLVED')).toBe(before.solved + 1);
    expect(await page.locator('.chip[data-category="SOLVED"]').getAttribute('title')).toBe(
      `${before.solved + 1} of the loaded tickets`,
    );
    expect(await page.getByText('counts are of the loaded tickets').count()).toBe(
      await page.getByRole('button', { name: 'Show more' }).count(),
    );
    expect(await shiftsOf(page)).toEqual([]);
  });

  test('a ticket that leaves the filter stays where it is until the list is loaded', { tags: ['full'] }, async () => {
    const [server, page] = await open(RARE, '?status=NEW');
    await connected(server, 1);
    await solve(server);
    await row(page).getByText('no longer matches').waitFor();
    await page.getByRole('button', { name: /no longer matches: show/ }).click();
    await row(page).waitFor({ state: 'detached' });
    expect(await findViolations(page)).toEqual([]);
    expect(await shiftsOf(page)).toEqual([]);
  });

  test('the open ticket is up to date, with its actions, and a draft is kept', { tags: ['full'] }, async () => {
    const [server, page] = await open(RARE, `?ticket=${ID}`);
    await connected(server, 2);
    await page.getByRole('heading', { name: /./, level: 2 }).first().waitFor();
    await retitle(server, 'Seen in the pane');
    await page.locator('.pane').getByText('Seen in the pane').waitFor();
    await photograph(page, 'live');
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await connected(server, 1);
  });

  test('streams end with the page, and it goes on after the server has cut one', { tags: ['full'] }, async () => {
    const [server, page] = await open({ ...RARE, STREAM_LIFETIME_MS: '1500' });
    await connected(server, 1);
    // Ended by the server, and opened again by the page.
    await expect.poll(() => streamsOf(server)).toBe(0);
    await retitle(server, 'Missed by the stream');
    await row(page).getByText('Missed by the stream').waitFor();
    await page.goto('about:blank');
    await connected(server, 0);
  });

  test('each view resumes after what it has seen itself, not another view', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { ...RARE, STREAM_LIFETIME_MS: '4000' } });
    const sent: Record<string, string[]> = { BoardChanges: [], TicketChanges: [] };
    const page = await openConsole(browser, server, `?ticket=${ID}`, {}, (request) => {
      const { operationName, variables } = (request.postDataJSON() ?? {}) as Sent;
      sent[operationName]?.push(variables.after);
    });
    await connected(server, 2);
    // The server may know of them before this process has heard of the requests.
    await expect.poll(() => Object.values(sent).every(({ length }) => length > 0)).toBe(true);
    const first = sent['TicketChanges']!.at(-1);
    await retitle(server, 'Of another ticket', 'omnidesk:858400');
    await page.locator('[data-row="omnidesk:858400"]').getByText('Of another ticket').waitFor();
    const counts = Object.values(sent).map(({ length }) => length);
    const haveReconnected = (): boolean => Object.values(sent).every(({ length }, index) => length > counts[index]!);
    await expect.poll(haveReconnected).toBe(true);
    expect(sent['TicketChanges']!.at(-1)).toBe(first);
    expect(sent['BoardChanges']!.at(-1)).not.toBe(first);
  });

  test('a source that cannot be polled is said, and so is its return', { tags: ['full'] }, async () => {
    const [server, page] = await open({
      LIVE_EVERY_MS: '50',
      LIVE_AT_MOST_MS: '50',
      OMNIDESK_LIVE_CALLS_PER_MINUTE: '100000',
    });
    await connected(server, 1);
    server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply: { status: 429 } });
    await page.getByText('Updates late').waitFor();
    server.vendor('omnidesk').faults = undefined;
    await page.getByText('Updates late').waitFor({ state: 'detached' });
  });

  test('without live updates, the console works as before and does not complain', { tags: ['full'] }, async () => {
    const [server, page] = await open({ LIVE: 'off' }, '');
    await retitle(server, 'Not seen');
    await page.keyboard.press('r');
    await row(page).getByText('Not seen').waitFor();
    expect(await streamsOf(server)).toBe(0);
  });

  test('narrow and dark, a change is marked without a violation', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: RARE });
    const page = await openConsole(browser, server, '', { viewport: NARROW, colorScheme: 'dark' });
    await page.locator(`[data-row="${ID}"]`).waitFor();
    await connected(server, 1);
    await retitle(server, 'Another title');
    await page.getByText('Another title').waitFor();
    expect(await findViolations(page)).toEqual([]);
  });
});

interface Sent {
  readonly operationName: string;
  readonly variables: { readonly after: string };
}
