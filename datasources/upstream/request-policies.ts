/** How reads, sign-ins and writes are performed. */
import type { ErrorMapper } from '../contract.ts';
import { Failure, describeRejection } from '../vendor-kit/failure.ts';
import type { RequestPolicy } from './attempts.ts';
import { redirectFailure } from './request-failures.ts';
import { isPermanent } from './transport/causes.ts';
import type { Transports } from './transport/index.ts';
import { TransportError } from './transport/transport.ts';

export interface RequestPolicies {
  readonly read: RequestPolicy;
  readonly signIn: RequestPolicy;
  /** @param beforeSending awaited once, before the first byte of the first attempt */
  write(beforeSending?: () => Promise<void>): RequestPolicy;
}

/** @param onWriteEnd called when a write has ended, whatever became of it */
export function createPolicies(
  transports: Transports,
  toFailure: ErrorMapper,
  onWriteEnd: NonNullable<RequestPolicy['onEnd']>,
): RequestPolicies {
  const read: RequestPolicy = {
    transport: transports.reads,
    outlivesCaller: false,
    toFailure(answer) {
      if (answer.status < 300) return undefined;
      return answer.status < 400 ? redirectFailure(answer) : new Failure(describeRejection(answer, toFailure));
    },
    canRetry: (error) => !(error instanceof TransportError && isPermanent(error.code)),
  };
  const write: RequestPolicy = {
    transport: transports.writes,
    outlivesCaller: true,
    toFailure: () => undefined,
    canRetry: (error) => error instanceof TransportError && !error.wasSent && !isPermanent(error.code),
    onEnd: onWriteEnd,
  };
  return {
    read,
    signIn: { ...read, transport: transports.signIns },
    write(beforeSending) {
      if (!beforeSending) return write;
      let marked: Promise<void> | undefined;
      return { ...write, prepare: () => (marked ??= beforeSending()) };
    },
  };
}
