/** Tables of the ledger, and what their rows mean. */
import type { FailureDetails } from '../contract.ts';
import type { Counts, ItemResult, ItemState, Job, JobSource, StoredState, TakenItem } from './job.ts';

export const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS job (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    mutation TEXT NOT NULL,
    input TEXT NOT NULL,
    grants TEXT NOT NULL,
    per_second INTEGER,
    stop_after INTEGER,
    state TEXT NOT NULL,
    problem TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    total INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    applied INTEGER NOT NULL DEFAULT 0,
    not_applied INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL,
    UNIQUE (caller, key)
  );
  -- Apart from the job, whose row is written again with each change of a count.
  CREATE TABLE IF NOT EXISTS job_tickets (job INTEGER PRIMARY KEY, tickets TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS job_open ON job (row) WHERE state IN ('GATHERING', 'RUNNING', 'CANCELLING');
  CREATE INDEX IF NOT EXISTS job_caller ON job (caller, row);
  CREATE TABLE IF NOT EXISTS job_source (
    job INTEGER NOT NULL,
    source TEXT NOT NULL,
    waiting INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    applied INTEGER NOT NULL DEFAULT 0,
    not_applied INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0,
    paused_until INTEGER,
    problem TEXT,
    PRIMARY KEY (job, source)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS item (
    job INTEGER NOT NULL,
    position INTEGER NOT NULL,
    original INTEGER,
    ticket TEXT NOT NULL,
    name TEXT,
    source TEXT,
    extra TEXT,
    state TEXT NOT NULL,
    due_at INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    reconciled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job, position)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS item_waiting ON item (job, source, due_at, position)
    WHERE state = 'WAITING' AND original IS NULL;
  CREATE INDEX IF NOT EXISTS item_sent ON item (job, position) WHERE state = 'SENT' AND original IS NULL;
  CREATE INDEX IF NOT EXISTS item_not_applied ON item (job, position) WHERE state = 'NOT_APPLIED';
  CREATE INDEX IF NOT EXISTS item_unknown ON item (job, position) WHERE state = 'UNKNOWN';
  CREATE INDEX IF NOT EXISTS item_copies ON item (job, original) WHERE original IS NOT NULL;
  CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, caller TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS upload_line (
    upload TEXT NOT NULL,
    position INTEGER NOT NULL,
    ticket TEXT NOT NULL,
    extra TEXT,
    PRIMARY KEY (upload, position)
  ) WITHOUT ROWID;
`;

type Row = Readonly<Record<string, string | number | null>>;

export function toJob(row: Row, now: number): Job {
  return {
    row: row['row'] as number,
    id: row['id'] as string,
    caller: row['caller'] as string,
    key: row['key'] as string,
    fingerprint: row['fingerprint'] as string,
    mutation: row['mutation'] as string,
    input: JSON.parse(row['input'] as string) as Job['input'],
    grants: JSON.parse(row['grants'] as string) as readonly string[],
    atMostPerSecond: row['per_second'] as number | null,
    stopAfterUnknown: row['stop_after'] as number | null,
    state: row['state'] as StoredState,
    problem: toFailure(row['problem']),
    createdAt: row['created_at'] as number,
    startedAt: row['started_at'] as number | null,
    endedAt: row['ended_at'] as number | null,
    isHeld: (row['lease_until'] as number) > now,
    total: row['total'] as number,
    ...toCounts(row),
  };
}

export function toJobSource(row: Row): JobSource {
  return {
    source: row['source'] as string,
    pausedUntil: row['paused_until'] as number | null,
    problem: toFailure(row['problem']),
    ...toCounts(row),
  };
}

export function toTakenItem(row: Row): TakenItem {
  return {
    position: row['position'] as number,
    ticketId: row['ticket'] as string,
    source: row['source'] as string | null,
    extra: row['extra'] as string | null,
    attempts: row['attempts'] as number,
    taken: row['taken'] as number,
  };
}

export function toItemResult(row: Row): ItemResult {
  return {
    position: row['position'] as number,
    ticketId: (row['name'] ?? row['ticket']) as string,
    source: row['source'] as string | null,
    state: row['state'] as ItemState,
    failure: toFailure(row['failure']),
    isReconciled: row['reconciled'] === 1,
  };
}

function toCounts(row: Row): Counts {
  return {
    waiting: row['waiting'] as number,
    inFlight: row['sent'] as number,
    applied: row['applied'] as number,
    notApplied: row['not_applied'] as number,
    unknown: row['unknown'] as number,
  };
}

function toFailure(text: string | number | null | undefined): FailureDetails | null {
  return typeof text === 'string' ? (JSON.parse(text) as FailureDetails) : null;
}
