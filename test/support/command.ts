/** Runs the command line as a process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '../..');
const LAUNCHER = join(ROOT, 'cli/ticketgraph.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Its environment in addition to PATH. Nothing is inherited from this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Its stdin. Defaults to empty. */
  readonly input?: string;
  /** Path of Node. Defaults to the one that runs the tests. */
  readonly node?: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves to the output so far as soon as it matches. */
  stdoutUntil(pattern: RegExp): Promise<RegExpExecArray>;
  stderrUntil(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Killed after the test. */
export function startCommand(words: readonly string[], options: CommandOptions = {}): RunningCommand {
  const { environment = {}, input = '', node = process.execPath } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-command-'));
  const child = spawn(node, [LAUNCHER, ...words], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: folder, STORE_PATH: join(folder, 'store'), ...environment },
  });
  // The process may exit before it has read all of stdin.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const until = (stream: Readable, read: () => string, pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(read());
        if (found) resolve(found);
      };
      look();
      stream.on('data', look);
      void ended.then(() => reject(new Error(`Exited without printing ${String(pattern)}: ${stdout}${stderr}`)));
    });
  return {
    child,
    ended,
    stdoutUntil: (pattern) => until(child.stdout, () => stdout, pattern),
    stderrUntil: (pattern) => until(child.stderr, () => stderr, pattern),
  };
}

export function runCommand(words: readonly string[], options?: CommandOptions): Promise<Ended> {
  return startCommand(words, options).ended;
}
