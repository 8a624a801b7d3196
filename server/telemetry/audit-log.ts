/**
 * The audit log: one JSON line for each ticket of a write, appended as soon as its outcome is known.
 *
 * If appending fails, the write has happened anyway: the response is unchanged, and the entry goes to the log as an error.
 */
import { appendFileSync } from 'node:fs';
import type { FailureKind, Observer, WriteEvent } from '../../datasources/index.ts';
import { recordOf } from './request-record.ts';

export interface AuditEntry {
  readonly time: string;
  readonly caller: string;
  readonly mutation: string;
  /** The action, e.g. `close` or `priority.urgent`; `null` if the mutation's name says it. */
  readonly action: string | null;
  /** The requested status. */
  readonly status: string | null;
  /** The requested priority. */
  readonly priority: string | null;
  /** SHA-256 of the idempotency key in base64url: finds the lines of a known key without revealing it. */
  readonly keyHash: string | null;
  readonly vendor: string | null;
  readonly source: string | null;
  readonly ticket: string | null;
  readonly outcome: WriteEvent['outcome'];
  /** A `ProblemCode`, e.g. `OUTCOME_UNKNOWN`. */
  readonly problem: string | null;
  readonly replayed: boolean;
  readonly reconciled: boolean;
  readonly requestId: string | null;
  readonly upstreamRequestId: string | null;
}

export interface AuditOptions {
  /** Path of a file, or `stdout`. */
  readonly target: string;
  /** The `ProblemCode` of a kind of failure. */
  toCode(kind: FailureKind): string;
  /** Called for an entry that could not be appended. */
  onError(entry: AuditEntry, error: unknown): void;
}

/** A new file is readable by its owner only. The mode of an existing file is left alone. */
const APPEND = { flag: 'a', mode: 0o600 } as const;

/** An invalid id in the input may have any length. */
const MAX_ID_LENGTH = 256;

/** @throws Error if the file cannot be opened for appending. */
export function openAuditLog({ target, toCode, onError }: AuditOptions): Observer {
  const append = target === 'stdout' ? openStdout() : openFile(target);
  return {
    onWriteEnd(write) {
      const entry = toEntry(write, toCode);
      append(`${JSON.stringify(entry)}\n`, (error) => onError(entry, error));
    },
  };
}

type Append = (line: string, onError: (error: unknown) => void) => void;

function openStdout(): Append {
  // Errors reach the callback of each write. Without a listener, a closed pipe would end the process.
  process.stdout.on('error', () => undefined);
  return (line, onError) => {
    process.stdout.write(line, (error) => {
      if (error) onError(error);
    });
  };
}

/**
 * Opens the file for each line, so that log rotation works. Synchronous, so that the line survives a kill; a write
 * upstream takes far longer (docs/performance.md#audit-log).
 */
function openFile(path: string): Append {
  appendFileSync(path, '', APPEND);
  return (line, onError) => {
    try {
      appendFileSync(path, line, APPEND);
    } catch (error) {
      onError(error);
    }
  };
}

function toEntry(write: WriteEvent, toCode: AuditOptions['toCode']): AuditEntry {
  const { problem } = write;
  return {
    time: new Date().toISOString(),
    caller: write.caller,
    mutation: write.mutation,
    action: write.action?.slice(0, MAX_ID_LENGTH) ?? null,
    status: write.status,
    priority: write.priority,
    keyHash: write.keyHash,
    vendor: write.vendor,
    source: write.source,
    ticket: write.ticketId?.slice(0, MAX_ID_LENGTH) ?? null,
    outcome: write.outcome,
    problem: problem === null ? null : problem === 'internal-error' ? 'INTERNAL_SERVER_ERROR' : toCode(problem),
    replayed: write.isReplayed,
    reconciled: write.isReconciled,
    requestId: recordOf(write.call)?.id ?? null,
    upstreamRequestId: write.upstreamRequestId,
  };
}
