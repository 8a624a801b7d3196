/** The client's only error class, and its codes. */
import { ProblemCode, type ProblemPartsFragment, type Vendor } from './__generated__/operations.ts';

/** Codes of requests that the endpoint rejected before execution. Nothing was sent to a vendor. */
export const REQUEST_CODES = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'BODY_TOO_LARGE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'HEADERS_TOO_LARGE',
  'HOST_NOT_ALLOWED',
  'INVALID_HOST',
  'INVALID_UTF8',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'OPERATION_NOT_REGISTERED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_COSTLY',
  'OPERATION_TOO_DEEP',
  'ORIGIN_NOT_ALLOWED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'REQUEST_TIMEOUT',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_FIELDS',
  'TOO_MANY_LINES',
  'TOO_MANY_ROOT_FIELDS',
  'TOO_MANY_STREAMS',
  'UNSUPPORTED_CHARSET',
  'UNSUPPORTED_CONTENT_ENCODING',
  'UNSUPPORTED_MEDIA_TYPE',
] as const;

export type RequestCode = (typeof REQUEST_CODES)[number];

/** Codes with which the endpoint ends a stream, or rejects one while it shuts down. Subscribe again after the last cursor. */
export const STREAM_CODES = ['STREAM_ENDED', 'STREAM_TOO_SLOW'] as const;

export type StreamCode = (typeof STREAM_CODES)[number];

/**
 * Codes of requests without a usable response of the endpoint.
 *
 * - `CONNECTION_FAILED`: the connection failed or was lost. `fetch` does not distinguish these.
 * - `ABORTED`: aborted by the caller's signal.
 * - `NOT_GRAPHQL`: the response came from something else, such as a proxy.
 * - `INTERNAL_SERVER_ERROR`: an unexpected error in the endpoint.
 * - `UNRECOGNIZED`: a code of a newer endpoint. The messages of `errors` contain it.
 */
export type TransportCode = 'CONNECTION_FAILED' | 'ABORTED' | 'NOT_GRAPHQL' | 'INTERNAL_SERVER_ERROR' | 'UNRECOGNIZED';

export type TicketgraphCode = ProblemCode | RequestCode | StreamCode | TransportCode;

/** An error of a response: the fields of a write's problem, and the path of the value that is missing because of it. */
export interface TicketgraphProblem extends Omit<ProblemPartsFragment, 'code'> {
  readonly code: TicketgraphCode;
  /** The path in the response, e.g. `['ticketsById', 2]`. Null for an error of the whole request. */
  readonly path: readonly (string | number)[] | null;
}

/** An invalid line of an upload. */
export interface BadLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface TicketgraphErrorOptions {
  /** Must not be empty. */
  readonly errors: readonly TicketgraphProblem[];
  readonly outcome: TicketgraphError['outcome'];
  readonly status?: number | undefined;
  readonly data?: unknown;
  readonly cause?: unknown;
  readonly lines?: readonly BadLine[];
}

/** Thrown for a failed read, and for a write without an `outcome`. */
export class TicketgraphError extends Error {
  override readonly name = 'TicketgraphError';
  /** Branch on this, not on the message. This and the next five fields are those of the first of `errors`. */
  readonly code: TicketgraphCode;
  readonly vendor: Vendor | null;
  /** Id of the source, e.g. `omnidesk@emea`. */
  readonly source: string | null;
  readonly ticketId: string | null;
  /** Whether the same request may succeed later. Retry a write with the same idempotency key. */
  readonly retryable: boolean;
  /** Seconds to wait before a retry. Null if unknown. */
  readonly retryAfterSeconds: number | null;
  /** All errors, in the order of the response. */
  readonly errors: readonly TicketgraphProblem[];
  /** Partial data, or `undefined` if there is none. `settle` returns it with its type. */
  readonly data: unknown;
  /** HTTP status of the response. Null if there is none. */
  readonly status: number | null;
  /**
   * For a write: `NOT_APPLIED` if it is certain that nothing was sent to a vendor, otherwise `UNKNOWN`. If unknown, check
   * the ticket, or retry with the same idempotency key. Null for a read.
   */
  readonly outcome: 'NOT_APPLIED' | 'UNKNOWN' | null;
  /** For an upload: its invalid lines, at most the first 100. Otherwise empty. */
  readonly lines: readonly BadLine[];

  constructor({ errors, outcome, status, data, cause, lines = [] }: TicketgraphErrorOptions) {
    const [first] = errors;
    if (!first) throw new TypeError('TicketgraphError needs at least one error.');
    super(first.message, cause === undefined ? {} : { cause });
    this.code = first.code;
    this.vendor = first.vendor;
    this.source = first.source;
    this.ticketId = first.ticketId;
    this.retryable = first.retryable;
    this.retryAfterSeconds = first.retryAfterSeconds;
    this.errors = errors;
    this.data = data;
    this.status = status ?? null;
    this.outcome = outcome;
    this.lines = lines;
  }
}

const RECOGNIZED: ReadonlySet<unknown> = new Set([
  ...Object.values(ProblemCode),
  ...REQUEST_CODES,
  ...STREAM_CODES,
  'INTERNAL_SERVER_ERROR',
]);

export function isRecognized(code: unknown): code is Exclude<TicketgraphCode, TransportCode> | 'INTERNAL_SERVER_ERROR' {
  return RECOGNIZED.has(code);
}
