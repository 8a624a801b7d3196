/**
 * Forwards the caller's own credentials instead of the service's, from the headers that a setting names. A call to a vendor
 * carries the one or the other, never both.
 */
import type { RequestScope, Setting, Authenticator, AuthHeaders } from '../contract.ts';
import { Failure } from './failure.ts';

/**
 * Headers that this endpoint or HTTP itself uses, and that cannot carry a vendor's credential. Some would leak it:
 * `x-request-id` into the log and the answer, `traceparent` into traces and to every vendor.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'accept',
  'apollo-require-preflight',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'forwarded',
  'host',
  'origin',
  'proxy-authorization',
  'te',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-api-key',
  'x-apollo-operation-name',
  'x-request-id',
]);

/** Setting: the name of the header that carries callers' own credentials, in lower case. */
export function headerName(): Setting<string | undefined> {
  return {
    expected: 'the name of a header of its own, such as x-vendor-token, or unset',
    read(text) {
      if (!text) return { value: undefined };
      const name = text.toLowerCase();
      return /^[a-z0-9-]{1,64}$/.test(name) && !RESERVED.has(name) ? { value: name } : undefined;
    },
  };
}

/** A credential that callers send. */
export interface Forwarded {
  readonly header: string;
  /** Pattern that its value must match, so that it is valid where it is sent. */
  readonly pattern: RegExp;
  readonly isRequired: boolean;
}

/**
 * Authenticates with the caller's own credentials.
 *
 * @param vendor display name, for the message about a missing credential
 * @param toHeaders takes the values in the order of `credentials`; null for an optional one that is missing
 */
export function forwardCallerCredential(
  vendor: string,
  credentials: readonly Forwarded[],
  toHeaders: (values: readonly (string | null)[]) => AuthHeaders,
): Authenticator {
  const read = (call: RequestScope): (string | null)[] =>
    credentials.map(({ header, pattern, isRequired }) => {
      const value = call.callerCredentials?.get(header);
      if (value !== undefined && pattern.test(value)) return value;
      if (value === undefined && !isRequired) return null;
      const message = `${vendor} is asked with the caller's own credentials: send a valid one in the header ${header}.`;
      throw new Failure({ kind: 'unauthenticated', message });
    });
  return {
    authorize: (call) => toHeaders(read(call)),
    preview: toHeaders(credentials.map(() => 'REDACTED')),
    callerKey: (call) => JSON.stringify(credentials.map(({ header }) => call.callerCredentials?.get(header) ?? null)),
  };
}
