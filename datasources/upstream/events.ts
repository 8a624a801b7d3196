/** What happens below the resolvers, told to whoever watches: logs, metrics, traces, the audit trail. */
import type { Call, FailureKind } from '../contract.ts';

/** How one exchange with a vendor ended. */
export type ExchangeResult =
  /** Answered with a status below 400. What the vendor says in its body is not looked at. */
  | 'ok'
  /** Answered with 4xx. */
  | 'refused'
  /** Answered with 5xx. */
  | 'failed'
  | 'timeout'
  /** No connection, one that broke, or an answer that is too large or cannot be decompressed. */
  | 'broken'
  /** Refused here: queue full, breaker open, store of keys down. Nothing was sent. */
  | 'held-back'
  /** Rejected here while the vendor has asked for a pause with `Retry-After`. Nothing was sent. */
  | 'paused'
  /** The caller went away. */
  | 'abandoned';

/** One request to a vendor. The same object tells of its start and of its end. */
export interface Exchange {
  readonly vendor: string;
  /** Which of the vendor's endpoints, e.g. `GET /api/v2/ticket/:id`; of few different values. */
  readonly operation: string;
  /** The incoming request it belongs to: of a shared read, the one that began it; of a sign-in, none that is known. */
  readonly call: Call;
}

export interface ExchangeEnd {
  readonly result: ExchangeResult;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** Why there is no usable answer: the code of the error behind it, e.g. `ENOTFOUND`; `undefined` if none is known. */
  readonly cause: string | undefined;
  /** From when its turn had come, without the wait for it; 0 where it never came. */
  readonly durationMs: number;
}

/** What became of a write for one ticket. */
export interface WriteEnded {
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
  /** Why not, or what else there is to know; `defect` where an error of ours left it open. */
  readonly problem: FailureKind | 'defect' | null;
  /** Told again under its idempotency key: it happened earlier, and was told of then. */
  readonly isReplayed: boolean;
  readonly isReconciled: boolean;
  /** The vendor's own id of the request, where its answer named one. */
  readonly upstreamRequestId: string | null;
  readonly call: Call;
}

/** Called as things happen. Whatever one throws is kept from the request. */
export interface Observer {
  /** The exchange's turn has come. The headers given back are sent along. */
  exchangeStarted?(exchange: Exchange): Readonly<Record<string, string>> | undefined;
  /** Also called for what never started: `held-back`, `paused`, or `abandoned` while it waited. */
  exchangeEnded?(exchange: Exchange, end: ExchangeEnd): void;
  /** A read joined an identical one under way. */
  readShared?(read: Exchange): void;
  /** A read was answered from what is kept. */
  readCached?(read: Exchange): void;
  /** A ticket of a write is settled. */
  writeEnded?(write: WriteEnded): void;
  /** Something about a vendor that an operator should look at. Called once for each message. */
  warned?(vendor: string, message: string): void;
  /** The store of idempotency keys failed. `cause` is a code such as `ECONNREFUSED`, and nothing secret. */
  storeFailed?(cause: string): void;
}

/** Observers as one that never throws. */
export type Watching = Required<Observer>;

/**
 * Undefined where there are none, so that nothing is done for nobody.
 *
 * @param report told of what an observer throws: a defect of ours that harms no request.
 */
export function joinObservers(observers: readonly Observer[], report: (defect: unknown) => void): Watching | undefined {
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
  const starts = observers.flatMap((one) => one.exchangeStarted?.bind(one) ?? []);
  const ends = observers.flatMap((one) => one.exchangeEnded?.bind(one) ?? []);
  const shares = observers.flatMap((one) => one.readShared?.bind(one) ?? []);
  const cached = observers.flatMap((one) => one.readCached?.bind(one) ?? []);
  const writes = observers.flatMap((one) => one.writeEnded?.bind(one) ?? []);
  const warnings = observers.flatMap((one) => one.warned?.bind(one) ?? []);
  const storeFailures = observers.flatMap((one) => one.storeFailed?.bind(one) ?? []);
  return {
    exchangeStarted(exchange) {
      if (starts.length === 0) return undefined;
      const headers: Record<string, string> = {};
      each(
        starts.map((start) => (told: Exchange) => void Object.assign(headers, start(told))),
        exchange,
      );
      return headers;
    },
    exchangeEnded: (exchange, end) => each(ends, exchange, end),
    readShared: (read) => each(shares, read),
    readCached: (read) => each(cached, read),
    writeEnded: (write) => each(writes, write),
    warned: (vendor, message) => each(warnings, vendor, message),
    storeFailed: (cause) => each(storeFailures, cause),
  };
}

/** One exchange while it is watched. */
export class WatchedExchange implements Exchange {
  readonly vendor: string;
  readonly operation: string;
  readonly call: Call;
  readonly #watching: Watching;
  #startedAt: number | undefined;

  constructor(watching: Watching, vendor: string, operation: string, call: Call) {
    this.#watching = watching;
    this.vendor = vendor;
    this.operation = operation;
    this.call = call;
  }

  /** @returns headers to send along */
  start(): Readonly<Record<string, string>> | undefined {
    this.#startedAt = performance.now();
    return this.#watching.exchangeStarted(this);
  }

  end(result: ExchangeResult, status?: number, cause?: string): void {
    const durationMs = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
    this.#watching.exchangeEnded(this, { result, status, cause, durationMs });
  }
}
