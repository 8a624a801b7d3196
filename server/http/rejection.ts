/** Why a request is not served, and the form of the response that says so: the same as that of GraphQL errors. */
import type { IncomingMessage } from 'node:http';

export interface Rejection {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Added to the response. Defaults to none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Checks a request by its request line and headers. Returns `undefined` if it passes. */
export type HeaderCheck = (request: IncomingMessage) => Rejection | undefined;

interface ErrorAnswer {
  readonly errors: readonly [{ readonly message: string; readonly extensions: { readonly code: string } }];
}

export function toAnswer(code: string, message: string): ErrorAnswer {
  return { errors: [{ message, extensions: { code } }] };
}

export const INTERNAL_SERVER_ERROR = toAnswer('INTERNAL_SERVER_ERROR', 'Internal server error');
