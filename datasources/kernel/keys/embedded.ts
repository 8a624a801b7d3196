/**
 * Keys in a file of this machine: SQLite, part of Node. Survives a restart and a kill of the process; several processes
 * of one machine may share the file. https://nodejs.org/api/sqlite.html
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { KEPT_MS, type KeyStore, type Lease } from './store.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 2000;
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
  let opened: Opened | undefined;
  const open = async (): Promise<Opened> => (opened ??= await openFile(path, now));

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
      const { mark } = await open();
      return mark.run(now() + leaseMs, key, owner, now()).changes === 1;
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
      if (!opened) return;
      clearInterval(opened.clearing);
      opened.database.close();
      opened = undefined;
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
  const database = new DatabaseSync(path);
  database.exec(SCHEMA);
  const clear = database.prepare('DELETE FROM keys WHERE kept_until <= ?');
  clear.run(now());
  const clearing = setInterval(() => clear.run(now()), CLEAR_EVERY_MS);
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
