/** Runs the commands of the recipe that closes 10,000 tickets, as they are written, and compares their output with the page. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEndpoint } from '../support/endpoint.ts';
import { startManyTickets } from '../support/many-tickets.ts';
import { blocksOf } from '../support/pages.ts';
import { runInShell, squeeze, toPattern } from '../support/shell.ts';

const COMMANDS = blocksOf('docs/recipes/bulk-close.md').filter(
  ({ language, text }) => language === 'sh' && text.startsWith('ticketgraph '),
);

test('the recipe closes 10,000 tickets', { tags: ['full'], timeout: 600_000 }, async () => {
  const vendor = await startManyTickets(10_000);
  const server = await startEndpoint(vendor.settings);
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-recipe-'));
  onTestFinished(async () => {
    await server.close(0);
    await vendor.close();
    rmSync(folder, { recursive: true, force: true });
    expect(server.defects).toEqual([]);
  });
  // One request of the first job is rejected, so that some tickets are left for the second.
  const rejected: string[] = [];
  vendor.answer = (ids) => {
    if (rejected.length > 0 || !ids.includes('105000')) return undefined;
    rejected.push(...ids.map((id) => `omnidesk:${id}`));
    return { status: 404 };
  };
  const codes: (number | null)[] = [];
  for (const { text, answer } of COMMANDS) {
    const { code, stdout, stderr } = await runInShell(text, { TICKETGRAPH_URL: server.url }, folder);
    if (answer) expect(squeeze(stdout), `${text}${stderr}`).toMatch(toPattern(squeeze(answer.text)));
    codes.push(code);
  }
  // Watching says that not all were applied.
  expect(codes).toEqual([0, 0, 0, 1, 0, 0, 0]);
  expect(rejected.length).toBeGreaterThan(0);
  expect(vendor.ids.filter((id) => vendor.statusOf(id) !== 'closed')).toEqual([]);
  expect(vendor.ids.filter((id) => vendor.sent(id) !== (rejected.includes(id) ? 2 : 1))).toEqual([]);
  const results = readFileSync(join(folder, 'results.csv'), 'utf8').trimEnd().split('\r\n');
  expect(results.slice(1).map((row) => row.split('"')[1])).toEqual(vendor.ids);
  expect(results.filter((row) => row.includes('"NOT_APPLIED"'))).toHaveLength(rejected.length);
});
