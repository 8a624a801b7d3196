/** Why a request is not served, and the form of the response that says so: the same as that of GraphQL errors. */
import type { IncomingMessage } from 'node:http';

export interface Rejection {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Whole seconds until the same request may succeed. Omit if it cannot. */
  readonly retryAfterSeconds?: number;
  /** Added to the response. Defaults to none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Checks a request by its request line and headers. Returns `undefined` if it passes. */
export type HeaderCheck = (request: IncomingMessage) => Rejection | undefined;

interface ErrorAnswer {
  readonly errors: readonly [{ readonly message: string; readonly extensions: Extensions }];
}

interface Extensions {
  readonly code: string;
  readonly retryable?: true;
  readonly retryAfterSeconds?: number;
}

/** The headers of the response to a rejected request. */
export function headersOf({ headers = {}, retryAfterSeconds }: Rejection): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? headers : { ...headers, 'retry-after': String(retryAfterSeconds) };
}

export function toAnswer({
  code,
  message,
  retryAfterSeconds,
}: Pick<Rejection, 'code' | 'message' | 'retryAfterSeconds'>): ErrorAnswer {
  const retry = retryAfterSeconds === undefined ? {} : ({ retryable: true, retryAfterSeconds } as const);
  return { errors: [{ message, extensions: { code, ...retry } }] };
}

export const INTERNAL_SERVER_ERROR = toAnswer({
  code: 'INTERNAL_SERVER_ERROR',
  message: 'Internal server error',
});
