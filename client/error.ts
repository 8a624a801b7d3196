/** What is thrown: one class, told apart by its code. */
import { ProblemCode, type ProblemPartsFragment, type Vendor } from './__generated__/operations.ts';

/** Why the endpoint did not look into a request, besides what it says of vendors. Nothing was sent to any vendor. */
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
  'UNSUPPORTED_CHARSET',
  'UNSUPPORTED_CONTENT_ENCODING',
  'UNSUPPORTED_MEDIA_TYPE',
] as const;

export type RequestCode = (typeof REQUEST_CODES)[number];

/**
 * Why there is no answer of the endpoint's.
 *
 * - `CONNECTION_FAILED`: the connection could not be made, or broke. `fetch` does not say which.
 * - `ABORTED`: the caller's signal.
 * - `NOT_GRAPHQL`: something else answered, such as a proxy.
 * - `INTERNAL_SERVER_ERROR`: a defect of the endpoint's.
 * - `UNRECOGNIZED`: a code that this client does not know; it stands in `errors`' messages.
 */
export type TransportCode = 'CONNECTION_FAILED' | 'ABORTED' | 'NOT_GRAPHQL' | 'INTERNAL_SERVER_ERROR' | 'UNRECOGNIZED';

export type TicketgraphCode = ProblemCode | RequestCode | TransportCode;

/** An error of an answer: what a write tells in `problems`, and where in the answer a value is missing because of it. */
export interface TicketgraphProblem extends Omit<ProblemPartsFragment, 'code'> {
  readonly code: TicketgraphCode;
  /** The place in the answer, e.g. `['ticketsById', 2]`. Null for an error of the whole. */
  readonly path: readonly (string | number)[] | null;
}

export interface TicketgraphErrorOptions {
  /** Not empty. */
  readonly errors: readonly TicketgraphProblem[];
  readonly outcome: TicketgraphError['outcome'];
  readonly status?: number | undefined;
  readonly data?: unknown;
  readonly cause?: unknown;
}

/** Thrown for a read that failed, and for a write of which there is no `outcome` to return. */
export class TicketgraphError extends Error {
  override readonly name = 'TicketgraphError';
  /** Decide by this, not by the message. It is that of the first of `errors`, as are the next four. */
  readonly code: TicketgraphCode;
  readonly vendor: Vendor | null;
  readonly ticketId: string | null;
  /** Whether the same request may succeed later, unchanged. For a write: with the same idempotency key. */
  readonly retryable: boolean;
  /** Seconds after which to ask again, where somebody said so. */
  readonly retryAfterSeconds: number | null;
  /** All that was said, in the order of the answer. */
  readonly errors: readonly TicketgraphProblem[];
  /** What was read all the same; undefined where nothing was. `settle` gives it with its type. */
  readonly data: unknown;
  /** HTTP status of the answer; null where none came. */
  readonly status: number | null;
  /**
   * Of a write: `NOT_APPLIED` where it is sure that nothing was sent to a vendor, else `UNKNOWN`. Look at the ticket, or
   * try again with the same idempotency key. Null of a read.
   */
  readonly outcome: 'NOT_APPLIED' | 'UNKNOWN' | null;

  constructor({ errors, outcome, status, data, cause }: TicketgraphErrorOptions) {
    const [first] = errors;
    if (!first) throw new TypeError('An error without anything that is wrong.');
    super(first.message, cause === undefined ? {} : { cause });
    this.code = first.code;
    this.vendor = first.vendor;
    this.ticketId = first.ticketId;
    this.retryable = first.retryable;
    this.retryAfterSeconds = first.retryAfterSeconds;
    this.errors = errors;
    this.data = data;
    this.status = status ?? null;
    this.outcome = outcome;
  }
}

const RECOGNIZED: ReadonlySet<unknown> = new Set([
  ...Object.values(ProblemCode),
  ...REQUEST_CODES,
  'INTERNAL_SERVER_ERROR',
]);

export function isRecognized(code: unknown): code is ProblemCode | RequestCode | 'INTERNAL_SERVER_ERROR' {
  return RECOGNIZED.has(code);
}
