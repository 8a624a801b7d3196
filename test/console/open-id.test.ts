/**
 * Signing in to the console at a real OpenID provider: what the provider and the server received, and what is left in the
 * tab.
 *
 * @module-tag full
 */
import { decodeJwt } from 'jose';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { findViolations, NARROW, openConsole, type OpenPage } from './browser.ts';

const HOUR_MS = 3_600_000;

describe.skipIf(whyNoBrowser)(whyNoBrowser ?? 'signing in at an OpenID provider', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test('sign-in shows tickets and the account, survives a reload, and sign-out removes and revokes the tokens', async () => {
    const desk = await openDesk(browser, '?status=OPEN#top');
    const { page, provider, server } = desk;
    await page.getByRole('dialog').getByText('This server requires you to sign in.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
    expect(new URL(page.url()).search + new URL(page.url()).hash).toBe('?status=OPEN#top');

    const [authorization] = provider.requestsTo('/auth');
    expect(Object.fromEntries(authorization!.query)).toMatchObject({
      client_id: 'console',
      response_type: 'code',
      redirect_uri: desk.home,
      scope: 'openid profile ticket:read ticket:status',
      code_challenge_method: 'S256',
      resource: provider.audience,
      nonce: expect.any(String),
      state: expect.any(String),
    });
    const [redemption, ...others] = provider.requestsTo('/token');
    expect(others).toEqual([]);
    expect(redemption).toMatchObject({ status: 200, body: { grant_type: 'authorization_code', client_id: 'console' } });
    expect(redemption!.headers['authorization']).toBeUndefined();

    const { value: token, grant } = await tokensOf(page);
    expect(decodeJwt(token)).toMatchObject({ sub: 'jana', aud: provider.audience, scope: 'ticket:read ticket:status' });
    const sent = desk.requests.filter((request) => request.url() === server.url).map(authorizationOf);
    expect(await Promise.all(sent)).toContain(`Bearer ${token}`);

    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Account: Jana Novak' }).focus();
    await page.keyboard.press('Enter');
    const account = page.getByRole('dialog', { name: 'Jana Novak' });
    await account.getByText('jana', { exact: true }).waitFor();
    await account.getByText('ticket:status').waitFor();
    await account.getByText(provider.issuer).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    expect(provider.requestsTo('/token')).toHaveLength(1);

    await page.getByRole('button', { name: 'Account: Jana Novak' }).click();
    await account.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /Yes, sign me out/ }).click();
    await page.getByRole('dialog').getByText('This server requires you to sign in.').waitFor();
    expect(page.url()).toBe(desk.home);
    expect(await page.locator('[data-row]').count()).toBe(0);
    expect(await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).not.toContain(token);
    expect(provider.requestsTo('/token/revocation')).toMatchObject([
      { status: 200, body: { token: grant.refreshToken, token_type_hint: 'refresh_token' } },
    ]);
    const [end] = provider.requestsTo('/session/end');
    expect(Object.fromEntries(end!.query)).toEqual({ client_id: 'console', post_logout_redirect_uri: desk.home });

    await expectNotExposed(desk, [token, grant.refreshToken!, redemption!.body['code_verifier']!]);
    // The provider's own pages load fonts, which are not there.
    expect(page.complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
    expect(provider.failures).toEqual([]);
  });

  test('a token that is about to expire is renewed before the next request, once for all requests', async () => {
    const { page, provider, server, requests } = await openDesk(browser);
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
    const before = await tokensOf(page);
    await page.clock.setFixedTime(Date.now() + HOUR_MS - 10_000);
    const sentBefore = new Set(requests);
    // What was sent before may still be answered.
    const answered = page.waitForResponse(
      (response) => response.url() === server.url && !sentBefore.has(response.request()),
    );
    await page.keyboard.press('r');
    await answered;
    const after = await tokensOf(page);
    expect(after.value).not.toBe(before.value);
    expect(after.grant).toMatchObject({ name: 'Jana Novak', subject: 'jana' });
    expect(after.grant.refreshToken).not.toBe(before.grant.refreshToken);
    expect(provider.requestsTo('/token').map(({ body }) => [body['grant_type'], body['refresh_token']])).toEqual([
      ['authorization_code', undefined],
      ['refresh_token', before.grant.refreshToken],
    ]);
    const sentSince = requests.filter((request) => request.url() === server.url && !sentBefore.has(request));
    expect(new Set(await Promise.all(sentSince.map(authorizationOf)))).toEqual(new Set([`Bearer ${after.value}`]));
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a token that the server rejects is renewed, and the request is sent again', async () => {
    const { page, provider, server } = await openDesk(browser);
    const expired = await getExpiredToken(browser, { provider, server });
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
    const before = await tokensOf(page);
    // The console does not see the token expire. Another one, once it has it, is accepted for as long as the test lasts.
    await replaceToken(page, server, before.value, expired);
    server.forget();
    const listed = page.waitForResponse(
      async (response) =>
        response.request().postDataJSON()?.operationName === 'Board' && (await response.text()).includes('"nodes"'),
    );
    await page.keyboard.press('r');
    const response = await listed;
    const after = await tokensOf(page);
    expect(after.value).not.toBe(before.value);
    expect(await authorizationOf(response.request())).toBe(`Bearer ${after.value}`);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => server.calls('omnidesk').length).toBeGreaterThan(0);
  });

  test('without a refresh token, a new sign-in keeps the ticket, the typed text and the selection', async () => {
    const { page, provider, server } = await openDesk(browser, '?ticket=huawei:TS-123456', { refreshes: false });
    const expired = await getExpiredToken(browser, { provider, server });
    await signIn(page);
    await page.locator('.action-buttons').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('form', { name: 'Close' }).getByLabel('Comment').fill('The line is up again');
    const selected = page.locator('[data-row^="omnidesk"]').first();
    await selected.locator('input').check();
    await page.getByRole('form', { name: 'Set a status' }).getByLabel('Comment').fill('Moved to the new desk');
    const { value: token } = await tokensOf(page);
    await replaceToken(page, server, token, expired);
    server.forget();
    const redemptions = provider.requestsTo('/token').length;

    await page.getByRole('form', { name: 'Close' }).locator('[type=submit]').click();
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText('Your sign-in has expired').waitFor();
    // What is still being typed must not press the button.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('sign-in-title');
    expect(server.calls('huawei').filter(({ arrival }) => arrival.method !== 'GET')).toEqual([]);
    expect(await findViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Sign in with localhost/ }).click();
    // The session at the provider is still there: no form to fill.
    const form = page.getByRole('form', { name: 'Close' });
    await form.waitFor();
    expect(await form.getByLabel('Comment').inputValue()).toBe('The line is up again');
    expect(new URL(page.url()).search).toBe('?ticket=huawei:TS-123456');
    await page.getByText('1 ticket selected').waitFor();
    expect(await selected.getAttribute('data-selected')).toBe('true');
    const bulk = page.getByRole('form', { name: 'Set a status' });
    expect(await bulk.getByLabel('Comment').inputValue()).toBe('Moved to the new desk');
    await form.locator('[type=submit]').click();
    await page.getByText('“Close” is done.').waitFor();
    expect(provider.requestsTo('/token').slice(redemptions)).toMatchObject([
      { status: 200, body: { grant_type: 'authorization_code' } },
    ]);
  });

  test('a response with the wrong state is refused without a request to the provider', async () => {
    const { page, provider, home } = await openDesk(browser);
    await goToProvider(page);
    await page.goto(`${home}?code=stolen&state=forged&iss=${encodeURIComponent(provider.issuer)}`);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText('the response does not belong to a sign-in of this tab (state mismatch)').waitFor();
    expect(page.url()).toBe(home);
    expect(provider.requestsTo('/token')).toEqual([]);
    expect(await page.evaluate(() => sessionStorage.getItem('ticketgraph.credential'))).toBeNull();
    // The sign-in that was started is over: its own response is refused as well.
    await page.goBack();
    expect(await page.evaluate(() => sessionStorage.getItem('ticketgraph.sign-in'))).toBeNull();
  });

  test('a forged response does not end the session of a signed-in user', async () => {
    const { page, provider, home } = await openDesk(browser);
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
    await page.goto(`${home}?code=stolen&state=forged`);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText('state mismatch').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.locator('[data-row]').first().waitFor();
    expect(await dialog.count()).toBe(0);
    expect(provider.requestsTo('/token')).toHaveLength(1);
  });

  test('access that is denied at the provider is shown, and no code is redeemed', async () => {
    const { page, provider, home } = await openDesk(browser);
    await goToProvider(page);
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page
      .getByRole('dialog')
      .getByText(/Sign-in failed: localhost:\d+ denied access/)
      .waitFor();
    expect(page.url()).toBe(home);
    expect(provider.requestsTo('/token')).toEqual([]);
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
  });

  test('a device whose clock is wrong gets a message that says so', async () => {
    const { page } = await openDesk(browser);
    await page.clock.setFixedTime(Date.now() + 2 * HOUR_MS);
    await signIn(page);
    await page.getByRole('dialog').getByText('is not valid at the time of this device (clock skew)').waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('ticketgraph.credential'))).toBeNull();
  });

  test('an unreachable provider is reported at sign-in, and at sign-out after the tokens are gone', async () => {
    const { page, provider } = await openDesk(browser);
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
    await provider.close();
    await page.getByRole('button', { name: 'Account: Jana Novak' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText(/^Signed out of this tab, but localhost:\d+ is unreachable/).waitFor();
    expect(await page.evaluate(() => sessionStorage.getItem('ticketgraph.credential'))).toBeNull();
    await dialog.getByRole('button', { name: /^Sign in with localhost/ }).click();
    await dialog.getByText(/^Sign-in failed: localhost:\d+ is unreachable\./).waitFor();
    await dialog.getByRole('button', { name: /^Sign in with localhost/ }).waitFor();
  });

  test('a page without a secure context says why it cannot sign in', async () => {
    const { page, provider } = await openDesk(browser);
    const button = page.getByRole('button', { name: /^Sign in with localhost/ });
    await button.waitFor();
    await page.evaluate(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
    await button.click();
    await page
      .getByRole('dialog')
      .getByText(/this page is not served over HTTPS/)
      .waitFor();
    expect(provider.requestsTo('/auth')).toEqual([]);
  });

  test('a pasted token remains another way to sign in', async () => {
    const desk = await openDesk(browser);
    await signIn(desk.page);
    await desk.page.locator('[data-row]').first().waitFor();
    const { value: token } = await tokensOf(desk.page);
    const page = await openConsole(browser, desk.server);
    const dialog = page.getByRole('dialog', { name: 'Sign in' });
    await dialog.getByText('Use an API key or a token instead').click();
    await dialog.getByLabel('a token').check();
    await dialog.getByLabel('Key or token').fill(token);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-row]').first().waitFor();
    await page.getByRole('button', { name: 'Account: Token' }).click();
    await page.getByRole('dialog').getByText('jana', { exact: true }).waitFor();
  });

  test.each(['light', 'dark'] as const)('the sign-in and the account fit a narrow screen: %s', async (colorScheme) => {
    const { page } = await openDesk(browser, '', { browser: { viewport: NARROW, colorScheme } });
    await page.getByRole('dialog').getByText('This server requires').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await signIn(page);
    await page.locator('[data-row]').first().waitFor();
    await page.getByRole('button', { name: 'Account: Jana Novak' }).click();
    await page.getByRole('dialog', { name: 'Jana Novak' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBe(widths[1]);
  });
});

interface Desk {
  readonly page: OpenPage;
  readonly provider: IdentityProvider;
  readonly server: TestServer;
  /** Address of the console, and redirect URI. */
  readonly home: string;
  /** All requests of the page, to the server and to the provider. */
  readonly requests: readonly Request[];
  /** Log of the server. */
  readonly log: readonly string[];
}

interface DeskOptions {
  readonly refreshes?: boolean;
  readonly browser?: Parameters<Browser['newContext']>[0];
}

async function openDesk(browser: Browser, query = '', options: DeskOptions = {}): Promise<Desk> {
  const provider = await startIdentityProvider({ issuesRefreshTokens: options.refreshes ?? true });
  const log: string[] = [];
  const server = await startTestServer({
    environment: {
      ...provider.settings,
      CONSOLE_OIDC_CLIENT_ID: 'console',
      CONSOLE_OIDC_RESOURCE: provider.audience,
      LOG_LEVEL: 'trace',
    },
    logStream: { write: (line) => log.push(line) },
  });
  const home = server.url.replace('/graphql', '/console');
  await provider.register({ client_id: 'console', redirect_uris: [home], post_logout_redirect_uris: [home] });
  const requests: Request[] = [];
  const page = await openConsole(browser, server, query, options.browser, (request) => requests.push(request));
  return { page, provider, server, home, requests, log };
}

async function goToProvider(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Sign in with localhost/ }).click();
  await page.getByPlaceholder('Enter any login').waitFor();
}

/** By keyboard, through the provider's own pages. */
async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Sign in with localhost/ }).press('Enter');
  await page.getByPlaceholder('Enter any login').fill('jana');
  await page.getByPlaceholder('and password').fill('any');
  await page.getByPlaceholder('and password').press('Enter');
  await page.getByRole('button', { name: 'Continue' }).press('Enter');
}

interface StoredTokens {
  readonly value: string;
  readonly grant: { readonly refreshToken?: string };
}

async function tokensOf(page: Page): Promise<StoredTokens> {
  return JSON.parse((await page.evaluate(() => sessionStorage.getItem('ticketgraph.credential')))!) as StoredTokens;
}

async function authorizationOf(request: Request): Promise<string | undefined> {
  return (await request.allHeaders())['authorization'];
}

/** Sends another token instead of this one: the server rejects it, whatever its clock and that of the test say. */
async function replaceToken(page: Page, server: TestServer, token: string, other: string): Promise<void> {
  await page.route(server.url, async (route) => {
    const headers = await route.request().allHeaders();
    const isReplaced = headers['authorization'] === `Bearer ${token}`;
    await route.continue({ headers: { ...headers, ...(isReplaced && { authorization: `Bearer ${other}` }) } });
  });
}

/** A token of the same user, issued to another browser. */
async function getExpiredToken(browser: Browser, { provider, server }: Pick<Desk, 'provider' | 'server'>) {
  const page = await openConsole(browser, server);
  provider.behaviour.tokenSeconds = 1;
  await signIn(page);
  await page.waitForURL((url) => url.pathname === '/console');
  await page.waitForFunction(() => sessionStorage.getItem('ticketgraph.credential') !== null);
  const { value } = await tokensOf(page);
  await untilRejected(server, value);
  provider.behaviour.tokenSeconds = 3600;
  return value;
}

async function untilRejected(server: TestServer, token: string): Promise<void> {
  const codeOf = async (): Promise<unknown> => {
    const { errors } = await server.ask('{ vendors { key } }', {}, { headers: { authorization: `Bearer ${token}` } });
    return errors?.[0]?.extensions?.['code'];
  };
  await expect.poll(codeOf).toBe('UNAUTHENTICATED');
}

/** Fails if a secret is in a URL, in a Referer, or in the log of the server. */
async function expectNotExposed({ requests, provider, log }: Desk, secrets: readonly string[]): Promise<void> {
  const headers = await Promise.all(requests.map((request) => request.allHeaders()));
  const exposed = [
    ...requests.map((request) => request.url()),
    ...headers.map(({ referer = '' }) => referer),
    ...provider.requests.flatMap(({ path, query, headers: { referer = '' } }) => [path, query.toString(), referer]),
    ...log,
  ].join('\n');
  expect(requests.length).toBeGreaterThan(0);
  expect(log.length).toBeGreaterThan(0);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20);
    expect(exposed).not.toContain(secret);
  }
}
