/** A real browser, where one is installed: Chromium without a window, that asks nobody but whom a page asks. */
import { spawnSync } from 'node:child_process';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = [process.env['CHROMIUM'], 'chromium', 'chromium-browser', 'google-chrome']
  .map((name) => name && findOnPath(name))
  .find((path) => path !== undefined && path !== '');

/** Undefined where there is a browser; else why a test that needs one is skipped. */
export const whyNoBrowser: string | undefined =
  executablePath === undefined ? 'no Chromium is installed here' : undefined;

function findOnPath(name: string): string | undefined {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

export interface OpenedPage {
  readonly page: Page;
  /** The address of every request that the page made, in order. */
  readonly requested: string[];
  /** What the page has complained of: errors on the console, errors that nobody caught, what its policy forbade. */
  readonly complaints: string[];
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: FLAGS });
}

/** Opens an empty page in a browser of its own, which ends with the test. */
export async function openPage(options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  onTestFinished(async () => {
    // A request may be on its way through a route of the test's; without this its end would be an unhandled rejection.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await browser.close();
  });
  // As long as the tests themselves wait: a busy machine opens the explorer's editor in more than 30 seconds.
  page.setDefaultTimeout(60_000);
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, requested, complaints };
}
