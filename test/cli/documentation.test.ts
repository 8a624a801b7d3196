/** Runs every command of docs/command-line.md and compares its output with the page. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { ROOT } from '../support/command.ts';
import { startEndpoint } from '../support/endpoint.ts';

interface Example {
  readonly command: string;
  /** Expected output, in which `…` matches anything. `undefined` if the page shows none. */
  readonly output: string | undefined;
}

const PAGE = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/```sh\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g)].map(
  ([, command, output]): Example => ({ command: command!.trim(), output }),
);

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

/** Collapses spaces, because column widths depend on omitted rows. */
function squeeze(text: string): string {
  return text.replaceAll(/ {2,}/g, '  ');
}

/** A line `…` matches any number of lines; `…` within a line matches any text. */
function toPattern(output: string): RegExp {
  const escaped = output.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '(?:.*\\n)*?').replaceAll('…', '.*')}$`);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What serves is ended by SIGTERM as soon as it is ready, as whoever runs it would. */
function runInShell(command: string, environment: Readonly<Record<string, string>>): Promise<Ended> {
  const launcher = `ticketgraph() { ${process.execPath} ${join(ROOT, 'cli/ticketgraph.js')} "$@"; }`;
  const started = command.startsWith('ticketgraph serve')
    ? command.replace('ticketgraph', 'exec node cli/ticketgraph.js')
    : command;
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn('bash', ['-c', `${launcher}\n${started}`], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stdout.includes('is ready at')) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
