/** Events below the resolvers, for logs, metrics, traces and the audit log. */
import type { RequestScope, FailureKind } from '../contract.ts';

/** How one call to a vendor ended. */
export type CallOutcome =
  /** Answered with a status below 400, whatever the body contains. */
  | 'ok'
  /** 4xx */
  | 'client_error'
  /** 5xx */
  | 'server_error'
  | 'timeout'
  /** No connection, one that broke, or an answer that is too large or cannot be decompressed. */
  | 'network_error'
  /** Rejected locally: queue full, circuit open, key store down. Nothing was sent. */
  | 'rejected_locally'
  /** Rejected locally while the vendor has asked for a pause with `Retry-After`. Nothing was sent. */
  | 'paused'
  /** The client disconnected. */
  | 'canceled';

/** One call to a vendor. `onCallStart` and `onCallEnd` get the same object. */
export interface UpstreamCall {
  /** The vendor's key. */
  readonly vendor: string;
  /** The source's key. */
  readonly source: string;
  /** The vendor's endpoint, e.g. `GET /api/v2/ticket/:id`. Low cardinality. */
  readonly operation: string;
  /** The incoming request. For a shared read, the one that started it; for a sign-in, an anonymous one. */
  readonly call: RequestScope;
}

export interface UpstreamCallResult {
  readonly result: CallOutcome;
  /** `undefined` if there was no answer. */
  readonly status: number | undefined;
  /** Code of the underlying error, e.g. `ENOTFOUND`; `undefined` if there is none. */
  readonly cause: string | undefined;
  /** Without the wait for a slot; 0 if the call was never started. */
  readonly durationMs: number;
}

/** The outcome of a write for one ticket. */
export interface WriteEvent {
  readonly mutation: string;
  /** The requested action, or the one performed for it; null if the mutation implies it. */
  readonly action: string | null;
  /** The requested status. */
  readonly status: string | null;
  /** The requested priority. */
  readonly priority: string | null;
  /** SHA-256 of the idempotency key in base64url; null without a key. */
  readonly keyHash: string | null;
  /** The authenticated caller. */
  readonly caller: string;
  /** The vendor's key; null if no vendor is known. */
  readonly vendor: string | null;
  /** The source's key; null if no source is known. */
  readonly source: string | null;
  /** As the caller spelled it; null if the write creates a ticket, or was rejected as a whole. */
  readonly ticketId: string | null;
  readonly outcome: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';
  /** Why it was not applied, or a notice; `internal-error` after an unexpected error. */
  readonly problem: FailureKind | 'internal-error' | null;
  /** The stored outcome of an earlier write with the same idempotency key. */
  readonly isReplayed: boolean;
  readonly isReconciled: boolean;
  /** The vendor's request id, if its answer contained one. */
  readonly upstreamRequestId: string | null;
  readonly call: RequestScope;
}

/** Errors thrown by an observer do not affect the request. */
export interface Observer {
  /** The call is about to be sent. Returns headers to add to it. */
  onCallStart?(call: UpstreamCall): Readonly<Record<string, string>> | undefined;
  /** Also called for a call that was never started: `rejected_locally`, `paused`, or `canceled` while queued. */
  onCallEnd?(call: UpstreamCall, end: UpstreamCallResult): void;
  /** A read joined an identical one in flight. */
  onReadShared?(read: UpstreamCall): void;
  /** A read was answered from the cache. */
  onReadCached?(read: UpstreamCall): void;
  /** The outcome of a write for one ticket is known. */
  onWriteEnd?(write: WriteEvent): void;
  /** A warning for the operator. Called once for each message. */
  onWarning?(source: string, message: string): void;
  /** A change that the operator should know of, e.g. that a new secret is in use. */
  onNotice?(source: string, message: string): void;
  /** A vendor's word, e.g. of a status, has no meaning here. Called for each lookup; `field` is that of our schema. */
  onUnknownWord?(vendor: string, field: string): void;
  /** Live updates have read something that is watched, or could not. */
  onLivePoll?(source: string, isRead: boolean): void;
  /** A change of something watched was found: `CHANGED`, `APPEARED` or `LEFT`. Called once for all subscribers. */
  onLiveChange?(source: string, kind: string): void;
  /** A ticket of a bulk job has its outcome: `APPLIED`, `NOT_APPLIED` or `UNKNOWN`. `source` is null if its id names none. */
  onBulkTicket?(source: string | null, outcome: WriteEvent['outcome']): void;
  /** A bulk job waits before it sends to this source again. */
  onBulkPause?(source: string, reason: FailureKind): void;
  /** A bulk job has ended: `DONE`, `CANCELLED` or `FAILED`. */
  onBulkEnd?(state: string): void;
  /** The store of idempotency keys failed. `cause` is a code such as `ECONNREFUSED`, without secrets. */
  onStoreFailure?(cause: string): void;
  /** The store of idempotency keys could lose keys by its settings. Called once for each message. */
  onStoreRisk?(message: string): void;
}

/** All observers combined. Never throws. */
export type EventSink = Required<Observer>;

/**
 * Returns `undefined` if there are no observers, so that telemetry costs nothing then.
 *
 * @param reportUnexpected called with errors that observers throw
 */
export function combineObservers(
  observers: readonly Observer[],
  reportUnexpected: (error: unknown) => void,
): EventSink | undefined {
  if (observers.length === 0) return undefined;
  // Two parameters: a rest parameter would be an array for each event (docs/performance.md#call-events).
  const callEach = <First, Second = undefined>(
    listeners: readonly ((first: First, second: Second) => void)[],
    first: First,
    second: Second,
  ): void => {
    for (const listener of listeners) {
      try {
        listener(first, second);
      } catch (error) {
        reportUnexpected(error);
      }
    }
  };
  const starts = observers
    .filter((one) => one.onCallStart)
    .map((one) => (call: UpstreamCall, headers: object) => void Object.assign(headers, one.onCallStart!(call)));
  const ends = observers.flatMap((one) => one.onCallEnd?.bind(one) ?? []);
  const sharedReads = observers.flatMap((one) => one.onReadShared?.bind(one) ?? []);
  const cachedReads = observers.flatMap((one) => one.onReadCached?.bind(one) ?? []);
  const writes = observers.flatMap((one) => one.onWriteEnd?.bind(one) ?? []);
  const warnings = observers.flatMap((one) => one.onWarning?.bind(one) ?? []);
  const notices = observers.flatMap((one) => one.onNotice?.bind(one) ?? []);
  const unknownWords = observers.flatMap((one) => one.onUnknownWord?.bind(one) ?? []);
  const livePolls = observers.flatMap((one) => one.onLivePoll?.bind(one) ?? []);
  const liveChanges = observers.flatMap((one) => one.onLiveChange?.bind(one) ?? []);
  const bulkTickets = observers.flatMap((one) => one.onBulkTicket?.bind(one) ?? []);
  const bulkPauses = observers.flatMap((one) => one.onBulkPause?.bind(one) ?? []);
  const bulkEnds = observers.flatMap((one) => one.onBulkEnd?.bind(one) ?? []);
  const storeFailures = observers.flatMap((one) => one.onStoreFailure?.bind(one) ?? []);
  const storeRisks = observers.flatMap((one) => one.onStoreRisk?.bind(one) ?? []);
  return {
    onCallStart(call) {
      if (starts.length === 0) return undefined;
      const headers: Record<string, string> = {};
      callEach(starts, call, headers);
      return headers;
    },
    onCallEnd: (call, end) => callEach(ends, call, end),
    onReadShared: (read) => callEach(sharedReads, read, undefined),
    onReadCached: (read) => callEach(cachedReads, read, undefined),
    onWriteEnd: (write) => callEach(writes, write, undefined),
    onWarning: (source, message) => callEach(warnings, source, message),
    onNotice: (source, message) => callEach(notices, source, message),
    onUnknownWord: (vendor, field) => callEach(unknownWords, vendor, field),
    onLivePoll: (source, isRead) => callEach(livePolls, source, isRead),
    onLiveChange: (source, kind) => callEach(liveChanges, source, kind),
    onBulkTicket: (source, outcome) => callEach(bulkTickets, source, outcome),
    onBulkPause: (source, reason) => callEach(bulkPauses, source, reason),
    onBulkEnd: (state) => callEach(bulkEnds, state, undefined),
    onStoreFailure: (cause) => callEach(storeFailures, cause, undefined),
    onStoreRisk: (message) => callEach(storeRisks, message, undefined),
  };
}

/** Telemetry of one call, and how it ended. */
export class TrackedCall implements UpstreamCall, UpstreamCallResult {
  readonly vendor: string;
  readonly source: string;
  readonly operation: string;
  readonly call: RequestScope;
  /** Set when the call ends. */
  result!: CallOutcome;
  status: number | undefined;
  cause: string | undefined;
  durationMs = 0;
  readonly #events: EventSink;
  #startedAt: number | undefined;

  constructor(
    { events, vendor, source }: { readonly events: EventSink; readonly vendor: string; readonly source: string },
    operation: string,
    call: RequestScope,
  ) {
    this.#events = events;
    this.vendor = vendor;
    this.source = source;
    this.operation = operation;
    this.call = call;
  }

  /** Returns headers to add to the call. */
  start(): Readonly<Record<string, string>> | undefined {
    this.#startedAt = performance.now();
    return this.#events.onCallStart(this);
  }

  /** To be called once. */
  end(result: CallOutcome, status?: number, cause?: string): void {
    if (this.#startedAt !== undefined) this.durationMs = performance.now() - this.#startedAt;
    this.result = result;
    this.status = status;
    this.cause = cause;
    this.#events.onCallEnd(this, this);
  }
}
