/** What a newcomer types first: `npm ci`, `npm start`, `npx ticketgraph`, as processes of their own. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSimulation } from '../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../sandbox/server.ts';

const ROOT = join(import.meta.dirname, '..');

interface Started {
  /** Resolves with the address of the endpoint when it is ready. */
  readonly ready: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Signals npm itself, not what it has started. */
  kill(signal: NodeJS.Signals): void;
  stdout(): string;
  stderr(): string;
}

/** Runs npm or npx with none of the settings of this process. The test ends its whole process group. */
function start(
  [program, ...words]: readonly [string, ...string[]],
  { cwd = ROOT, environment = {} }: { cwd?: string; environment?: Readonly<Record<string, string>> } = {},
): Started {
  const folder = newFolder();
  const child = spawn(program, words, {
    cwd,
    detached: true,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      npm_config_update_notifier: 'false',
      PORT: '0',
      STORE_PATH: join(folder, 'store'),
      ...environment,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const address = /ready at (\S+)/.exec(stdout)?.[1];
      if (address !== undefined) resolve(address);
    });
    void ended.then(() => reject(new Error(`${program} ended before the endpoint was ready.\n${stdout}${stderr}`)));
  });
  ready.catch(() => undefined);
  onTestFinished(async () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // The group has ended already.
    }
    await ended;
  });
  return { ready, ended, kill: (signal) => child.kill(signal), stdout: () => stdout, stderr: () => stderr };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-npm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

async function startOmnidesk(): Promise<RunningVendor> {
  const vendor = await startVendor(await loadSimulation('omnidesk'));
  onTestFinished(() => vendor.close());
  return vendor;
}

/** Resolves when nothing accepts connections there any more. */
async function untilClosed(url: string): Promise<void> {
  await expect
    .poll(() =>
      fetch(url).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed');
}

async function solve(url: string): Promise<unknown> {
  const query = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: SOLVED }) { outcome } }';
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return response.json();
}

describe('npm ci', () => {
  test(
    "npm ci prints no warning with the project's settings and resolves every peer dependency",
    { tags: ['full'] },
    async () => {
      const folder = newFolder();
      for (const file of ['package.json', 'package-lock.json', '.npmrc'])
        copyFileSync(join(ROOT, file), join(folder, file));
      const quiet = start(['npm', 'ci', '--dry-run', '--offline'], { cwd: folder });
      expect(await quiet.ended).toEqual({ code: 0, signal: null });
      expect(quiet.stderr()).toBe('');
      const loud = start(['npm', 'ci', '--dry-run', '--offline', '--loglevel=warn'], { cwd: folder });
      expect(await loud.ended).toEqual({ code: 0, signal: null });
      expect(loud.stderr()).not.toMatch(/ERESOLVE|deprecated/);
    },
  );
});

describe('a signal to npm', () => {
  test.for([
    ['npm start', 'SIGTERM'],
    ['npm start', 'SIGINT'],
    ['npm run dev', 'SIGTERM'],
  ] as const)('drains the server and ends with 0: %s, %s', { tags: ['full'] }, async ([command, signal]) => {
    const vendor = await startOmnidesk();
    const release = Promise.withResolvers<void>();
    vendor.faults = () => ({ kind: 'hold', until: release.promise });
    const running = start(command.split(' ') as [string, ...string[]], { environment: vendor.settings });
    const url = await running.ready;
    const writing = solve(url);
    await expect.poll(() => vendor.ledger.length).toBe(1);
    running.kill(signal);
    await untilClosed(url);
    release.resolve();
    expect(await writing).toEqual({ data: { setStatus: { outcome: 'APPLIED' } } });
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });

  test('a signal drains a server started by npx', { tags: ['full'] }, async () => {
    const vendor = await startOmnidesk();
    const release = Promise.withResolvers<void>();
    vendor.faults = () => ({ kind: 'hold', until: release.promise });
    const running = start(['npx', 'ticketgraph', 'serve'], { environment: vendor.settings });
    const url = await running.ready;
    const writing = solve(url);
    await expect.poll(() => vendor.ledger.length).toBe(1);
    running.kill('SIGTERM');
    await running.ended;
    await untilClosed(url);
    release.resolve();
    expect(await writing).toEqual({ data: { setStatus: { outcome: 'APPLIED' } } });
    expect(vendor.effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
  });
});
