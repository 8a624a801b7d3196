/**
 * A ticket in the console: its fields, its actions and their outcomes.
 *
 * @module-tag full
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../sandbox/server.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { answer, findViolations, openConsole, photograph, shiftsOf } from './browser.ts';

const CASE = 'huawei:TS-123456';

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'a ticket', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('a ticket shows its own fields and actions, and its link can be shared', async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server);
    await page.getByRole('link', { name: 'SSH to the bastion host times out since the nightly restart' }).click();
    await page.waitForURL(/ticket=huawei%3ATT201801250412/);
    const pane = page.getByRole('complementary');
    await pane.getByRole('heading', { name: 'Actions' }).waitFor();
    expect(await pane.getByRole('heading', { level: 2 }).evaluate((title) => title === document.activeElement)).toBe(
      true,
    );
    expect(await pane.locator('.action-buttons button').allInnerTexts()).toEqual(['Cancel', 'Close', 'Urge']);
    const names = await pane.locator('.fields dt').allInnerTexts();
    expect(names).toEqual(expect.arrayContaining(['Status code', 'Business type', 'Incident type']));
    expect(await shiftsOf(page)).toEqual([]);

    await page.keyboard.press('Escape');
    expect(await pane.count()).toBe(0);
    const focused = await page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row'));
    expect(focused).toBe('huawei:TT201801250412');
    await page.goBack();
    await pane.getByRole('heading', { name: 'Actions' }).waitFor();
    expect(page.complaints).toEqual([]);
  });

  test('an action form is built from the inputs, rejects invalid values and sends once', async () => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const id = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';
    const page = await openTicket(browser, server, id);
    await press(page, 'Outsource');
    const form = page.getByRole('form', { name: 'Outsource' });
    await form.getByRole('button', { name: 'Outsource' }).click();
    expect(await form.locator('.field-error').allInnerTexts()).toEqual([
      'This field is required.',
      'This field is required.',
    ]);
    expect(await form.getByLabel(/^Product ids/).evaluate((field) => field === document.activeElement)).toBe(true);
    await form.getByLabel(/^Provider id/).fill('x'.repeat(37));
    await form.getByRole('button', { name: 'Outsource' }).click();
    expect(await form.locator('.field-error').allInnerTexts()).toEqual([
      'This field is required.',
      'At most 36 characters, not 37.',
    ]);
    expect(await findViolations(page)).toEqual([]);
    // Bare values are written one a line, and nothing is said of objects.
    expect(await form.locator('#input-productIds-hint').innerText()).toBe('One per line. At most 36 characters each.');
    const product = '3f1c2b9e-0d7a-4c55-9b1e-2f6a8d4c7e10';
    await form.getByLabel(/^Provider id/).fill('9a4e6f02-5b3d-4e8a-8c71-d2f0b6a1c943');
    await form.getByLabel(/^Product ids/).fill(`${product}\n${'x'.repeat(37)}`);
    await form.getByRole('button', { name: 'Outsource' }).click();
    expect(await form.locator('.field-error').allInnerTexts()).toEqual(['Line 2: At most 36 characters, not 37.']);
    await form.getByLabel(/^Product ids/).fill(`${product}\n{"id": 1}`);
    await form.getByRole('button', { name: 'Outsource' }).click();
    await page.getByText('“Outsource” was not done. Nothing has changed.').waitFor();
    expect(await form.locator('.field-error').allInnerTexts()).toEqual(['inputs.productIds.1 must be a UUID.']);

    await press(page, 'Cancel');
    // One button cancels the ticket, and no other is called so.
    expect(await page.getByRole('form', { name: 'Cancel' }).getByRole('button', { name: 'Cancel' }).count()).toBe(1);
    const reasons = page.getByRole('form', { name: 'Cancel' }).getByLabel(/^Cancel reason id/);
    await reasons.selectOption({ label: 'Duplicate of another ticket' });
    expect(writesTo(server, 'jifeline')).toEqual([]);
    await page.getByRole('form', { name: 'Cancel' }).locator('[type=submit]').click();
    await answer(page, 'yes');
    await page.getByText('“Cancel” is done.').waitFor();
    expect(writesTo(server, 'jifeline').map(({ arrival }) => JSON.parse(arrival.body))).toEqual([
      { transition: { type: 'cancel', cancel_reason_id: 5 } },
    ]);
    await page.locator(`[data-row="${id}"]`).getByText('Cancelled').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('“Cancel” is done.');
  });

  test('collapsed fields with errors are expanded', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    const page = await openTicket(browser, server, CASE);
    await press(page, 'Close');
    const form = page.getByRole('form', { name: 'Close' });
    await form.getByText('3 more fields, all optional').click();
    await form.getByLabel(/^Judgement/).fill('x'.repeat(401));
    const entries = form.getByRole('group', { name: 'Satisfaction optional' });
    await entries.getByRole('button', { name: 'Add an entry' }).click();
    await entries.getByLabel(/^Satisfaction value/).fill('much');
    await form.getByText('3 more fields, all optional').click();
    await form.locator('[type=submit]').click();
    expect(await form.locator('.field-error').allInnerTexts()).toEqual([
      'At most 400 characters, not 401.',
      'This field is required.',
      'Expected a whole number from 0 to 65535.',
    ]);
    expect(await form.getByLabel(/^Judgement/).evaluate((field) => field === document.activeElement)).toBe(true);
    await form.getByLabel(/^Judgement/).fill('Well done');
    await form.getByText('3 more fields, all optional').click();
    await form.locator('[type=submit]').click();
    expect(await form.locator('.field-error').allInnerTexts()).toHaveLength(2);
    expect(await entries.getByLabel(/^Satisfaction id/).evaluate((field) => field === document.activeElement)).toBe(
      true,
    );
    expect(writesTo(server, 'huawei')).toEqual([]);
  });

  test('a list of objects has a group of fields per entry, with errors in that entry', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    const page = await openTicket(browser, server, CASE);
    await press(page, 'Close');
    const form = page.getByRole('form', { name: 'Close' });
    await form.getByText('3 more fields, all optional').click();
    const entries = form.getByRole('group', { name: 'Satisfaction optional' });
    const add = entries.getByRole('button', { name: 'Add an entry' });
    const fillIn = async (row: number, id: string, value: string): Promise<void> => {
      const entry = entries.getByRole('group', { name: `Entry ${row}` });
      expect(await entry.getByLabel(/^Satisfaction id/).evaluate((field) => field === document.activeElement)).toBe(
        true,
      );
      await entry.getByLabel(/^Satisfaction id/).fill(id);
      await entry.getByLabel(/^Satisfaction value/).fill(value);
    };
    for (const row of [1, 2, 3]) {
      await add.click();
      await fillIn(row, String(row), String(row + 10));
    }
    expect(await findViolations(page)).toEqual([]);
    await refuseOnce(page, ['inputs', 'satisfaction', '2', 'perValue']);
    await form.locator('[type=submit]').click();
    await page.getByText('“Close” was not done. Nothing has changed.').waitFor();
    const third = entries.getByRole('group', { name: 'Entry 3' });
    expect(await third.locator('.field-error').allInnerTexts()).toEqual(['Refused for a test.']);
    expect(await form.locator('.field-error').count()).toBe(1);

    await entries.getByRole('button', { name: 'Remove entry 2' }).click();
    expect(await add.evaluate((button) => button === document.activeElement)).toBe(true);
    // The rows have other numbers now.
    expect(await form.locator('.field-error').count()).toBe(0);
    await form.locator('[type=submit]').click();
    await page.getByText('“Close” is done.').waitFor();
    expect(writesTo(server, 'huawei').map(({ arrival }) => JSON.parse(arrival.body))).toEqual([
      {
        incident_satisfaction_list: [
          { satisfaction_id: 1, satisfaction_value: 11 },
          { satisfaction_id: 3, satisfaction_value: 13 },
        ],
      },
    ]);
  });

  test('the preview shows the request and sends nothing', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openTicket(browser, server, CASE);
    await press(page, 'Close');
    const form = page.getByRole('form', { name: 'Close' });
    await form.getByLabel(/^Comment/).fill('Index added.');
    await page.keyboard.press('Escape');
    expect(await form.getByLabel(/^Comment/).inputValue()).toBe('Index added.');
    await form.getByRole('button', { name: 'Preview' }).click();
    await form.getByText('Preview only. Nothing has been sent.').waitFor();
    expect(await form.locator('figcaption').innerText()).toMatch(/^POST .*action_id=close$/);
    expect(await form.locator('pre').innerText()).toBe('{"operate_desc":"Index added."}');
    expect(writesTo(server, 'huawei')).toEqual([]);
    expect(await findViolations(page)).toEqual([]);
    await page.locator(`[data-row="${CASE}"]`).scrollIntoViewIfNeeded();
    await photograph(page, 'ticket');
  });

  test(
    'a row is marked while an action is being sent, and its status changes only after the response',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['huawei'] });
      const released = Promise.withResolvers<undefined>();
      const page = await openTicket(browser, server, CASE);
      const row = page.locator(`[data-row="${CASE}"]`);
      expect(await row.locator('.status').innerText()).toBe('Open');
      server.vendor('huawei').faults = ({ method }) => (method === 'POST' ? REFUSAL : undefined);
      await hold(page, released.promise);
      await press(page, 'Close');
      await page.getByRole('form', { name: 'Close' }).locator('[type=submit]').click();
      await row.getByText('“Close” is being sent').waitFor();
      expect(await row.locator('.status').innerText()).toBe('Open');
      expect(await page.locator('.pane-facts .status').innerText()).toBe('Open');
      released.resolve(undefined);
      await page.getByText('“Close” was not done. Nothing has changed.').waitFor();
      expect(await row.innerText()).not.toContain('being sent');
      expect(await row.locator('.status').innerText()).toBe('Open');
      expect(writesTo(server, 'huawei')).toHaveLength(1);
    },
  );

  test(
    'an unknown outcome is shown with the next step, and nothing is retried automatically',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['huawei'] });
      const page = await openTicket(browser, server, CASE);
      server.vendor('huawei').faults = ({ method }) =>
        method === 'POST' ? { kind: 'answer', reply: { status: 503 }, applied: true } : undefined;
      await press(page, 'Urge');
      await page.getByRole('form', { name: 'Urge' }).locator('[type=submit]').click();
      const note = page.locator('.outcome');
      await note.getByText('We do not know whether “Urge” was done.').waitFor();
      expect(await note.innerText()).toContain('wait a moment and check');
      const said = (await note.locator('p').allInnerTexts()).join(' ');
      expect(said.match(/check the ticket/gi)).toHaveLength(1);
      expect(await note.getByRole('button').allInnerTexts()).toEqual(['Check the ticket again']);
      expect(await findViolations(page)).toEqual([]);
      server.forget();
      await note.getByRole('button', { name: 'Check the ticket again' }).click();
      await expect.poll(() => server.calls('huawei').length).toBeGreaterThan(0);
      expect(writesTo(server, 'huawei')).toEqual([]);
      expect(await note.innerText()).toContain('We do not know');
    },
  );

  test('a repeat after a lost response is applied once', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['huawei'] });
    const page = await openTicket(browser, server, CASE);
    const keys: unknown[] = [];
    await page.route('**/graphql', async (route) => {
      const { variables } = route.request().postDataJSON();
      if (variables.input === undefined) return route.continue();
      keys.push(variables.input.idempotencyKey);
      const response = await route.fetch();
      return keys.length === 1 ? route.abort('connectionreset') : route.fulfill({ response });
    });
    await press(page, 'Close');
    await page.getByRole('form', { name: 'Close' }).locator('[type=submit]').click();
    await page.getByText('No response: we do not know whether “Close” was done.').waitFor();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('“Close” is done.').waitFor();
    await page.getByText('This is the stored result of the first attempt. Nothing was sent again.').waitFor();
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^console-[0-9a-f]{32}$/);
    expect(server.vendor('huawei').effects).toEqual([expect.objectContaining({ ticket: 'TS-123456' })]);
    expect(writesTo(server, 'huawei')).toHaveLength(1);
    await page.locator(`[data-row="${CASE}"]`).getByText('Closed').waitFor();
  });

  test(
    'a ticket is shown without actions, and with the reason, if these cannot be loaded',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['requestor'] });
      server.vendor('requestor').faults = ({ target }) =>
        target.includes('WorkflowParameters') ? { kind: 'answer', reply: { status: 403 }, applied: false } : undefined;
      const page = await openConsole(browser, server, '?ticket=requestor:47');
      const pane = page.getByRole('complementary');
      await pane.getByText('Ticket ref', { exact: true }).waitFor();
      expect(await pane.getByRole('heading', { level: 2 }).innerText()).toBe('VPN drops every 20 minutes');
      expect(await pane.getByRole('alert').innerText()).toContain('does not allow');
      expect(await pane.locator('.action-buttons').count()).toBe(0);
      server.vendor('requestor').faults = undefined;
      await pane.getByRole('button', { name: 'Try again' }).click();
      await pane.getByRole('button', { name: 'Solve' }).waitFor();
      expect(await pane.getByRole('alert').count()).toBe(0);
    },
  );

  test('a moved ticket can be opened under its new id', { tags: ['full'] }, async () => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const [from, to] = ['497f6eca-6276-4993-bfeb-53cbbbba6f08', '0b8c1d52-6f0e-4b6e-9d5c-7d0f6f1f2a11'];
    const page = await openTicket(browser, server, `jifeline:${from}`);
    server.vendor('jifeline').faults = ({ method, path }) => {
      if (method !== 'PATCH') return undefined;
      const location = path.replace('in-progress-tickets', 'closed-tickets').replace(from, to);
      return { kind: 'answer', reply: { status: 303, headers: { location } }, applied: true };
    };
    await press(page, 'Complete');
    await page.getByRole('form', { name: 'Complete' }).locator('[type=submit]').click();
    await page.getByText('“Complete” is done.').waitFor();
    await page.locator(`[data-row="jifeline:${from}"]`).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: `Open jifeline:${to}` }).click();
    await page.waitForURL((url) => url.searchParams.get('ticket') === `jifeline:${to}`);
  });

  test('a missing ticket is reported', { tags: ['full'] }, async () => {
    const server = await startTestServer();
    const page = await openConsole(browser, server, '?ticket=huawei:TS-000000');
    await page.getByText('The vendor has no such ticket.').waitFor();
    expect(await page.getByRole('complementary').getByRole('heading', { level: 2 }).innerText()).toBe(
      'Ticket not found',
    );
  });

  test(
    'an unreadable ticket is not reported as missing and is shown once it can be read',
    { tags: ['full'] },
    async () => {
      const server = await startTestServer({ keys: ['akana'] });
      server.vendor('akana').faults = () => ({ kind: 'answer', reply: { status: 503 }, applied: false });
      const page = await openConsole(browser, server);
      // What the ticket is without its actions is asked for last.
      const last = page.waitForResponse(
        (response) => response.request().postData()?.includes('TicketWithoutActions') ?? false,
      );
      await page.getByRole('searchbox').fill('akana:ticket25687.acmepaymentscorp');
      await page.keyboard.press('Enter');
      await last.then((response) => response.finished());
      const pane = page.getByRole('complementary');
      await pane.getByRole('alert').waitFor();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await pane.getByRole('alert').innerText()).toContain('The vendor failed');
      expect(await pane.getByRole('heading', { level: 2 }).innerText()).toBe('Akana: Down');
      server.vendor('akana').faults = undefined;
      await pane.getByRole('button', { name: 'Try again' }).click();
      await pane.getByRole('heading', { name: 'Actions' }).waitFor();
      expect(await pane.getByRole('alert').count()).toBe(0);
    },
  );
});

const REFUSAL = {
  kind: 'answer',
  reply: {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: '{"error_code":"OSM.01010013","error_msg":"Not now."}',
  },
  applied: false,
} as const;

async function openTicket(browser: Browser, server: TestServer, id: string): Promise<Page> {
  const page = await openConsole(browser, server, `?ticket=${encodeURIComponent(id)}`);
  await page.getByRole('heading', { name: 'Actions' }).waitFor();
  await showRow(page, id);
  return page;
}

/** Pages of the board are loaded until the ticket is among them. */
async function showRow(page: Page, id: string): Promise<void> {
  const row = page.locator(`[data-row="${id}"]`);
  await page.locator('[data-row]').first().waitFor();
  while ((await row.count()) === 0) {
    const before = await page.locator('[data-row]').count();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('[data-row]').nth(before).waitFor();
  }
}

async function press(page: Page, label: string): Promise<void> {
  await page.locator('.action-buttons').getByRole('button', { name: label, exact: true }).click();
}

/** Rejects the page's next write at a field, without sending it. */
async function refuseOnce(page: Page, field: readonly string[]): Promise<void> {
  let isRefused = false;
  await page.route('**/graphql', async (route) => {
    if (isRefused || route.request().postDataJSON().variables.input === undefined) return route.continue();
    isRefused = true;
    const problem = {
      __typename: 'Problem',
      code: 'INVALID_INPUT',
      message: 'Refused for a test.',
      vendor: null,
      ticketId: null,
      field,
      retryable: false,
      retryAfterSeconds: null,
      upstreamStatus: null,
      upstreamCode: null,
      upstreamMessage: null,
    };
    const executeAction = {
      __typename: 'ExecuteActionPayload',
      outcome: 'NOT_APPLIED',
      problems: [problem],
      replayed: false,
      reconciled: false,
      transition: null,
      ticket: null,
    };
    return route.fulfill({ json: { data: { executeAction } } });
  });
}

/** Lets the page's writes through, and their answers back only when the promise has settled. */
async function hold(page: Page, until: Promise<unknown>): Promise<void> {
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().variables.input === undefined) return route.continue();
    const response = await route.fetch();
    await until;
    return route.fulfill({ response });
  });
}

function writesTo(server: TestServer, key: string): LedgerEntry[] {
  return server.calls(key).filter(({ arrival }) => WRITES.test(`${arrival.method} ${arrival.path}`));
}

/** What changes something; the lists and searches of some vendors are POSTs as well. */
const WRITES = /^(PATCH|PUT|DELETE) |^POST .*\/action$/;
