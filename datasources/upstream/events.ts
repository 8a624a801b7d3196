/** What happens below the resolvers, told to whoever watches: logs, metrics, traces, the audit trail. */
import type { RequestScope, FailureKind } from '../contract.ts';

/** How one exchange with a vendor ended. */
export type CallOutcome =
  /** A status below 400, whatever the body says. */
  | 'ok'
  /** 4xx */
  | 'client_error'
  /** 5xx */
  | 'server_error'
  | 'timeout'
  /** No connection, one that broke, or an answer that is too large or cannot be decompressed. */
  | 'network_error'
  /** Rejected before sending: queue full, circuit breaker open or idempotency store down. */
  | 'rejected_locally'
  /** Rejected before sending, as the vendor has asked for a pause with `Retry-After`. */
  | 'paused'
  /** The client closed its request. */
  | 'canceled';

/** One request to a vendor. The same object tells of its start and of its end. */
export interface UpstreamCall {
  readonly vendor: string;
  /** Which of the vendor's endpoints, e.g. `GET /api/v2/ticket/:id`; of few different values. */
  readonly operation: string;
  /** The incoming request it belongs to: of a shared read, the one that began it; of a sign-in, none that is known. */
  readonly call: RequestScope;
}

export interface UpstreamCallResult {
  readonly result: CallOutcome;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** Why there is no usable answer: the code of the error behind it, e.g. `ENOTFOUND`; `undefined` if none is known. */
  readonly cause: string | undefined;
  /** From when its turn had come, without the wait for it; 0 where it never came. */
  readonly durationMs: number;
}

/** What became of a write for one ticket. */
export interface WriteEvent {
  readonly mutation: string;
  /** What was asked for, or what was done for it: an action's name; null if the mutation's name says it. */
  readonly action: string | null;
  /** The status that was asked for. */
  readonly status: string | null;
  /** The priority that was asked for. */
  readonly priority: string | null;
  /** SHA-256 of the idempotency key in base64url; null without a key. */
  readonly keyHash: string | null;
  /** Who asked. */
  readonly caller: string;
  /** The vendor's key; null where no vendor is known. */
  readonly vendor: string | null;
  /** As the caller named it; null where the write concerns no ticket that there was before, or was refused as a whole. */
  readonly ticketId: string | null;
  readonly outcome: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';
  /** Why not, or what else there is to know; `internal-error` if an unexpected error left it open. */
  readonly problem: FailureKind | 'internal-error' | null;
  /** Told again under its idempotency key: it happened earlier, and was told of then. */
  readonly isReplayed: boolean;
  readonly isReconciled: boolean;
  /** The vendor's own id of the request, where its answer named one. */
  readonly upstreamRequestId: string | null;
  readonly call: RequestScope;
}

/** Called as things happen. Whatever one throws is kept from the request. */
export interface Observer {
  /** The exchange's turn has come. The headers given back are sent along. */
  onCallStart?(exchange: UpstreamCall): Readonly<Record<string, string>> | undefined;
  /** Also called for what never started: `rejected_locally`, `paused`, or `canceled` while it waited. */
  onCallEnd?(exchange: UpstreamCall, end: UpstreamCallResult): void;
  /** A read joined an identical one under way. */
  onReadShared?(read: UpstreamCall): void;
  /** A read was answered from what is kept. */
  onReadCached?(read: UpstreamCall): void;
  /** A ticket of a write is settled. */
  onWriteEnd?(write: WriteEvent): void;
  /** Something about a vendor that an operator should look at. Called once for each message. */
  onWarning?(vendor: string, message: string): void;
  /** The store of idempotency keys failed. `cause` is a code such as `ECONNREFUSED`, and nothing secret. */
  onStoreFailure?(cause: string): void;
}

/** Observers as one that never throws. */
export type EventSink = Required<Observer>;

/**
 * Undefined where there are none, so that nothing is done for nobody.
 *
 * @param report told of what an observer throws: a defect of ours that harms no request.
 */
export function combineObservers(
  observers: readonly Observer[],
  report: (defect: unknown) => void,
): EventSink | undefined {
  if (observers.length === 0) return undefined;
  const each = <Told extends readonly unknown[]>(tell: readonly ((...told: Told) => void)[], ...told: Told): void => {
    for (const one of tell) {
      try {
        one(...told);
      } catch (defect) {
        report(defect);
      }
    }
  };
  const starts = observers.flatMap((one) => one.onCallStart?.bind(one) ?? []);
  const ends = observers.flatMap((one) => one.onCallEnd?.bind(one) ?? []);
  const shares = observers.flatMap((one) => one.onReadShared?.bind(one) ?? []);
  const cached = observers.flatMap((one) => one.onReadCached?.bind(one) ?? []);
  const writes = observers.flatMap((one) => one.onWriteEnd?.bind(one) ?? []);
  const warnings = observers.flatMap((one) => one.onWarning?.bind(one) ?? []);
  const storeFailures = observers.flatMap((one) => one.onStoreFailure?.bind(one) ?? []);
  return {
    onCallStart(exchange) {
      if (starts.length === 0) return undefined;
      const headers: Record<string, string> = {};
      each(
        starts.map((start) => (told: UpstreamCall) => void Object.assign(headers, start(told))),
        exchange,
      );
      return headers;
    },
    onCallEnd: (exchange, end) => each(ends, exchange, end),
    onReadShared: (read) => each(shares, read),
    onReadCached: (read) => each(cached, read),
    onWriteEnd: (write) => each(writes, write),
    onWarning: (vendor, message) => each(warnings, vendor, message),
    onStoreFailure: (cause) => each(storeFailures, cause),
  };
}

/** One exchange while it is watched. */
export class TrackedCall implements UpstreamCall {
  readonly vendor: string;
  readonly operation: string;
  readonly call: RequestScope;
  readonly #events: EventSink;
  #startedAt: number | undefined;

  constructor(watching: EventSink, vendor: string, operation: string, call: RequestScope) {
    this.#events = watching;
    this.vendor = vendor;
    this.operation = operation;
    this.call = call;
  }

  /** @returns headers to send along */
  start(): Readonly<Record<string, string>> | undefined {
    this.#startedAt = performance.now();
    return this.#events.onCallStart(this);
  }

  end(result: CallOutcome, status?: number, cause?: string): void {
    const durationMs = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
    this.#events.onCallEnd(this, { result, status, cause, durationMs });
  }
}
