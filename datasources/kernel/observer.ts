/** What happens below the resolvers, told to whoever watches: logs, metrics, traces, the audit trail. Types only. */
import type { Call } from '../contract.ts';

/** How one exchange with a vendor ended. */
export type ExchangeResult =
  /** Answered with a status below 400. */
  | 'ok'
  /** Answered with 4xx. */
  | 'refused'
  /** Answered with 5xx. */
  | 'failed'
  | 'timeout'
  /** No connection, or one that broke. */
  | 'broken'
  /** Refused here: queue full, breaker open. Nothing was sent. */
  | 'held-back'
  /** The caller went away. */
  | 'abandoned';

export interface ExchangeEnded {
  readonly vendor: string;
  /** Which of the vendor's endpoints, e.g. `GET /api/v2/ticket/:id`; of few different values. */
  readonly operation: string;
  readonly result: ExchangeResult;
  readonly status: number | undefined;
  readonly durationMs: number;
  /** The incoming request it belongs to; of a shared read, the one that began it. */
  readonly call: Call;
}

/** What became of a write for one ticket. */
export interface WriteEnded {
  readonly mutation: string;
  readonly caller: string;
  readonly vendor: string | null;
  readonly ticketId: string | null;
  readonly outcome: string;
  /** Failure kind, where there was one. */
  readonly problem: string | null;
  readonly isReplayed: boolean;
  readonly isReconciled: boolean;
  /** The vendor's own id of the request, where its answer named one. */
  readonly upstreamRequestId: string | null;
  readonly call: Call;
}

/** Each is called as things happen and must not throw. */
export interface Observer {
  exchangeStarted?(exchange: Pick<ExchangeEnded, 'vendor' | 'operation' | 'call'>): Readonly<Record<string, string>> | undefined;
  exchangeEnded?(exchange: ExchangeEnded): void;
  writeEnded?(write: WriteEnded): void;
}
