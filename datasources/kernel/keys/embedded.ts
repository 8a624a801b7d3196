/**
 * Keys in a file of this machine: SQLite, part of Node. Survives a restart and a kill of the process; several processes
 * of one machine may share the file. https://nodejs.org/api/sqlite.html
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { KEPT_MS, type KeyStore, type Lease } from './store.ts';

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

const MOST_ATTEMPTS = 10;

/** Milliseconds between two clearances of keys past their time. */
const CLEAR_EVERY_MS = 10 * 60 * 1000;

interface Row {
  readonly fingerprint: string;
  readonly state: 'LEASED' | 'SENT' | 'DONE';
  readonly leased_until: number;
  readonly result: string | null;
}

/** Opens the file at the first use, so that a server whose callers use no keys needs none. */
export function createEmbeddedStore(path: string, now: () => number = Date.now): KeyStore {
  let opening: Promise<Opened> | undefined;
  /** One file for all that come first at once; another try for those that come after it could not be opened. */
  const open = (): Promise<Opened> =>
    (opening ??= openFile(path, now).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));

  return {
    async lease(key, fingerprint, owner, leaseMs) {
      const { database, find, put } = await open();
      database.exec('BEGIN IMMEDIATE');
      try {
        const row = find.get(key, now()) as Row | undefined;
        const lease = judge(row, fingerprint, now());
        if (lease.state === 'ours') put.run(key, fingerprint, owner, now() + leaseMs, now() + KEPT_MS);
        database.exec('COMMIT');
        return lease;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    async markSent(key, owner, leaseMs) {
      const { database, mark } = await open();
      // This one is on the disk before it returns: a power cut may forget a lease or a result, which leaves the truth
      // untold, but never the mark, which would let the write be sent again. https://sqlite.org/pragma.html#pragma_synchronous
      database.exec('PRAGMA synchronous = FULL');
      try {
        return mark.run(now() + leaseMs, key, owner, now()).changes === 1;
      } finally {
        database.exec('PRAGMA synchronous = NORMAL');
      }
    },
    async finish(key, owner, result) {
      const { finish } = await open();
      finish.run(result, key, owner);
    },
    async release(key, owner) {
      const { remove } = await open();
      remove.run(key, owner);
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      if (!opened) return;
      clearInterval(opened.clearing);
      opened.database.close();
    },
  };
}

interface Opened {
  readonly database: DatabaseSync;
  readonly clearing: NodeJS.Timeout;
  readonly find: StatementSync;
  readonly put: StatementSync;
  readonly mark: StatementSync;
  readonly finish: StatementSync;
  readonly remove: StatementSync;
}

async function openFile(path: string, now: () => number): Promise<Opened> {
  const { DatabaseSync } = await import('node:sqlite');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      database.exec(SCHEMA);
      return prepare(database, now);
    } catch (error) {
      database.close();
      // Of several processes that make the file at the same moment, all but one are refused at once, whatever the timeout.
      if (!isBusy(error) || attempt === MOST_ATTEMPTS) throw error;
      await sleep(10 * attempt);
    }
  }
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
    finish: database.prepare(`UPDATE keys SET state = 'DONE', result = ? WHERE key = ? AND owner = ?`),
    remove: database.prepare('DELETE FROM keys WHERE key = ? AND owner = ?'),
  };
}

function judge(row: Row | undefined, fingerprint: string, now: number): Lease {
  if (!row) return { state: 'ours' };
  if (row.fingerprint !== fingerprint) return { state: 'other-arguments' };
  if (row.state === 'DONE') return { state: 'done', result: row.result ?? '' };
  if (row.leased_until > now) return { state: 'running' };
  return row.state === 'SENT' ? { state: 'abandoned' } : { state: 'ours' };
}
