/**
 * Who sends a request, and whether it is admitted: what may reject it by its caller, before its body is read. This file is
 * the only place to add a reason: both the direct route and Fastify's ask it, once for each request.
 */
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../datasources/index.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { classOf } from '../auth/caller.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';
import { unauthenticated } from './header-checks.ts';
import type { RateLimit } from './rate-limit/index.ts';
import type { Rejection } from './rejection.ts';

/** The caller of a request that is admitted, otherwise why it is not. */
export type Admission = Caller | Rejection;

/** @throws IssuerUnavailable if the issuer's keys cannot be fetched. The request was not counted then. */
export type Admit = (request: IncomingMessage, record: RequestRecord) => Admission | Promise<Admission>;

export interface AdmissionOptions {
  readonly authenticate: Authenticate;
  /** Omit to admit every authenticated request. */
  readonly rateLimit?: RateLimit | undefined;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
}

export function isRejection(admission: Admission): admission is Rejection {
  return 'status' in admission;
}

export function createAdmission({ authenticate, rateLimit, telemetry }: AdmissionOptions): Admit {
  const limit = rateLimit && createRateCheck(rateLimit, telemetry);
  const check = (caller: Caller | undefined, request: IncomingMessage, record: RequestRecord) => {
    if (!caller) return UNAUTHENTICATED;
    return limit ? limit(caller, request, record) : caller;
  };
  return (request, record) => {
    const known = authenticate(request.headers);
    if (!(known instanceof Promise)) return check(known, request, record);
    return known.then((caller) => check(caller, request, record));
  };
}

const UNAUTHENTICATED = unauthenticated(
  'Authentication required. Send a valid bearer token in Authorization, or an API key in x-api-key.',
);

function createRateCheck(rateLimit: RateLimit, { metrics }: Pick<Telemetry, 'metrics'>) {
  const decide = (caller: Caller, waitMs: number, record: RequestRecord): Admission => {
    if (waitMs === 0) return caller;
    record.callerId = caller.id;
    record.recordCode(RATE_LIMITED);
    metrics?.recordRateLimited(classOf(caller));
    return rateLimited(rateLimit.rate.perSecond, Math.ceil(waitMs / 1_000));
  };
  return (caller: Caller, request: IncomingMessage, record: RequestRecord): Admission | Promise<Admission> => {
    const waitMs = rateLimit.take(caller, request);
    return waitMs instanceof Promise ? waitMs.then((ms) => decide(caller, ms, record)) : decide(caller, waitMs, record);
  };
}

const RATE_LIMITED = 'RATE_LIMITED';

/** https://www.rfc-editor.org/rfc/rfc6585#section-4 */
function rateLimited(perSecond: number, retryAfterSeconds: number): Rejection {
  const [requests, seconds] = [
    perSecond === 1 ? 'request' : 'requests',
    retryAfterSeconds === 1 ? 'second' : 'seconds',
  ];
  return {
    status: 429,
    code: RATE_LIMITED,
    message:
      `Request not executed: the limit of ${perSecond} ${requests} per second for each caller is exceeded. ` +
      `Retry in ${retryAfterSeconds} ${seconds}.`,
    retryAfterSeconds,
  };
}
