/** Starts Redis, if installed, on a free port with a temporary folder and no persistence. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';

/** Why tests that need Redis are skipped. `undefined` if `redis-server` is installed. */
export const whyNoRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not installed here';

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Keeps its connections open but does not respond. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export interface DurableRedis extends RunningRedis {
  /** Kills it. */
  stop(): Promise<void>;
  /** Starts it again, with what it had stored. */
  start(): Promise<void>;
}

/** Stores each change on disk before it answers, as `deploy/` has it. */
export async function startDurableRedis(): Promise<DurableRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-redis-'));
  const options = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder];
  let running = await startRedis(undefined, options);
  const { url, port } = running;
  const stop = (): Promise<void> => running.close();
  return {
    url,
    port,
    freeze: () => running.freeze(),
    thaw: () => running.thaw(),
    stop,
    async start() {
      running = await startRedis(port, options);
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param more options that replace its own */
export async function startRedis(port?: number, more: readonly string[] = []): Promise<RunningRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-redis-'));
  const chosen = port ?? (await findFreePort());
  const options = [
    '--port',
    String(chosen),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
    ...more,
  ];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const killOnExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', killOnExit);
  await untilReady(child);
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async close() {
      process.off('exit', killOnExit);
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server exited with ${code}:\n${log}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
