/**
 * The caller's own credentials instead of the service's: taken from headers that a setting names, and from nowhere else.
 * A vendor is asked with the one or with the other, never with both.
 */
import type { RequestScope, Setting, Authenticator, AuthHeaders } from '../contract.ts';
import { Failure } from './failure.ts';

/**
 * Headers with a meaning of their own on the way to this endpoint: none of them can carry a vendor's credential. Some are
 * repeated: `x-request-id` in the log and the answer, `traceparent` in traces and to every vendor.
 */
const TAKEN: ReadonlySet<string> = new Set([
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

/** The name of the header in which callers send a credential of their own; in lower case. */
export function headerName(): Setting<string | undefined> {
  return {
    expected: 'the name of a header of its own, such as x-vendor-token, or unset',
    read(text) {
      if (!text) return { value: undefined };
      const name = text.toLowerCase();
      return /^[a-z0-9-]{1,64}$/.test(name) && !TAKEN.has(name) ? { value: name } : undefined;
    },
  };
}

/** One credential that callers send. */
export interface Forwarded {
  readonly header: string;
  /** What its value must match, so that it fits where it goes. */
  readonly pattern: RegExp;
  readonly isRequired: boolean;
}

/**
 * Signs with what the caller sent.
 *
 * @param vendor what people call it, for the sentence that asks for a missing credential.
 * @param toSignature takes the values in the order of `credentials`; null for one that is not required and missing.
 */
export function forwardCallerCredential(
  vendor: string,
  credentials: readonly Forwarded[],
  toSignature: (values: readonly (string | null)[]) => AuthHeaders,
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
    authorize: (call) => toSignature(read(call)),
    preview: toSignature(credentials.map(() => 'REDACTED')),
    callerKey: (call) => JSON.stringify(credentials.map(({ header }) => call.callerCredentials?.get(header) ?? null)),
  };
}
