/** Runs ticketgraph as a process, as in production: started by `main.ts`, stopped by a signal. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { post, type Answer, type PostOptions } from './post.ts';

export interface Replica {
  readonly url: string;
  readonly pid: number;
  /** Its stderr, which contains unexpected errors. */
  complaints(): string;
  /** Rejects if the connection breaks, e.g. because the process was killed. */
  ask(query: string, variables?: Readonly<Record<string, unknown>>, init?: PostOptions): Promise<Answer>;
  /** Sends SIGKILL: no shutdown. */
  kill(): Promise<void>;
  /** Sends SIGTERM. Resolves to the exit code. */
  stop(): Promise<number | null>;
}

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** @param environment its environment in addition to a free port. Nothing is inherited from this process. */
export async function startReplica(environment: Readonly<Record<string, string>>): Promise<Replica> {
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: FOLDER,
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killOnExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const gone = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      process.off('exit', killOnExit);
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
    ask: (query, variables, init) => post(url, { query, variables }, init),
    async kill() {
      await endBy('SIGKILL');
    },
    stop: () => endBy('SIGTERM'),
  };
}

/** Start-up timeout, generous for a busy machine. */
const READY_WITHIN_MS = 120_000;

/** Resolves to the URL in the line that reports it is ready. */
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
      reject(new Error(`Exited with ${code} before it was ready.\n${complaints()}`));
    });
  });
}
