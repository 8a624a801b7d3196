/** Starts benchmark processes pinned to a core, and reads their CPU time and memory. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The measured server runs alone on one core; load and upstream share the other. */
const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Whether processes can be pinned to cores. */
export const canPin = availableParallelism() > 1 && isPinningAllowed();

/** Some systems have no `taskset`, and a container may be limited to other cores. */
function isPinningAllowed(): boolean {
  try {
    for (const core of [SERVER_CORE, LOAD_CORE]) execFileSync('taskset', ['-c', core, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Pins this process, its threads and future children to the core of the load. */
export function pinLoad(): void {
  if (canPin) execFileSync('taskset', ['-a', '-c', '-p', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
}

/** Otherwise V8 shrinks the heap of whichever server waits for its turn. */
const MEASURED_FLAGS = ['--no-memory-reducer'];

export interface Running {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from its start until it printed that it is ready. */
  readonly readyMs: number;
  /** Microseconds of CPU time so far, all threads. */
  cpuMicros(): Promise<number>;
  /** Bytes of resident memory. */
  memoryBytes(): Promise<number>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly isMeasured: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Node options. */
  readonly nodeArguments?: readonly string[];
  /** The checkout that `file` belongs to. Defaults to this one. */
  readonly root?: string | undefined;
  /** File that stderr is appended to. Omit to discard it. */
  readonly logFile?: string;
  /** Whether the process reports its usage itself. Defaults to true on systems without /proc. */
  readonly reportsUsage?: boolean;
}

/** @param file path from the repository's root. The process must print a line with `ready` and its URL. */
export async function start(file: string, options: StartOptions): Promise<Running> {
  const {
    isMeasured,
    environment = {},
    nodeArguments = [],
    reportsUsage = process.platform !== 'linux',
    logFile,
    root = ROOT,
  } = options;
  const preload = reportsUsage ? ['--import', './bench/report-usage.ts'] : [];
  const flags = isMeasured ? MEASURED_FLAGS : [];
  const command = [process.execPath, ...flags, ...preload, ...nodeArguments, file];
  const pinned = canPin ? ['taskset', '-c', isMeasured ? SERVER_CORE : LOAD_CORE, ...command] : command;
  const startedAt = performance.now();
  const stderr = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
  const child = spawn(pinned[0]!, pinned.slice(1), {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', stderr, ...(reportsUsage ? ['ipc' as const] : [])],
  });
  if (typeof stderr === 'number') closeSync(stderr);
  const killChild = (): boolean => child.kill('SIGKILL');
  process.once('exit', killChild);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await readAddress(child, file);
  const pid = child.pid!;
  return {
    url,
    pid,
    readyMs: performance.now() - startedAt,
    cpuMicros: async () => (reportsUsage ? (await requestUsage(child)).cpuMicros : readCpuMicros(pid)),
    memoryBytes: async () => (reportsUsage ? (await requestUsage(child)).memoryBytes : readMemoryBytes(pid)),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', killChild);
    },
  };
}

function readAddress(child: ChildProcess, file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const origin = /\bready\b.*?(http:\/\/[^\s/]+)/.exec(text)?.[1];
      if (origin !== undefined) resolve(origin);
    });
    child.once('exit', (code) => reject(new Error(`${file} exited with code ${code} before it was ready.`)));
  });
}

// ---------------------------------------------------------------- resource usage

/**
 * Nanoseconds on a CPU of each thread: https://docs.kernel.org/scheduler/sched-stats.html
 * /proc/<pid>/stat would only count hundredths of a second.
 */
function readCpuMicros(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000)
    .reduce((sum, micros) => sum + micros, 0);
}

function readMemoryBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

interface Usage {
  readonly cpuMicros: number;
  readonly memoryBytes: number;
}

/** Requests the usage from `report-usage.ts` in the child process, on systems without /proc. */
function requestUsage(child: ChildProcess): Promise<Usage> {
  return new Promise((resolve) => {
    child.once('message', (usage) => resolve(usage as Usage));
    child.send('usage');
  });
}
