/** The console as the server gives it away: what is built is what is in the repository, and no page is without its policy. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startWorld } from '../support/sandbox.ts';

const CONSOLE = join(import.meta.dirname, '../../console');
const DIST = join(CONSOLE, 'dist');
const VITE = join(import.meta.dirname, '../../node_modules/vite/bin/vite.js');

test('the committed build matches the source (npm run console:build)', { tags: ['full'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const options = ['build', CONSOLE, '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  // As in a shell: this process' own NODE_ENV would make another bundle of it.
  const environment = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, [VITE, ...options], { env: environment });
  expect(filesIn(DIST)).toEqual(filesIn(folder));
  for (const file of filesIn(folder)) {
    expect(readFileSync(join(DIST, file)).equals(readFileSync(join(folder, file))), `${file} is fresh`).toBe(true);
  }
});

test('the page and its files are served without authentication, with content type, policy and caching headers', async () => {
  const world = await startWorld({ keys: [], environment: {} });
  const page = await ask(world.url, '/console');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await (await ask(world.url, '/console/')).text()).toBe(await page.clone().text());
  for (const file of filesIn(DIST).filter((name) => !name.endsWith('.br'))) {
    const response = await ask(world.url, `/console/${file}`);
    expect(response.status, file).toBe(200);
    expect(await response.text(), file).toBe(readFileSync(join(DIST, file), 'utf8'));
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const isKept = response.headers.get('cache-control')?.includes('immutable') ?? false;
    expect(isKept, file).toBe(file.startsWith('assets/'));
  }
});

test('brotli files are not served under their own path', async () => {
  const world = await startWorld({ keys: [] });
  expect((await ask(world.url, '/console/index.html')).status).toBe(200);
  expect((await ask(world.url, '/console/index.html.br')).status).toBe(404);
});

test('an unchanged page is answered with 304', async () => {
  const world = await startWorld({ keys: [] });
  const etag = (await ask(world.url, '/console')).headers.get('etag')!;
  const again = await ask(world.url, '/console', { 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test.each(['/console/../package.json', '/console/%2e%2e/package.json', '/console/assets/', '/console/main.tsx'])(
  '%s is not found',
  async (path) => {
    const world = await startWorld({ keys: [] });
    expect((await ask(world.url, path)).status).toBe(404);
  },
);

test.each([
  ['is off in production', { NODE_ENV: 'production' }, 404],
  ['is on in production where CONSOLE says so', { NODE_ENV: 'production', CONSOLE: 'on' }, 200],
  ['is off where CONSOLE says so', { CONSOLE: 'off' }, 404],
])('the console %s', async (_, environment, status) => {
  const world = await startWorld({ keys: [], environment });
  expect((await ask(world.url, '/console')).status).toBe(status);
});

test('the first visit loads compressed and small files', async () => {
  const world = await startWorld({ keys: [] });
  const files = filesIn(DIST).filter((file) => /\.(js|css|html)$/.test(file));
  const sizes = await Promise.all(files.map((file) => packedBytes(new URL(`/console/${file}`, world.url))));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(170_000);
});

/** fetch() would unpack it. */
function packedBytes(url: URL): Promise<number> {
  return new Promise((resolve) => {
    request(url, { headers: { 'accept-encoding': 'br' } }, (response) => {
      expect(response.headers['content-encoding']).toBe('br');
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => resolve(bytes));
    }).end();
  });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted();
}

function ask(url: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url.replace('/graphql', path), { headers });
}
