/** The code of the recipe in a browser: the board, and the effect of a click at the vendor. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPage, whyNoBrowser } from '../../support/browser.ts';
import { ROOT, blocksOf } from '../../support/pages.ts';
import { startWorld } from '../../support/sandbox.ts';

const [app] = blocksOf('docs/recipes/board-in-react.md').filter(({ marks }) => marks.includes('app'));

/** The code as one script for a browser. */
async function bundle(code: string): Promise<string> {
  mkdirSync(join(ROOT, '.ticketgraph'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.ticketgraph/recipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'app.tsx'), code);
  const result = (await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: { 'ticketgraph-client': join(ROOT, 'client/index.ts') } },
    build: { write: false, rollupOptions: { input: join(folder, 'app.tsx') } },
  })) as Rolldown.RolldownOutput;
  return result.output[0].code;
}

/** A page of another origin than the endpoint's, as a frontend's is. */
async function serve(script: () => string): Promise<string> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/app.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    const page =
      '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/app.js"></script>';
    response.end(isScript ? script() : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.skipIf(whyNoBrowser)(`React recipe${whyNoBrowser ? ` (skipped: ${whyNoBrowser})` : ''}`, () => {
  test('the React board performs a clicked action once', { tags: ['full'] }, async () => {
    let script = '';
    const origin = await serve(() => script);
    const world = await startWorld({ environment: { CORS_ORIGINS: origin } });
    script = await bundle(app!.text.replace('http://127.0.0.1:4000/graphql', world.url));

    const { page, complaints } = await openPage();
    await page.goto(origin);
    const row = page.getByRole('listitem').filter({ hasText: 'Bestelling niet compleet' });
    await row.getByRole('button', { name: 'Show actions' }).click();
    expect(await page.getByRole('listitem').count()).toBe(10);
    expect(await page.getByText('Requestor has no list of tickets').count()).toBe(1);
    await row.getByRole('button', { name: 'Mark as solved' }).click();
    await row.getByText('Done.').waitFor();
    expect(world.vendor('omnidesk').effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
    expect(complaints).toEqual([]);
  });
});
