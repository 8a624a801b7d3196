/** What a terminal gets that a pipe does not: a bar of progress, and colours unless NO_COLOR is set. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../support/command.ts';
import { startManyTickets } from '../support/many-tickets.ts';
import { startTestServer } from '../support/sandbox.ts';

/** Makes a terminal for a command. https://man7.org/linux/man-pages/man1/script.1.html */
const hasScript = spawnSync('script', ['--version']).status === 0;

beforeEach(({ skip }) => skip(!hasScript, 'the script command of util-linux is not installed here'));

function runInTerminal(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const command = [process.execPath, join(ROOT, 'cli/ticketgraph.js'), ...words].join(' ');
  const env = { PATH: process.env['PATH'], TERM: 'xterm-256color', ...environment };
  const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return new Promise((resolve) => child.once('close', () => resolve(shown)));
}

test('the progress bar overwrites itself and is cleared; outcomes are coloured unless NO_COLOR is set', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const words = ['set-status', 'SOLVED', 'omnidesk:858462', 'omnidesk:858400'];
  const shown = await runInTerminal(words, { TICKETGRAPH_URL: server.url });
  expect(shown).toContain('\r\u001b[K[..............................] 0/2 tickets');
  expect(shown.lastIndexOf('\r\u001b[K')).toBeLessThan(shown.indexOf('TICKET'));
  expect(shown).toContain('\u001b[32mAPPLIED\u001b[39m');
  const plain = await runInTerminal(words, { TICKETGRAPH_URL: server.url, NO_COLOR: '1' });
  expect(plain).toContain('APPLIED');
  expect(plain).not.toMatch(/\u001b\[\d+m/);
});

test('a bulk job has a progress bar with its rate, which is cleared at the end', async () => {
  const vendor = await startManyTickets(400);
  onTestFinished(() => vendor.close());
  const server = await startTestServer({ keys: [], environment: vendor.settings });
  const words = ['bulk', 'start', '--action', 'status.solved', '--vendor', 'omnidesk'];
  const shown = await runInTerminal(words, { TICKETGRAPH_URL: server.url });
  expect(shown).toMatch(/\r\u001b\[K\[[#.]{30}\] \d+\/\d+ tickets {2}(GATHERING|RUNNING)/);
  expect(shown).toMatch(/\r\u001b\[K\[#{30}\] 400\/400 tickets {2}DONE/);
  expect(shown.lastIndexOf('\r\u001b[K')).toBeLessThan(shown.indexOf('SOURCE'));
  expect(shown).toContain('DONE: 400 of 400 tickets applied.');
});
