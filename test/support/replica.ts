/** ticketgraph as a process of its own, as it runs in production: started by `main.ts`, ended by a signal. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer } from './endpoint.ts';

export interface Replica {
  readonly url: string;
  readonly pid: number;
  /** What it has written to stderr: a defect of ours stands there. */
  complaints(): string;
  /** Throws where the connection breaks, as it does when the process is killed. */
  ask(query: string, variables?: Readonly<Record<string, unknown>>, init?: { signal?: AbortSignal }): Promise<Answer>;
  /** kill -9: nothing is finished, nothing is said. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** @param environment all that it gets besides a free port: nothing of this process's own settings. */
export async function startReplica(environment: Readonly<Record<string, string>>): Promise<Replica> {
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: FOLDER,
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = (): boolean => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const gone = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      process.off('exit', endWithUs);
      resolve(code);
    }),
  );
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const url = await readAddress(child, () => complaints);
  const endBy = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return gone;
  };
  return {
    url,
    pid: child.pid!,
    complaints: () => complaints,
    ask: (query, variables, init = {}) => post(url, { query, variables }, init),
    async kill() {
      await endBy('SIGKILL');
    },
    stop: () => endBy('SIGTERM'),
  };
}

export async function post(url: string, body: unknown, init: { signal?: AbortSignal }): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), ...init });
  return (await response.json()) as Answer;
}

/** Milliseconds to be ready within, on a machine that has much else to do. */
const READY_WITHIN_MS = 120_000;

/** The address in the line that says it is ready. */
function readAddress(child: ChildProcess, complaints: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const address = /\bready\b.*?(http:\/\/\S+)/.exec(text)?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`It ended with ${code} before it was ready.\n${complaints()}`));
    });
  });
}
