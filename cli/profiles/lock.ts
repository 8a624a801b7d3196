/** A lock between processes: a file that only one of them can create. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, EXIT } from '../exit.ts';
import { uninterrupted } from './uninterrupted.ts';

const RETRY_MS = 50;

/** Longer than the work under the lock takes: requests to an OpenID provider, each with a timeout of its own. */
const STALE_MS = 60_000;

/** Runs `work` while no other process holds the lock. SIGINT and SIGTERM take effect after it. */
export async function withLock<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  await acquire(path);
  return uninterrupted(async () => {
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  });
}

async function acquire(path: string): Promise<void> {
  const startedAt = Date.now();
  while (!(await isAcquired(path))) {
    if (Date.now() - startedAt > STALE_MS) throw heldTooLong(path);
    if (await isStale(path)) await removeStale(path);
    await sleep(RETRY_MS);
  }
}

/** One process at a time, which looks again: another one may have removed it and hold a new lock by now. */
async function removeStale(path: string): Promise<void> {
  const removal = `${path}.removal`;
  if (!(await isAcquired(removal))) return;
  try {
    if (await isStale(path)) await rm(path, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
}

function heldTooLong(path: string): CommandError {
  const nextStep = 'End that command, or remove the file.';
  return new CommandError(EXIT.internalError, `${path} is held by another ticketgraph command.`, nextStep);
}

async function isAcquired(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that created it has ended without removing it. */
async function isStale(path: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (Date.now() - mtimeMs > STALE_MS) return true;
    return /^\d+$/.test(text) && !isRunning(Number(text));
  } catch {
    // Removed meanwhile.
    return false;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It may belong to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
