/** `/`: the explorer for browsers, the index for other clients. The page must send requests to this server only. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sources } from '../../../datasources/index.ts';
import { registerExplorer } from '../../../server/pages/explorer.ts';
import { EXAMPLE } from '../../../sandbox/welcome.ts';
import { openPage, whyNoBrowser } from '../../support/browser.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const open = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ example: EXAMPLE, ...options });

const home = (server: TestServer): string => new URL('/', server.url).href;

interface Example {
  readonly name: string;
  readonly query: string;
  readonly variables: string;
}

async function readPage(
  server: TestServer,
): Promise<{ html: string; examples: Example[]; assets: string; headers: Headers }> {
  const response = await fetch(home(server), { headers: HTML });
  expect(response.status).toBe(200);
  const html = await response.text();
  const options = /<script type="application\/json" id="options">(.*?)<\/script>/s.exec(html)?.[1];
  const { examples, assets } = JSON.parse(options!) as { examples: Example[]; assets: string };
  return { html, examples, assets, headers: response.headers };
}

async function ask(server: TestServer, { query, variables }: Example) {
  return server.ask(query, variables === '' ? {} : (JSON.parse(variables) as Record<string, unknown>));
}

describe('example operations', () => {
  test('example operations work one after the other against the sandbox', async () => {
    const server = await open();
    const { examples } = await readPage(server);
    expect(examples.map(({ query }) => /^(?:query|mutation) (\w+)/m.exec(query)?.[1])).toEqual([
      'Board',
      'OneTicket',
      'DryRun',
      'ActOnce',
      'SetStatusOfMany',
    ]);
    const answers = [];
    for (const example of examples) answers.push(await ask(server, example));
    expect(answers.map(({ errors }) => errors)).toEqual(examples.map(() => undefined));
    const [board, ticket, dryRun, action, many] = answers.map(({ data }) => data);
    expect(board.tickets.nodes).toHaveLength(10);
    expect(ticket.ticket.availableActions.map(({ name }: { name: string }) => name)).toContain(EXAMPLE.action);
    expect(dryRun.executeAction).toMatchObject({ problems: [], plan: [{ method: 'POST' }] });
    expect(action.executeAction).toMatchObject({ outcome: 'APPLIED', replayed: false, problems: [] });
    expect(many.setStatus.outcome).toBe('APPLIED');
    expect(many.setStatus.results.length).toBeGreaterThan(1);
    expect((await ask(server, examples[3]!)).data.executeAction).toMatchObject({ outcome: 'APPLIED', replayed: true });
    expect(server.vendor('akana').effects).toHaveLength(1);
  });

  test('example operations are dry runs against a real vendor', async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
    const { examples } = await readPage(server);
    for (const example of examples) expect((await ask(server, example)).errors).toBeUndefined();
    expect(server.vendor('omnidesk').effects).toEqual([]);
    expect(server.vendor('huawei').effects).toEqual([]);
    expect(examples.at(-1)?.variables).toContain('"omnidesk:858462"');
  });
});

describe('explorer responses', () => {
  test('the page loads only from its own origin, and cannot be framed', async () => {
    const { headers, html } = await readPage(await open());
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  test('assets are immutable under a versioned URL, and compressed if accepted', async () => {
    const server = await open();
    const { assets } = await readPage(server);
    const url = new URL(`/${assets}/graphiql.js`, server.url);
    const packed = await getRaw(url, { 'accept-encoding': 'gzip, br' });
    const plain = await getRaw(url, {});
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.bytes).toBeLessThan(plain.bytes / 3);
    const missing = ['explorer/0000/graphiql.js', `${assets}/nothing.js`, `${assets}/..%2f..%2fserver.ts`];
    for (const path of missing) expect((await fetch(new URL(`/${path}`, server.url))).status).toBe(404);
  });

  test('/ is a JSON index for clients other than browsers', async () => {
    const server = await open();
    const response = await fetch(home(server));
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('vary')).toBe('accept');
    expect(await response.json()).toMatchObject({
      name: 'ticketgraph',
      graphql: '/graphql',
      health: ['/health/live', '/health/ready'],
      explorer: 'open this address in a browser',
    });
  });

  test('the page links to the console if it is served', async () => {
    const http = fastify();
    const sources = { known: new Map(), connected: new Map() } as unknown as Sources;
    const surroundings = { sources, introspection: true, corsOrigins: [], isRestricted: true };
    registerExplorer(http, { requiresAuth: false }, surroundings);
    const before = await http.inject({ url: '/', headers: HTML });
    expect(before.body).not.toContain('href="console"');
    expect(before.body).toContain('Only registered operations are executed (OPERATIONS)');

    const other = fastify();
    registerExplorer(other, { requiresAuth: false }, surroundings);
    other.get('/console', () => 'here');
    expect((await other.inject({ url: '/', headers: HTML })).body).toContain('<a href="console">Console</a>');
    expect((await other.inject({ url: '/' })).json()).toMatchObject({ console: '/console' });
  });

  test.each([
    ['NODE_ENV', 'production'],
    ['EXPLORER', 'off'],
  ])('the explorer is off with %s=%s', async (name, value) => {
    const server = await open({ environment: { [name]: value } });
    const response = await fetch(home(server), { headers: HTML });
    expect(await response.json()).toMatchObject({ graphql: '/graphql', explorer: 'off' });
    expect((await fetch(new URL('/explorer/x/graphiql.js', server.url))).status).toBe(404);
  });

  test('the explorer is on in production with EXPLORER=on', async () => {
    const { html } = await readPage(await open({ environment: { NODE_ENV: 'production', EXPLORER: 'on' } }));
    expect(html).toContain('Introspection is off');
  });

  test('the page has notices about what does not work', async () => {
    const plain = await readPage(await open());
    expect(plain.html).not.toContain('class="note"');
    expect(plain.html).toContain('Needs CORS_ORIGINS=studio, which is not set');
    const environment = {
      INTROSPECTION: 'off',
      CORS_ORIGINS: 'studio',
      AUTH_JWKS_URL: 'http://127.0.0.1:1/jwks',
      AUTH_ISSUER: 'https://id.example.com',
      AUTH_AUDIENCE: 'ticketgraph',
    };
    const { html } = await readPage(await open({ environment }));
    expect(html).toContain('Introspection is off (INTROSPECTION)');
    expect(html).toContain('Authentication required');
    expect(html).toContain('Needs CORS_ORIGINS=studio, which is set');
  });

  test('a simple request of another page is rejected while the explorer is on', async () => {
    const server = await open();
    await readPage(server);
    const response = await fetch(`${server.url}?query={__typename}`, { headers: HTML });
    expect(response.status).toBe(400);
    const form = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' });
    expect(form.status).toBeGreaterThanOrEqual(400);
  });
});

/** Texts of the links to the examples. */
const WORDS = ['Board', 'One ticket', 'Dry run', 'Act once', 'Set status of many'];

function toWords(name: string): string {
  return name.charAt(0) + name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function vendorCalls(server: TestServer): number {
  return ['akana', 'omnidesk', 'huawei', 'jifeline', 'requestor'].flatMap((key) => server.calls(key)).length;
}

/** Runs the operation in the editor, waits for its response, and returns its name. */
async function runShown(page: Page): Promise<string> {
  const [asked] = await Promise.all([
    page.waitForRequest((request) => /(query|mutation) (?!IntrospectionQuery)\w/.test(request.postData() ?? '')),
    page.getByRole('button', { name: /execute query/i }).click(),
  ]);
  const { query } = asked.postDataJSON() as { query: string };
  await expect.poll(() => page.locator('.result-window').innerText()).toContain('data');
  return /(?:query|mutation) (\w+)/.exec(query)![1]!;
}

/** Does not decompress the response. */
function getRaw(
  url: URL,
  headers: Record<string, string>,
): Promise<{ headers: object & Record<string, unknown>; bytes: number }> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve({ headers: response.headers, bytes }));
    }).on('error', reject);
  });
}

/** Writes a file with one key that has all scopes, until the test ends. */
function writeKeys(key: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-explorer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const hash = createHash('sha256').update(key).digest('hex');
  writeFileSync(join(folder, 'keys'), `somebody ${hash} ticket:read,ticket:status\n`);
  return join(folder, 'keys');
}

describe.skipIf(whyNoBrowser)(`explorer in a browser${whyNoBrowser ? ` (skipped: ${whyNoBrowser})` : ''}`, () => {
  test('opens with the examples, runs one, shows the documentation, and sends no request elsewhere', async () => {
    const server = await open();
    const { page, requested, complaints } = await openPage();
    await page.goto(home(server));
    await page.getByRole('button', { name: /execute query/i }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Examples' }).getByRole('link').allInnerTexts()).toEqual(WORDS);

    await page.getByRole('button', { name: /execute query/i }).click();
    const answer = page.locator('.result-window');
    await answer.getByText('tickets').first().waitFor();
    expect(await answer.innerText()).toContain('"omnidesk:858462"');
    expect(server.calls('omnidesk').length).toBeGreaterThan(0);

    await page.getByRole('button', { name: /documentation explorer/i }).click();
    await page.getByRole('link', { name: 'Query', exact: true }).click();
    await page.getByText('Read operations. A failing vendor does not affect').waitFor();
    await page.getByText('Lists the tickets of all sources that support listing').waitFor();

    const studio = await page.getByRole('link', { name: 'Open in Apollo Sandbox' }).getAttribute('href');
    expect(new URL(studio!).origin).toBe('https://studio.apollographql.com');
    expect(new URL(studio!).searchParams.get('endpoint')).toBe(server.url);

    const { origin } = new URL(server.url);
    expect(requested.filter((url) => !/^(data|blob):/.test(url)).map((url) => new URL(url).origin)).toEqual(
      requested.filter((url) => !/^(data|blob):/.test(url)).map(() => origin),
    );
    expect(complaints).toEqual([]);
    expect(server.defects).toEqual([]);
  });

  test.each([
    ['a mouse', false],
    ['a finger', true],
  ])('opens and runs each example chosen with %s, also on a second visit', { tags: ['full'] }, async (_, hasTouch) => {
    const server = await open();
    const { page } = await openPage({ hasTouch });
    await page.goto(home(server));
    for (const word of [...WORDS, WORDS[1]!]) {
      const link = page.getByRole('navigation', { name: 'Examples' }).getByRole('link', { name: word, exact: true });
      if (hasTouch) await link.tap();
      else await link.click();
      await page.getByRole('navigation').locator('a[aria-current]').getByText(word, { exact: true }).waitFor();
      const name = await runShown(page);
      expect(toWords(name)).toBe(word);
    }
    // A reload keeps the open operation, and does not run it.
    server.forget();
    await page.reload();
    await page.getByRole('navigation').locator('a[aria-current]').getByText(WORDS[1]!, { exact: true }).waitFor();
    await page.getByRole('button', { name: /execute query/i }).waitFor();
    expect(await page.locator('.graphiql-tab').count()).toBe(1);
    expect(vendorCalls(server)).toBe(0);
    expect(toWords(await runShown(page))).toBe(WORDS[1]);
  });

  test('keeps an edited operation over a reload', { tags: ['full'] }, async () => {
    const server = await open();
    const { page } = await openPage();
    await page.goto(home(server));
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('query Mine { vendors { key } }');
    const stored = (): Promise<unknown> => page.evaluate('localStorage["ticketgraph:operation"]');
    await expect.poll(stored).toContain('Mine');
    for (let visit = 0; visit < 2; visit += 1) {
      await page.reload();
      expect(await runShown(page)).toBe('Mine');
    }
  });

  test('keeps the operation over reloads before the editor has opened', { tags: ['full'] }, async () => {
    const server = await open();
    const { page } = await openPage();
    await page.goto(new URL('/?example=OneTicket', server.url).href);
    for (let visit = 0; visit < 3; visit += 1) await page.reload({ waitUntil: 'load' });
    expect(await runShown(page)).toBe('OneTicket');
  });

  test('keeps variables changed right before a reload', { tags: ['full'] }, async () => {
    const server = await open();
    const { page } = await openPage();
    await page.goto(new URL('/?example=OneTicket', server.url).href);
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    // The editor closes the brace.
    await page.keyboard.insertText('{ "ticketId": "omnidesk:858462"');
    await page.reload();
    await runShown(page);
    expect(await page.locator('.result-window').innerText()).toContain('omnidesk:858462');
  });

  test('works if the browser forbids storage', { tags: ['full'] }, async () => {
    const server = await open();
    const { page, complaints } = await openPage();
    const forbid =
      'Object.defineProperty(self, "localStorage", { get() { throw new DOMException("", "SecurityError"); } })';
    await page.addInitScript(forbid);
    await page.goto(home(server));
    expect(await runShown(page)).toBe('Board');
    expect(complaints).toEqual([]);
  });

  test.each([[{ width: 1400, height: 900 }], [{ width: 380, height: 780 }]])(
    'axe finds no accessibility problem at %j',
    { tags: ['full'] },
    async (viewport) => {
      const server = await open();
      const { page } = await openPage();
      await page.setViewportSize(viewport);
      await page.goto(home(server));
      await runShown(page);
      await page.evaluate(readFileSync(join(import.meta.dirname, '../../../node_modules/axe-core/axe.min.js'), 'utf8'));
      const violations = 'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + nodes[0].html))';
      expect(await page.evaluate(violations)).toEqual([]);
    },
  );

  test('stacks operation and response at full width on a narrow screen', { tags: ['full'] }, async () => {
    const server = await open();
    const { page } = await openPage();
    await page.setViewportSize({ width: 380, height: 780 });
    await page.goto(home(server));
    await page.getByRole('button', { name: /execute query/i }).waitFor();
    const [operation, answer] = await Promise.all(
      ['.graphiql-editors', '.graphiql-response'].map((selector) => page.locator(selector).boundingBox()),
    );
    expect(operation!.width).toBeGreaterThan(260);
    expect(answer!.width).toBeGreaterThan(260);
    expect(answer!.y).toBeGreaterThanOrEqual(operation!.y + operation!.height);
    expect(answer!.y + answer!.height).toBeLessThanOrEqual(780);
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(780);
  });

  test.each([[{ width: 320, height: 640 }], [{ width: 700, height: 320 }]])(
    'scrolls in a window of %j so that panes do not overlap',
    { tags: ['full'] },
    async (viewport) => {
      const server = await open();
      const { page } = await openPage();
      await page.setViewportSize(viewport);
      await page.goto(home(server));
      await page.getByRole('button', { name: /execute query/i }).waitFor();
      const box = async (selector: string) => (await page.locator(selector).boundingBox())!;
      const [pane, variables, answer] = [
        await box('.graphiql-editors'),
        await box('.graphiql-editor-tool'),
        await box('.graphiql-response'),
      ];
      expect(variables.y + variables.height).toBeLessThanOrEqual(pane.y + pane.height);
      if (answer.x === pane.x) expect(answer.y).toBeGreaterThanOrEqual(pane.y + pane.height);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    },
  );

  test('sends the credentials entered as headers, and does not store them', { tags: ['full'] }, async () => {
    const server = await open({ environment: { AUTH_API_KEYS_FILE: writeKeys('let-me-in') } });
    const { page } = await openPage();
    await page.goto(home(server));
    await page.getByText(/^Authentication required: put/).waitFor();
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.result-window').getByText('UNAUTHENTICATED').waitFor();

    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').last().click();
    await page.keyboard.insertText('{ "x-api-key": "let-me-in" }');
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.result-window').getByText('tickets').first().waitFor();
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('let-me-in');
    expect(page.url()).toBe(home(server));
  });
});
