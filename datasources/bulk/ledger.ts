/**
 * What each engine keeps of bulk jobs: the state of each ticket, durably. The truth about what was sent.
 *
 * A ticket is WAITING, SENT, APPLIED, NOT_APPLIED or UNKNOWN. Only the run that holds it, by its owner, can move it from
 * WAITING to SENT, and only while the job is RUNNING. What a run records that has been replaced is ignored.
 */
import type { FailureDetails } from '../contract.ts';
import { causeOf } from '../writes/idempotency/store-errors.ts';
import type {
  ItemChange,
  ItemResult,
  ItemState,
  Job,
  JobSource,
  NewItem,
  NewJob,
  StoredState,
  TicketsSpec,
  UploadLine,
} from './job.ts';

/** Milliseconds for which a run holds what it works on without renewing. */
export const LEASE_MS = 10_000;

/** Tickets of one source that one run takes at once. */
export const CHUNK = 100;

export interface Ledger {
  /** Whether it may contain jobs. Reading creates nothing. */
  mayHaveJobs(): boolean;
  /** Stores a job, or returns the one with the same caller and key. */
  create(job: NewJob): Promise<Job>;
  /** @param caller returns `undefined` for a job of another one */
  find(id: string, caller?: string): Promise<Job | undefined>;
  tickets(job: Job): Promise<TicketsSpec>;
  /** The caller's jobs, newest first. @param before row of the job to continue after */
  list(caller: string, before: number | null, limit: number): Promise<Job[]>;
  sources(job: Job): Promise<JobSource[]>;
  /** In input order. @param after position to continue after; -1 for the start */
  results(job: Job, after: number, limit: number, states: readonly ItemState[] | null): Promise<ItemResult[]>;
  cancel(job: Job): Promise<void>;

  /** Deletes lines of a job whose gathering has ended early. Returns whether there are more. */
  clearItems(job: Job, owner: string): Promise<boolean>;
  /** Returns false if the job is not gathering any more, or another run has it. */
  addItems(job: Job, owner: string, start: number, items: readonly NewItem[]): Promise<boolean>;
  setState(job: Job, owner: string, state: StoredState, problem?: Job['problem']): Promise<void>;

  /** Marks tickets as SENT, durably. Returns whether all were; otherwise none is. */
  markSent(job: Job, owner: string, positions: readonly number[]): Promise<boolean>;
  /** Ignores changes of lines that are not in the expected state any more. Returns the positions that have changed. */
  record(job: Job, owner: string, changes: readonly ItemChange[]): Promise<ReadonlySet<number>>;
  /** Pauses a source of the job, or of all jobs. @param until milliseconds since the epoch; `null` to resume */
  pause(job: Job, owner: string, source: string, until: number | null, problem: Job['problem']): Promise<void>;

  createUpload(id: string, caller: string, lines: readonly UploadLine[], start: number): Promise<void>;
  dropUpload(id: string): Promise<void>;
  uploadLines(id: string, after: number, limit: number): Promise<UploadLine[]>;
  hasUpload(id: string, caller: string): Promise<boolean>;
  /** Deletes a part of what ended before. Returns whether there may be more. */
  deleteEndedBefore(time: number): Promise<boolean>;
  close(): Promise<void>;
}

/** The ledger cannot be used now. `causeOf` gives the code of the cause, for logs. */
export class LedgerError extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    super('the ledger of bulk jobs is unavailable', { cause });
    this.code = causeOf(cause);
    this.name = this.code;
  }
}

/** Why a job was stopped by `stopAfterUnknown`. */
export function stoppedAfter(unknown: number | string): FailureDetails {
  const message = `Stopped: ${unknown} tickets have an unknown outcome (stopAfterUnknown). Check them, then start another job.`;
  return { kind: 'outcome-unknown', message };
}
