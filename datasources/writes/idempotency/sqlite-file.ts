/** Opens the SQLite file of a store: creates it and its folders, and rejects paths that cannot keep data. */
import { mkdirSync, statSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';

/** Milliseconds to wait for another process that holds the write lock. One of our transactions takes less than one. */
const BUSY_TIMEOUT_MS = 2_000;

const MAX_ATTEMPTS = 10;

/**
 * Opens the file, creating it if it is missing, and returns what `prepare` makes of it.
 *
 * @param prepare called again if the file is locked. If it throws, the file is closed.
 * @throws Error with a `code` if the path cannot hold a file, or with an `errcode` of SQLite.
 */
export async function openDatabase<Prepared>(
  path: string,
  prepare: (database: DatabaseSync) => Prepared,
): Promise<Prepared> {
  const { DatabaseSync } = await import('node:sqlite');
  // Absolute, so that SQLite does not interpret special names such as `:memory:`.
  const absolutePath = resolve(path);
  makeFolder(dirname(absolutePath));
  expectRegularFile(absolutePath);
  for (let attempt = 1; ; attempt += 1) {
    const database = new DatabaseSync(absolutePath, { timeout: BUSY_TIMEOUT_MS });
    try {
      return prepare(database);
    } catch (error) {
      database.close();
      // If several processes create the file at the same moment, all but one get SQLITE_BUSY without the timeout.
      if (!isBusy(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(10 * attempt);
    }
  }
}

/** Creates the folder and its parents, one by one: `mkdirSync` with `recursive` never returns below /proc. */
function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw withCode('ENOTDIR', 'The folder of the store is a file.');
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Rejects devices as well: SQLite treats /dev/null as an empty database and would lose every key. */
function expectRegularFile(path: string): void {
  if (!isOnDisk(dirname(path))) throw withCode('EINVAL', 'The store is in a file system that keeps no files.');
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.isFile()) return;
  if (found.isDirectory()) throw withCode('EISDIR', 'The path of the store is a folder.');
  throw withCode('EINVAL', 'The path of the store is not a regular file.');
}

/**
 * Types of kernel file systems, by statfs(2): reading what looks like a file there may block.
 * In order: proc, sysfs, tracefs, debugfs, securityfs, cgroup2, devpts.
 */
const KERNEL_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x74726163, 0x64626720, 0x73636673, 0x63677270, 0x1cd1,
]);

/**
 * Whether a path is in a file system that keeps files.
 *
 * @param path of an existing file or folder.
 */
export function isOnDisk(path: string): boolean {
  return !KERNEL_FILE_SYSTEMS.has(statfsSync(path).type);
}

/** Whether an error means that the open file is unusable: READONLY (also if it was moved), IOERR, CORRUPT, CANTOPEN, NOTADB. */
export function isFileError(error: unknown): boolean {
  return [8, 10, 11, 14, 26].includes(resultCodeOf(error) ?? 0);
}

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

/** Primary result code: https://sqlite.org/rescode.html */
function resultCodeOf(error: unknown): number | undefined {
  const isSqlite = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isSqlite ? (error.errcode as number) & 0xff : undefined;
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
