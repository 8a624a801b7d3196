/** Runs every command of docs/command-line.md and compares its output with the page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { blocksOf } from '../support/pages.ts';
import { runInShell, squeeze, toPattern } from '../support/shell.ts';

const EXAMPLES = blocksOf('docs/command-line.md')
  .filter(({ language, whyNotRun }) => language === 'sh' && whyNotRun === undefined)
  .map(({ text, answer }) => ({ command: text.trim(), output: answer?.text }));

test('docs/command-line.md shows commands with their output', () => {
  expect(EXAMPLES.filter(({ output }) => output !== undefined).length).toBeGreaterThanOrEqual(7);
});

test('the commands of docs/command-line.md print the documented output', { tags: ['full'] }, async () => {
  const sandbox = await startSandbox(vendors.map(({ key }) => key));
  const endpoint = await startEndpoint(sandbox.settings);
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-documentation-'));
  onTestFinished(async () => {
    await endpoint.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const own = { TICKETGRAPH_URL: endpoint.url, PORT: '0', LOG_LEVEL: 'error', STORE_PATH: join(folder, 'store') };
  for (const { command, output } of EXAMPLES) {
    const { code, stdout, stderr } = await runInShell(command, { ...sandbox.settings, ...own });
    expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
    if (output !== undefined) expect(squeeze(stdout), command).toMatch(toPattern(squeeze(output)));
  }
});
