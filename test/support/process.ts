/** Runs `main.ts` in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface RunningProcess {
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  /** Resolves with the endpoint's address once it is ready. */
  readonly ready: Promise<string>;
  readonly exited: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
  /** Kills it, and removes its files once it and all processes that it has started have ended. */
  end(): Promise<void>;
}

/** @param environment its environment in addition to a free port and a store of its own */
export function startProcess(environment: Readonly<Record<string, string>>): RunningProcess {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-process-'));
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', STORE_PATH: join(folder, 'store'), ...environment },
  });
  let output = '';
  const ready = new Promise<string>((resolve) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /ready at (\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid!,
    output: () => output,
    ready,
    exited,
    signal: (name) => void child.kill(name),
    async end() {
      child.kill('SIGKILL');
      // Its pipes are closed once the processes that it has started have ended, too.
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
