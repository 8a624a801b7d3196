/** The board of the console in a real browser: what it loads, how it is filtered, and what it says of a vendor that is down. */
import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { findViolations, idsOf, openConsole, reloadIfLate, shiftsOf } from './browser.ts';
import { startTestServer } from '../support/sandbox.ts';

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'the board', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('the board loads tickets of all vendors page by page, newest first, without layout shifts', async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server);
    const rows = page.locator('[data-row]');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(25);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('50 tickets, more available').waitFor();
    const times = await page
      .locator('.cell-created time')
      .evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
    expect(times).toHaveLength(50);
    expect(times).toEqual(times.toSorted().reverse());
    const { data } = await server.ask('{ tickets(first: 50) { nodes { ... on TicketFields { id } } } }');
    const ids = await idsOf(page);
    expect(ids).toEqual(data.tickets.nodes.map(({ id }: { id: string }) => id));
    expect(await shiftsOf(page)).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test(
    'the board filters by vendor, status and text, and stores the filter in the URL',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer();
      const page = await openConsole(browser, server);
      await reloadIfLate(page);
      const rows = page.locator('[data-row]');
      await rows.first().waitFor();
      await page.getByRole('button', { name: /^Huawei Cloud/ }).click();
      await page.getByRole('button', { name: 'Pending', exact: true }).click();
      await page.waitForURL(/vendor=HUAWEI&status=PENDING/);
      await page.locator('[data-row="huawei:TS-123460"]').waitFor();
      const ids = await idsOf(page);
      expect(ids.filter((id) => !id.startsWith('huawei:'))).toEqual([]);
      expect(new Set(await page.locator('[data-row] .status').allInnerTexts())).toEqual(new Set(['Pending']));

      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.keyboard.press('/');
      await page.keyboard.type('Koffiemachine');
      await page.locator('.board-state').getByText('1 ticket', { exact: true }).waitFor();
      expect(await rows.locator('a').allInnerTexts()).toEqual(['Koffiemachine lekt na ontkalken']);
      expect(page.url()).toContain('search=Koffiemachine');

      await page.goBack();
      await page.getByText('25 tickets, more available').waitFor();
      await page.goBack();
      await page.waitForURL(/vendor=HUAWEI&status=PENDING/);
      await page.locator('[data-row="huawei:TS-123460"]').waitFor();
    },
  );

  test('the search finds a ticket of a vendor without a list by its reference', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server, '?search=INC-000047');
    await reloadIfLate(page);
    await page.locator('[data-row="requestor:47"]').waitFor();
    expect(await page.locator('[data-row] a').allInnerTexts()).toEqual(['VPN drops every 20 minutes']);
  });

  test('the board names the vendor that is down and lists the tickets of the others', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const omnidesk = server.vendor('omnidesk');
    omnidesk.faults = () => ({ kind: 'answer', reply: { status: 503 }, applied: false });
    const page = await openConsole(browser, server);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/^Omnidesk: Down\. Its tickets are missing\./);
    await page.getByRole('button', { name: /^Omnidesk Down/ }).waitFor();
    const vendors = (await idsOf(page)).map((id) => id.split(':')[0]);
    expect(new Set(vendors)).toEqual(new Set(['akana', 'huawei', 'jifeline', 'rt']));
    expect(await shiftsOf(page)).toEqual([]);
    expect(await findViolations(page)).toEqual([]);

    omnidesk.faults = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-row^="omnidesk:"]').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test.each([1280, 1000])(
    'the board fits beside an open ticket, even if a vendor is down (%i px)',
    { tags: ['full'] },
    async (width) => {
      const server = await startTestServer();
      server.vendor('akana').faults = () => ({ kind: 'answer', reply: { status: 503 }, applied: false });
      const page = await openConsole(browser, server, '?ticket=huawei:TS-123456', { viewport: { width, height: 800 } });
      await page.locator('.scroller').getByRole('alert').waitFor();
      const rightOf = (selector: string): Promise<number> =>
        page
          .locator(selector)
          .evaluateAll((found) => Math.max(...found.map((one) => one.getBoundingClientRect().right)));
      const [board, row, notice] = await Promise.all(['.board', '[data-row] td', '.notice td'].map(rightOf));
      // The frame of the board is a pixel.
      expect(Math.abs(board! - row!)).toBeLessThan(2);
      expect(Math.abs(board! - notice!)).toBeLessThan(2);
    },
  );

  test('the board keeps its tickets if a reload or the next page fails', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server);
    await page.locator('[data-row]').first().waitFor();
    const ids = await idsOf(page);
    await page.route('**/graphql', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText(/^Could not load more tickets\. The server is unreachable\./).waitFor();
    await page.keyboard.press('r');
    await page.getByText(/^The server is unreachable\./).waitFor();
    expect(await idsOf(page)).toEqual(ids);
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('25 tickets, more available').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('50 tickets, more available').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('a reload during a reload shows what has changed since that began', { tags: ['full'] }, async () => {
    const server = await startTestServer({
      keys: ['omnidesk'],
      environment: { LIVE: 'off', OMNIDESK_TIMEOUT_MS: '120000' },
    });
    const page = await openConsole(browser, server);
    const row = page.locator('[data-row="omnidesk:858462"]');
    await row.waitFor();
    const released = Promise.withResolvers<undefined>();
    const isHeld = Promise.withResolvers<undefined>();
    server.vendor('omnidesk').faults = ({ method }) => {
      if (method !== 'GET') return undefined;
      isHeld.resolve(undefined);
      // Only the first: its answer is of before the change.
      server.vendor('omnidesk').faults = undefined;
      return { kind: 'hold', until: released.promise };
    };
    const lists: Request[] = [];
    page.on('request', (request) => {
      if (request.postDataJSON()?.operationName === 'Board') lists.push(request);
    });
    const aborted = page.waitForEvent('requestfailed');
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => {
        for (const alert of document.querySelectorAll('[role=alert]')) said.push(alert.textContent);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await page.keyboard.press('r');
    await isHeld.promise;
    await server.ask(
      'mutation { updateTicket(input: { ticketId: "omnidesk:858462", title: "Changed since" }) { outcome } }',
    );
    await page.keyboard.press('r');
    await row.getByText('Changed since').waitFor();
    expect(lists).toHaveLength(2);
    // The first would come later, with the old title.
    expect(await aborted).toBe(lists[0]);
    released.resolve(undefined);
    // Not an error, not even for a moment.
    expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([]);
    expect(await row.innerText()).toContain('Changed since');
  });

  test('searching for an id opens the ticket', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['requestor'] });
    const page = await openConsole(browser, server);
    await page.getByRole('searchbox').fill('requestor:INC-000047');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByRole('heading', { name: 'VPN drops every 20 minutes' }).waitFor();
    expect(new URL(page.url()).searchParams.get('ticket')).toBe('requestor:INC-000047');
  });
});
