/**
 * Keys in a file of this machine: SQLite, part of Node. Survives a restart and a kill of the process; several processes
 * of one machine may share the file. https://nodejs.org/api/sqlite.html
 */
import { mkdirSync, statSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CLOCK_STEP_MS, KEPT_MS, isSameWrite, type KeyStore, type Lease } from './store.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    leased_until INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    result TEXT
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS keys_kept_until ON keys (kept_until);
`;

/** Milliseconds to wait for another process that is writing; each of ours takes a fraction of one. */
const BUSY_MS = 2_000;

const MAX_ATTEMPTS = 10;

/** Milliseconds between two clearances of keys past their time. */
const CLEAR_EVERY_MS = 10 * 60 * 1000;

interface Row {
  readonly fingerprint: string;
  readonly state: 'LEASED' | 'SENT' | 'DONE';
  readonly leased_until: number;
  readonly result: string | null;
}

/** Opens the file at the first use, so that a server whose callers use no keys needs none. */
export function createSqliteStore(path: string, now: () => number = Date.now): KeyStore {
  let opening: Promise<Opened> | undefined;
  /** One file for all that come first at once; another try for those that come after it could not be opened. */
  const open = (): Promise<Opened> =>
    (opening ??= openFile(path, now).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));

  /** Opens the file again the next time after errors that end with the file: it may have been replaced by then. */
  const use = async <Value>(change: (opened: Opened) => Value): Promise<Value> => {
    const opened = await open();
    try {
      return change(opened);
    } catch (error) {
      if (isOfFile(error)) {
        opening = undefined;
        closeFile(opened);
      }
      throw error;
    }
  };

  return {
    async lease(key, fingerprint, owner, leaseMs, earlier) {
      return use(({ database, find, put, abandon }) =>
        inTransaction(database, () => {
          const row = find.get(key, now()) as Row | undefined;
          const lease = judge(row, now(), leaseMs, (stored) => isSameWrite(stored, fingerprint, earlier));
          if (lease.state === 'ours') put.run(key, fingerprint, owner, now() + leaseMs, now() + KEPT_MS);
          if (lease.state === 'abandoned') abandon.run(key);
          return lease;
        }),
      );
    },
    async markSent(key, owner, leaseMs) {
      return use(({ database, mark }) => {
        // This one is on the disk before it returns: a power cut may forget a lease or a result, which leaves the truth
        // untold, but never the mark, which would let the write be sent again. https://sqlite.org/pragma.html#pragma_synchronous
        database.exec('PRAGMA synchronous = FULL');
        try {
          return mark.run(now() + leaseMs, key, owner, now()).changes === 1;
        } finally {
          database.exec('PRAGMA synchronous = NORMAL');
        }
      });
    },
    async renew(leases, leaseMs) {
      await use(({ database, renew }) =>
        inTransaction(database, () => {
          for (const { key, owner } of leases) renew.run(now() + leaseMs, key, owner, now());
        }),
      );
    },
    async finish(key, owner, result) {
      await use(({ finish }) => finish.run(result, key, owner));
    },
    async release(key, owner) {
      return use(({ remove }) => remove.run(key, owner, now()).changes === 1);
    },
    async check() {
      const key = `check:${randomUUID()}`;
      await use(({ database, put, remove }) => {
        inTransaction(database, () => put.run(key, '', '', now(), now()));
        remove.run(key, '', now());
      });
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      if (opened) closeFile(opened);
    },
  };
}

function closeFile({ clearing, database }: Opened): void {
  clearInterval(clearing);
  if (database.isOpen) database.close();
}

/** SQLITE_READONLY (also of a file that was moved away), IOERR, CORRUPT, CANTOPEN and NOTADB. */
function isOfFile(error: unknown): boolean {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false;
  return [8, 10, 11, 14, 26].includes(error.errcode & 0xff);
}

interface Opened {
  readonly database: DatabaseSync;
  readonly clearing: NodeJS.Timeout;
  readonly find: StatementSync;
  readonly put: StatementSync;
  readonly mark: StatementSync;
  readonly renew: StatementSync;
  readonly abandon: StatementSync;
  readonly finish: StatementSync;
  readonly remove: StatementSync;
}

/** Runs `change` as one step that no other process sees a part of. */
function inTransaction<Value>(database: DatabaseSync, change: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = change();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, such as a full disk. The first error is the one that counts.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

async function openFile(name: string, now: () => number): Promise<Opened> {
  const { DatabaseSync } = await import('node:sqlite');
  // Whole, so that SQLite takes none of its special names, such as `:memory:`, for it.
  const path = resolve(name);
  makeFolder(dirname(path));
  expectFile(path);
  for (let attempt = 1; ; attempt += 1) {
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      database.exec(SCHEMA);
      return prepare(database, now);
    } catch (error) {
      database.close();
      // Of several processes that make the file at the same moment, all but one are refused at once, whatever the timeout.
      if (!isBusy(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(10 * attempt);
    }
  }
}

/** Makes the folder and those above it, one by one: below /proc, `mkdirSync` with `recursive` never returns. */
function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw withCode('ENOTDIR', 'A file is where the folder of the store should be.');
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it a moment before.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/**
 * File systems of the kernel, by statfs(2): reading what looks like a file there may block.
 * In order: proc, sysfs, tracefs, debugfs, securityfs, cgroup2, devpts.
 */
const NO_DISKS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x74726163, 0x64626720, 0x73636673, 0x63677270, 0x1cd1,
]);

/** @param path of a file or folder that is there. */
export function isOnDisk(path: string): boolean {
  return !NO_DISKS.has(statfsSync(path).type);
}

/** SQLite would take /dev/null for an empty database, and forget every key. */
function expectFile(path: string): void {
  if (!isOnDisk(dirname(path))) {
    throw withCode('EINVAL', 'The store would be in a file system that keeps no files.');
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.isFile()) return;
  if (found.isDirectory()) throw withCode('EISDIR', 'A folder is where the store should be.');
  throw withCode('EINVAL', 'Something that is no regular file is where the store should be.');
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function prepare(database: DatabaseSync, now: () => number): Opened {
  const clear = database.prepare('DELETE FROM keys WHERE kept_until <= ?');
  clear.run(now());
  const clearing = setInterval(() => {
    try {
      clear.run(now());
    } catch {
      // Thrown from a timer it would end the process. Nobody is given a key past its time, and the next clearance comes.
    }
  }, CLEAR_EVERY_MS);
  clearing.unref();
  return {
    database,
    clearing,
    find: database.prepare(
      'SELECT fingerprint, state, leased_until, result FROM keys WHERE key = ? AND kept_until > ?',
    ),
    put: database.prepare(
      `INSERT OR REPLACE INTO keys (key, fingerprint, state, owner, leased_until, kept_until) VALUES (?, ?, 'LEASED', ?, ?, ?)`,
    ),
    mark: database.prepare(
      `UPDATE keys SET state = 'SENT', leased_until = ? WHERE key = ? AND owner = ? AND state = 'LEASED' AND leased_until > ?`,
    ),
    // A SENT row with a time of 0 has been reported as UNKNOWN.
    renew: database.prepare(
      `UPDATE keys SET leased_until = ?1 WHERE key = ?2 AND owner = ?3
        AND ((state = 'LEASED' AND leased_until > ?4) OR (state = 'SENT' AND leased_until > 0))`,
    ),
    abandon: database.prepare('UPDATE keys SET leased_until = 0 WHERE key = ?'),
    finish: database.prepare(`UPDATE keys SET state = 'DONE', result = ? WHERE key = ? AND owner = ?`),
    remove: database.prepare(
      `DELETE FROM keys WHERE key = ? AND owner = ? AND (state = 'LEASED' OR (state = 'SENT' AND leased_until > ?))`,
    ),
  };
}

function judge(row: Row | undefined, now: number, leaseMs: number, isSame: (fingerprint: string) => boolean): Lease {
  if (!row) return { state: 'ours' };
  if (!isSame(row.fingerprint)) return { state: 'other-arguments' };
  if (row.state === 'DONE') return { state: 'done', result: row.result ?? '' };
  if (row.leased_until > now && row.leased_until <= now + leaseMs + CLOCK_STEP_MS) return { state: 'running' };
  return row.state === 'SENT' ? { state: 'abandoned' } : { state: 'ours' };
}
