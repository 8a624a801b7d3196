/** Bulk jobs as the ledger keeps them. Types only. */
import type { FailureDetails } from '../contract.ts';

/** As stored. `PAUSED` is derived: see `toView`. */
export type StoredState = 'GATHERING' | 'RUNNING' | 'CANCELLING' | 'CANCELLED' | 'DONE' | 'FAILED';

export type JobState = StoredState | 'PAUSED';

export type ItemState = 'WAITING' | 'SENT' | 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';

/** Which tickets a job changes: exactly one of the three. */
export type TicketsSpec =
  { readonly ids: readonly string[] } | { readonly filter: BulkFilter } | { readonly uploadId: string };

/** A filter with its defaults, as `tickets` takes it. */
export type BulkFilter = Readonly<Record<string, unknown>>;

/** Number of tickets in each state, counted as the input names them: a repeated ticket counts again. */
export interface Counts {
  readonly waiting: number;
  readonly inFlight: number;
  readonly applied: number;
  readonly notApplied: number;
  readonly unknown: number;
}

export interface NewJob {
  readonly id: string;
  /** Id of the caller. Jobs of others do not exist for it. */
  readonly caller: string;
  readonly key: string;
  /** Hash of the input. The same key with another one is rejected. */
  readonly fingerprint: string;
  readonly mutation: string;
  /** Arguments of the mutation, without tickets. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly tickets: TicketsSpec;
  /** `<scope> <source key>` for each scope that the caller had at the start. */
  readonly grants: readonly string[];
  readonly atMostPerSecond: number | null;
  readonly stopAfterUnknown: number | null;
}

/** A stored job. Its tickets are read on their own: `Ledger.tickets`. */
export interface Job extends Omit<NewJob, 'tickets'>, Counts {
  /** Key of the row. */
  readonly row: number;
  readonly state: StoredState;
  /** Why it failed or was stopped. */
  readonly problem: FailureDetails | null;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Whether a process runs it. */
  readonly isHeld: boolean;
  readonly total: number;
}

export interface JobSource extends Counts {
  /** Key of the source. */
  readonly source: string;
  readonly pausedUntil: number | null;
  readonly problem: FailureDetails | null;
}

/** One line of a job's input that is about to be stored. */
export interface NewItem {
  /** Canonical global id; as given if it is invalid. */
  readonly ticketId: string;
  /** As the caller spelled it. */
  readonly name: string;
  /** Key of the source; `null` if the id names none. */
  readonly source: string | null;
  /** Position of the line that names the same ticket first; `null` if this is the first. */
  readonly original: number | null;
  /** Arguments of this ticket alone, as JSON; `null` if there are none. */
  readonly extra: string | null;
  /** Why nothing will be sent for it; `null` if something will. */
  readonly failure: FailureDetails | null;
}

/** A line that a run has taken. */
export interface TakenItem {
  readonly position: number;
  readonly ticketId: string;
  readonly source: string | null;
  readonly extra: string | null;
  readonly attempts: number;
  /** How often it has been taken since it was last put back. */
  readonly taken: number;
}

/** What becomes of one line. */
export interface ItemChange {
  readonly position: number;
  readonly from: 'WAITING' | 'SENT';
  readonly to: 'WAITING' | 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';
  readonly failure: FailureDetails | null;
  readonly isReconciled: boolean;
  readonly attempts: number;
  /** If it goes back to `WAITING`: when it may be tried again. */
  readonly dueAt: number;
}

export interface ItemResult {
  readonly position: number;
  /** As the caller spelled it. */
  readonly ticketId: string;
  readonly source: string | null;
  readonly state: ItemState;
  readonly failure: FailureDetails | null;
  readonly isReconciled: boolean;
}

/** One line of an upload. */
export interface UploadLine {
  readonly ticketId: string;
  readonly extra: string | null;
}

export interface JobView extends Job {
  readonly __typename: 'BulkJob';
  readonly shownState: JobState;
  readonly sources: readonly JobSource[];
  readonly expectedEnd: number | null;
}
