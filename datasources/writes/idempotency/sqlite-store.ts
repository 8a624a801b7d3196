/**
 * Idempotency store in a local file, with the SQLite of Node. Survives a restart and a kill of the process. Several
 * processes of one machine may share the file. https://nodejs.org/api/sqlite.html
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isFileError, openDatabase } from './sqlite-file.ts';
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

/** Milliseconds between two deletions of expired keys. */
const DELETE_EXPIRED_EVERY_MS = 10 * 60 * 1000;

interface Row {
  readonly fingerprint: string;
  readonly state: 'LEASED' | 'SENT' | 'DONE';
  readonly leased_until: number;
  readonly result: string | null;
}

/** Opens the file at the first use, so that a server whose clients use no keys needs none. */
export function createSqliteStore(path: string, now: () => number = Date.now): KeyStore {
  let opening: Promise<OpenStore> | undefined;
  /** Concurrent first uses share one attempt; after a failed one the next use tries again. */
  const open = (): Promise<OpenStore> =>
    (opening ??= openDatabase(path, (database) => prepareStore(database, now)).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));

  /** Closes the file after an error that makes it unusable, so that the next use opens it again: it may be replaced. */
  const use = async <Value>(operation: (store: OpenStore) => Value): Promise<Value> => {
    const store = await open();
    try {
      return operation(store);
    } catch (error) {
      if (isFileError(error)) {
        opening = undefined;
        closeStore(store);
      }
      throw error;
    }
  };

  return {
    async lease(key, fingerprint, owner, leaseMs, earlier) {
      return use(({ database, find, put, orphan }) =>
        inTransaction(database, () => {
          const row = find.get(key, now()) as Row | undefined;
          const lease = toLease(row, now(), leaseMs, (stored) => isSameWrite(stored, fingerprint, earlier));
          if (lease.kind === 'acquired') put.run(key, fingerprint, owner, now() + leaseMs, now() + KEPT_MS);
          if (lease.kind === 'orphaned') orphan.run(key);
          return lease;
        }),
      );
    },
    async markSent(key, owner, leaseMs) {
      return use(({ database, mark }) => {
        // Flushed to disk before it returns. A power cut may lose a lease or a result, which is safe; losing the mark would
        // let the write be sent again. https://sqlite.org/pragma.html#pragma_synchronous
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
      const store = await opening?.catch(() => undefined);
      opening = undefined;
      if (store) closeStore(store);
    },
  };
}

/** What a row means to the next caller with its key. */
function toLease(row: Row | undefined, now: number, leaseMs: number, isSame: (fingerprint: string) => boolean): Lease {
  if (!row) return { kind: 'acquired' };
  if (!isSame(row.fingerprint)) return { kind: 'arguments_mismatch' };
  if (row.state === 'DONE') return { kind: 'done', result: row.result ?? '' };
  if (row.leased_until > now && row.leased_until <= now + leaseMs + CLOCK_STEP_MS) return { kind: 'in_progress' };
  return row.state === 'SENT' ? { kind: 'orphaned' } : { kind: 'acquired' };
}

/** Runs `change` atomically, also with regard to other processes. */
function inTransaction<Value>(database: DatabaseSync, change: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = change();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    // SQLite rolls back by itself after some errors, such as a full disk. Keep the first error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

// ---------------------------------------------------------------- opening and closing

interface OpenStore {
  readonly database: DatabaseSync;
  readonly find: StatementSync;
  readonly put: StatementSync;
  readonly mark: StatementSync;
  readonly renew: StatementSync;
  readonly orphan: StatementSync;
  readonly finish: StatementSync;
  readonly remove: StatementSync;
  readonly timer: NodeJS.Timeout;
}

function prepareStore(database: DatabaseSync, now: () => number): OpenStore {
  database.exec(SCHEMA);
  return {
    database,
    find: database.prepare(
      'SELECT fingerprint, state, leased_until, result FROM keys WHERE key = ? AND kept_until > ?',
    ),
    put: database.prepare(
      `INSERT OR REPLACE INTO keys (key, fingerprint, state, owner, leased_until, kept_until) VALUES (?, ?, 'LEASED', ?, ?, ?)`,
    ),
    mark: database.prepare(
      `UPDATE keys SET state = 'SENT', leased_until = ? WHERE key = ? AND owner = ? AND state = 'LEASED' AND leased_until > ?`,
    ),
    // A SENT row with `leased_until` 0 has been reported as UNKNOWN.
    renew: database.prepare(
      `UPDATE keys SET leased_until = ?1 WHERE key = ?2 AND owner = ?3
        AND ((state = 'LEASED' AND leased_until > ?4) OR (state = 'SENT' AND leased_until > 0))`,
    ),
    orphan: database.prepare('UPDATE keys SET leased_until = 0 WHERE key = ?'),
    finish: database.prepare(`UPDATE keys SET state = 'DONE', result = ? WHERE key = ? AND owner = ?`),
    remove: database.prepare(
      `DELETE FROM keys WHERE key = ? AND owner = ? AND (state = 'LEASED' OR (state = 'SENT' AND leased_until > ?))`,
    ),
    timer: deleteExpired(database, now),
  };
}

/** Deletes expired keys now and periodically. */
function deleteExpired(database: DatabaseSync, now: () => number): NodeJS.Timeout {
  const statement = database.prepare('DELETE FROM keys WHERE kept_until <= ?');
  statement.run(now());
  const timer = setInterval(() => {
    try {
      statement.run(now());
    } catch {
      // An error thrown from a timer would end the process. Expired keys are never returned; the next run deletes them.
    }
  }, DELETE_EXPIRED_EVERY_MS);
  return timer.unref();
}

function closeStore({ timer, database }: OpenStore): void {
  clearInterval(timer);
  if (database.isOpen) database.close();
}
