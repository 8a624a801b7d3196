/** Headless Chromium, if installed, without background requests of its own. */
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

/** Why tests that need a browser are skipped. `undefined` if a browser is installed. */
export const whyNoBrowser: string | undefined =
  executablePath === undefined ? 'no Chromium is installed here' : undefined;

function findOnPath(name: string): string | undefined {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

export interface OpenedPage {
  readonly page: Page;
  /** The URL of every request that the page sent, in order. */
  readonly requested: string[];
  /** Console errors, uncaught errors and Content-Security-Policy violations of the page. */
  readonly complaints: string[];
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: FLAGS });
}

/** Opens an empty page in its own browser, which is closed after the test. */
export async function openPage(options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  onTestFinished(async () => {
    // A request may still be in a route of the test: without this, closing the page would be an unhandled rejection.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await browser.close();
  });
  // The test timeout: a busy machine may need more than 30 seconds to open the explorer's editor.
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
