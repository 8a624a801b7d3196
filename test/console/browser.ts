/** The console in a real browser, and what tests ask of a page in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Endpoint } from '../support/endpoint.ts';

export interface OpenPage extends Page {
  /** Uncaught errors and Content-Security-Policy violations of the page. */
  readonly complaints: readonly string[];
}

/** The console of a running endpoint, in a profile of its own. Ends with the test. */
export async function openConsole(
  browser: Browser,
  { url }: Pick<Endpoint, 'url'>,
  query = '',
  options: BrowserContextOptions = {},
  onRequest: (request: Request) => void = () => undefined,
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${await describePage(page, requests, complaints)}\n`);
    // A request may be on its way through a route of the test's; without this its end would be an unhandled rejection.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });
  page.on('request', onRequest);
  const requests = recordRequests(page);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.addInitScript(watchShifts);
  await page.goto(url.replace('/graphql', `/console${query}`));
  return Object.assign(page, { complaints });
}

/** As that of `expect.poll`: long enough for a busy machine. */
const TIMEOUT_MS = 60_000;

/** Reloads whenever a source is late, as one may be on a busy machine. Not for tests of what a late source looks like. */
export async function reloadIfLate(page: Page): Promise<void> {
  const notice = page.locator('.notice').filter({ hasText: 'No response yet' });
  await page.addLocatorHandler(notice.first(), async () => {
    await notice.first().getByRole('button', { name: 'Reload' }).click();
  });
}

/** One line for each request, with its response as far as there is one. */
function recordRequests(page: Page): ReadonlyMap<Request, string> {
  const lines = new Map<Request, string>();
  const startedAt = performance.now();
  const record = (request: Request, state: string): void => {
    const operation = /"operationName":"(\w+)"/.exec(request.postData() ?? '')?.[1] ?? request.url();
    lines.set(
      request,
      `${lines.get(request) ?? operation}, ${state} at ${Math.round(performance.now() - startedAt)} ms`,
    );
  };
  page.on('request', (request) => record(request, 'sent'));
  page.on('response', (response) => record(response.request(), String(response.status())));
  page.on('requestfinished', (request) => record(request, 'finished'));
  page.on('requestfailed', (request) => record(request, request.failure()?.errorText ?? 'failed'));
  return lines;
}

/** What a failed test leaves to be read: the page as it is, and what it has asked the server. */
async function describePage(
  page: Page,
  requests: ReadonlyMap<Request, string>,
  complaints: readonly string[],
): Promise<string> {
  const text = await page.innerText('body').catch((error: unknown) => String(error));
  return [page.url(), text.slice(0, 3_000), 'Requests:', ...[...requests.values()].slice(-30), ...complaints].join(
    '\n',
  );
}

/** Of a desk, and of the smallest telephone that the console is made for. */
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 380, height: 780 };

/** Keeps a picture for the documentation, where somebody wants new ones: `npm run console:screenshots`. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] !== '1') return;
  await page.screenshot({
    path: join(import.meta.dirname, `../../docs/images/console-${name}.png`),
    animations: 'disabled',
  });
}

export async function idsOf(page: Page): Promise<string[]> {
  return page.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row') ?? ''));
}

/** Answers the question that the console asks before something that cannot be taken back. */
export async function answer(page: Page, word: 'yes' | 'back'): Promise<void> {
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: word === 'yes' ? /^Yes, / : 'Back' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/**
 * Runs in the page: everything that moved without a person having done something just before.
 *
 * "Just before" is half a second, which a busy machine may need to draw what a key press has changed. What moves by less
 * than a thousandth cannot be seen.
 */
function watchShifts(): void {
  const LEAST = 0.001;
  const shifts: string[] = [];
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    })[]) {
      if (entry.hadRecentInput || entry.value < LEAST) continue;
      const nodes = entry.sources.map(({ node }) => {
        const text = `“${node?.textContent}” in ${node?.parentElement?.outerHTML.slice(0, 80)}`;
        return node instanceof Element ? node.outerHTML.slice(0, 120) : text;
      });
      shifts.push(`${entry.value}: ${nodes.join(' | ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

export async function shiftsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
}

const AXE = readFileSync(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong by WCAG 2.2 AA and its own good practice; the page's policy admits no script, so it is evaluated. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  );
}
