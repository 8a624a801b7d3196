/**
 * A credential that expires: obtained once for all calls that wait for it, kept until shortly before it expires, and
 * replaced once the vendor rejects it. A rejected sign-in is not repeated for some seconds.
 */
import type { RequestScope, FailureDetails, Authenticator, AuthHeaders, UpstreamAnswer } from '../contract.ts';
import { Failure, asFailure, isRetryable } from './failure.ts';
import { abortable } from './abort.ts';

export interface Obtained<Value> {
  readonly value: Value;
  /** When to stop using it, in milliseconds since the epoch. Already includes the safety margin. */
  readonly useUntil: number;
  /** When it expires, if that is later than `useUntil`. Until then it can be renewed instead of obtained again. */
  readonly livesUntil?: number;
}

export interface Credential<Value> {
  /** Returns a valid one, from memory or from upstream. */
  get(call: RequestScope): Value | Promise<Value>;
  /** Drops a credential that the vendor rejected. Keeps another one that was obtained since. */
  drop(credential: unknown): void;
  /** Adopts the successor that an answer contained. Returns false if `credential` is not the current one. */
  replace(credential: Value, successor: Value): boolean;
}

/** How long a rejected sign-in is not repeated, in milliseconds: repeating a wrong password may lock the account. */
const REJECTION_MS = 5_000;

const ALREADY_EXPIRED =
  'The sign-in returned a credential that has already expired by the clock of this machine. It is used until the vendor ' +
  'rejects it. Compare the two clocks.';

export interface CredentialOptions {
  /** Timeout of a sign-in, in milliseconds. Defaults to 10000. */
  readonly timeoutMs?: number;
  /** Called if the clocks of the vendor and of this machine contradict each other. */
  readonly warn?: (message: string) => void;
}

/**
 * @param obtain signs in. `previous` is the expiring credential if it is still valid, for vendors that renew. Its call
 * belongs to no caller: one that disconnects must not cancel the sign-in for the others.
 * @param rejection message for a rejected sign-in, if the vendor's error mapper gives none
 */
export function createCredential<Value>(
  obtain: (call: RequestScope, previous: Value | undefined) => Promise<Obtained<Value>>,
  now: () => number,
  rejection: string,
  { timeoutMs = 10_000, warn = () => undefined }: CredentialOptions = {},
): Credential<Value> {
  let current: Obtained<Value> | undefined;
  let obtainedAt = 0;
  let running: Promise<Value> | undefined;
  let rejected: { readonly failure: Failure; readonly at: number } | undefined;

  const start = async (): Promise<Value> => {
    const call: RequestScope = {
      signal: AbortSignal.timeout(timeoutMs),
      deadlineAt: performance.now() + timeoutMs,
      requestKey: {},
    };
    const previous = current && (current.livesUntil ?? current.useUntil) > now() ? current.value : undefined;
    rejected = undefined;
    try {
      current = withoutPastEnd(await obtain(call, previous));
      obtainedAt = now();
    } catch (error) {
      const failure = asFailure(error);
      if (!failure || (isRetryable(failure.details) && !isRateLimitWithoutEnd(failure.details))) throw error;
      rejected = { failure: asRejectedSignIn(failure, rejection), at: now() };
      throw rejected.failure;
    }
    return current.value;
  };

  /** Ignores an expiry that is already past by our clock: it would cause a sign-in for each call. */
  const withoutPastEnd = (obtained: Obtained<Value>): Obtained<Value> => {
    if (obtained.useUntil > now()) return obtained;
    warn(ALREADY_EXPIRED);
    return { value: obtained.value, useUntil: Infinity };
  };

  return {
    get(call) {
      if (current && current.useUntil > now()) return current.value;
      // `Math.abs`, in case the clock moves backwards.
      if (rejected && Math.abs(now() - rejected.at) < REJECTION_MS) return Promise.reject(rejected.failure);
      running ??= start().finally(() => {
        running = undefined;
      });
      return abortable(running, call.signal);
    },
    drop(credential) {
      if (current && current.value === credential) current = undefined;
    },
    replace(credential, successor) {
      if (!current || current.value !== credential) return false;
      const { useUntil, livesUntil = useUntil } = current;
      const laterMs = now() - obtainedAt;
      // Assume the same lifetime as that of its predecessor, from now on.
      current = { value: successor, useUntil: useUntil + laterMs, livesUntil: livesUntil + laterMs };
      obtainedAt = now();
      return true;
    },
  };
}

/** Rate limited without `Retry-After`. With it, the upstream client itself waits. */
function isRateLimitWithoutEnd({ kind, retryAfterSeconds }: FailureDetails): boolean {
  return kind === 'rate-limited' && !retryAfterSeconds;
}

/** A rejected sign-in is `unauthenticated`, whatever its status: a 404 must not be read as a missing ticket. */
function asRejectedSignIn({ details }: Failure, rejection: string): Failure {
  if (isRetryable(details)) return new Failure({ ...details, retryAfterSeconds: REJECTION_MS / 1000 });
  return new Failure({ ...details, kind: 'unauthenticated', message: details.message ?? rejection });
}

export interface SigningOptions<Value> {
  /** Whether another credential can be obtained after a 401. Defaults to true. */
  readonly canObtain?: boolean;
  /** Reads the successor from an answer. Returns `undefined` if it contains none. */
  readonly readSuccessor?: (credential: Value, answer: UpstreamAnswer) => Value | undefined;
}

/** Authenticates with such a credential. After a 401 another one is obtained. */
export function signInWith<Value>(
  credentials: Credential<Value>,
  toAuthHeaders: (credential: Value) => AuthHeaders,
  preview: AuthHeaders,
  { canObtain = true, readSuccessor }: SigningOptions<Value> = {},
): Authenticator {
  let last: { readonly credential: Value; readonly authHeaders: AuthHeaders } | undefined;
  /** Headers of the credential obtained last, and of its successors. */
  let descendants = new WeakSet<AuthHeaders>();
  /** Headers whose credential an answer has replaced. */
  const superseded = new WeakSet<AuthHeaders>();

  const signWith = (credential: Value): AuthHeaders => {
    if (!last || last.credential !== credential) {
      last = { credential, authHeaders: toAuthHeaders(credential) };
      descendants = new WeakSet([last.authHeaders]);
    }
    return last.authHeaders;
  };

  return {
    authorize(call) {
      const credential = credentials.get(call);
      return credential instanceof Promise ? credential.then(signWith) : signWith(credential);
    },
    preview,
    ...(canObtain && {
      invalidate(authHeaders: AuthHeaders): boolean {
        // Headers of an earlier sign-in: another credential has been obtained since.
        if (last && descendants.has(authHeaders)) credentials.drop(last.credential);
        return true;
      },
    }),
    ...(readSuccessor && {
      adopt(authHeaders: AuthHeaders, answer: UpstreamAnswer): void {
        // An answer to a call of an earlier sign-in does not concern the current one.
        if (!last || !descendants.has(authHeaders)) return;
        const successor = readSuccessor(last.credential, answer);
        if (successor === undefined || !credentials.replace(last.credential, successor)) return;
        superseded.add(last.authHeaders);
        last = { credential: successor, authHeaders: toAuthHeaders(successor) };
        descendants.add(last.authHeaders);
      },
    }),
    replacedBy(authHeaders) {
      if (!last || last.authHeaders === authHeaders) return undefined;
      return superseded.has(authHeaders) ? 'adopted' : 'obtained';
    },
  };
}
