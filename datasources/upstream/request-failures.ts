/** The failures that a caller gets for a request without a usable answer. */
import type { FailureDetails, RequestScope, UpstreamAnswer } from '../contract.ts';
import { ABORTED } from '../vendor-kit/abort.ts';
import { Failure } from '../vendor-kit/failure.ts';
import { isPast } from './request-lifetime.ts';
import { TransportError } from './transport/transport.ts';

const TIMED_OUT: FailureDetails = { kind: 'timeout', message: 'The vendor did not answer in time.' };

const CLIENT_DISCONNECTED: FailureDetails = {
  kind: 'timeout',
  message: 'Client closed the request before the vendor responded.',
};

const NO_ANSWER = {
  reset: { kind: 'unavailable', message: 'Connection closed by the vendor before its answer was complete.' },
  oversized: { kind: 'protocol', message: "The vendor's answer is larger than MAX_UPSTREAM_BYTES allows." },
  garbled: { kind: 'protocol', message: "The vendor's answer cannot be decompressed." },
} as const satisfies Record<string, FailureDetails>;

/**
 * The failure for an error; `undefined` for an unexpected error.
 *
 * @param endedBy what ended the request early, if anything did
 * @param toUnreachable describes a connection that could not be established
 */
export function toRequestFailure(
  error: unknown,
  endedBy: 'deadline' | 'cancellation' | undefined,
  toUnreachable: (error: TransportError) => FailureDetails,
): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof TransportError && error.reason !== 'aborted') {
    const { reason, code } = error;
    const details = reason === 'no-connection' ? toUnreachable(error) : NO_ANSWER[reason];
    return new Failure(details, undefined, undefined, code);
  }
  if (error !== ABORTED && !(error instanceof TransportError)) return undefined;
  return endedBy && new Failure(endedBy === 'deadline' ? TIMED_OUT : CLIENT_DISCONNECTED);
}

/** The failure for a caller whose request expired before there was an answer. */
export function timeoutOrCanceled({ deadlineAt }: RequestScope): Failure {
  return new Failure(isPast(deadlineAt) ? TIMED_OUT : CLIENT_DISCONNECTED);
}

/** A redirect is never followed: its target could be any address, and the credential would be sent there. */
export function redirectFailure({ status }: UpstreamAnswer): Failure {
  const message = `The vendor answered a read with a redirect (${status}). Redirects are not followed.`;
  return new Failure({ kind: 'protocol', message, upstreamStatus: status });
}
