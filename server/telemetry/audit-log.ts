/**
 * The trail of writes: who did what to which ticket, and what became of it, a line of JSON for each ticket as soon as it
 * is settled. Lines are only ever added.
 *
 * A write that cannot be written down has happened all the same: the request is answered as it would have been, and the
 * line goes to the log as an error. Refusing it would leave the caller with a lie.
 */
import { appendFileSync } from 'node:fs';
import type { FailureKind, Observer, WriteEvent } from '../../datasources/index.ts';
import { recordOf } from './request-record.ts';

export interface AuditEntry {
  readonly time: string;
  readonly caller: string;
  readonly mutation: string;
  /** What was done, or was to be done, e.g. `close` or `priority.urgent`; null if the mutation's name says it. */
  readonly action: string | null;
  /** The status that the ticket was to have. */
  readonly status: string | null;
  /** The priority that the ticket was to have. */
  readonly priority: string | null;
  /** SHA-256 of the idempotency key in base64url: with the key its lines can be found, and the lines do not reveal it. */
  readonly keyHash: string | null;
  readonly vendor: string | null;
  readonly ticket: string | null;
  readonly outcome: WriteEvent['outcome'];
  /** As a client sees it, e.g. `OUTCOME_UNKNOWN`. */
  readonly problem: string | null;
  readonly replayed: boolean;
  readonly reconciled: boolean;
  readonly requestId: string | null;
  readonly upstreamRequestId: string | null;
}

export interface AuditOptions {
  /** Path of a file, or `stdout`. */
  readonly target: string;
  /** The code that a client sees for a kind of failure. */
  toCode(kind: FailureKind): string;
  /** Told of an entry that could not be written down. */
  failed(entry: AuditEntry, error: unknown): void;
}

/** Readable by its owner alone; where the file is there already, its mode is left as it is. */
const ADDING = { flag: 'a', mode: 0o600 } as const;

/** What a client calls a ticket may be of any length where it is no id. */
const MAX_ID_LENGTH = 256;

/** @throws Error where the file cannot be opened for adding. */
export function openAudit({ target, toCode, failed }: AuditOptions): Observer {
  const add = target === 'stdout' ? openStdout() : openFile(target);
  return {
    onWriteEnd(write) {
      const entry = toEntry(write, toCode);
      add(`${JSON.stringify(entry)}\n`, (error) => failed(entry, error));
    },
  };
}

type Add = (line: string, failed: (error: unknown) => void) => void;

function openStdout(): Add {
  // Told of each write by its callback; without a listener, the end of a pipe would be the end of the process.
  process.stdout.on('error', () => undefined);
  return (line, failed) => {
    process.stdout.write(line, (error) => {
      if (error) failed(error);
    });
  };
}

/**
 * Opens the file for each line, so that one that was moved away by rotation is left alone and a new one begun; and waits
 * for it, so that a process that is killed a moment later has written it. A write upstream takes a hundred times as long.
 */
function openFile(path: string): Add {
  appendFileSync(path, '', ADDING);
  return (line, failed) => {
    try {
      appendFileSync(path, line, ADDING);
    } catch (error) {
      failed(error);
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
    ticket: write.ticketId?.slice(0, MAX_ID_LENGTH) ?? null,
    outcome: write.outcome,
    problem: problem === null ? null : problem === 'defect' ? 'INTERNAL_SERVER_ERROR' : toCode(problem),
    replayed: write.isReplayed,
    reconciled: write.isReconciled,
    requestId: recordOf(write.call)?.id ?? null,
    upstreamRequestId: write.upstreamRequestId,
  };
}
