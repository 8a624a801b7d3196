/**
 * A credential that lives for a while: obtained once however many calls wait for it, kept until shortly before its end,
 * and renewed at once when the vendor has refused it. A refused sign-in is not tried again at once.
 */
import type { RequestScope, FailureDetails, Authenticator, AuthHeaders, UpstreamAnswer } from '../contract.ts';
import { Failure, asFailure, isRetryable } from './failure.ts';
import { abortable } from './abort.ts';

export interface Obtained<Value> {
  readonly value: Value;
  /** When to stop using it, in milliseconds since the epoch; the margin is already taken off. */
  readonly useUntil: number;
  /** When it really ends, where that is later: until then it can still be renewed instead of obtained anew. */
  readonly livesUntil?: number;
}

export interface Credential<Value> {
  /** One that lives, from memory or from upstream. */
  get(call: RequestScope): Value | Promise<Value>;
  /** The vendor refused it. Another one, obtained since, is kept. */
  drop(credential: unknown): void;
  /** An answer brought the successor of this one. False if it is not the current one. */
  replace(credential: Value, successor: Value): boolean;
}

/** Milliseconds for which a refused sign-in stands: every caller that tried a wrong password again could lock it. */
const REFUSAL_MS = 5_000;

const ALREADY_EXPIRED =
  'The sign-in gave a credential that has already expired by the clock of this machine; it is used until the vendor ' +
  'refuses it. Compare the two clocks.';

export interface CredentialOptions {
  /** Milliseconds that a sign-in may take. Defaults to 10000. */
  readonly timeoutMs?: number;
  /** Called if the clocks of the vendor and of this machine contradict each other. */
  readonly warn?: (message: string) => void;
}

/**
 * @param obtain signs in. `previous` is the credential about to end, where it still lives, for vendors that renew.
 * It is given a call of its own: one waiting caller that goes away must not spoil the sign-in for the others.
 * @param refusal what a refused sign-in is told as, where the vendor's folder has nothing more exact to say.
 */
export function createCredential<Value>(
  obtain: (call: RequestScope, previous: Value | undefined) => Promise<Obtained<Value>>,
  now: () => number,
  refusal: string,
  { timeoutMs = 10_000, warn = () => undefined }: CredentialOptions = {},
): Credential<Value> {
  let current: Obtained<Value> | undefined;
  let obtainedAt = 0;
  let running: Promise<Value> | undefined;
  let refused: { readonly failure: Failure; readonly at: number } | undefined;

  const start = async (): Promise<Value> => {
    const call: RequestScope = {
      signal: AbortSignal.timeout(timeoutMs),
      deadlineAt: performance.now() + timeoutMs,
      requestKey: {},
    };
    const previous = current && (current.livesUntil ?? current.useUntil) > now() ? current.value : undefined;
    refused = undefined;
    try {
      current = withoutPastEnd(await obtain(call, previous));
      obtainedAt = now();
    } catch (error) {
      const failure = asFailure(error);
      if (!failure || (isRetryable(failure.details) && !isLimitWithoutEnd(failure.details))) throw error;
      refused = { failure: asRefusedSignIn(failure, refusal), at: now() };
      throw refused.failure;
    }
    return current.value;
  };

  /** One that has expired by our clock as soon as it is obtained would mean a sign-in for each call. */
  const withoutPastEnd = (obtained: Obtained<Value>): Obtained<Value> => {
    if (obtained.useUntil > now()) return obtained;
    warn(ALREADY_EXPIRED);
    return { value: obtained.value, useUntil: Infinity };
  };

  return {
    get(call) {
      if (current && current.useUntil > now()) return current.value;
      // Either way, should the clock be set back.
      if (refused && Math.abs(now() - refused.at) < REFUSAL_MS) return Promise.reject(refused.failure);
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
      // It lives as long from now on as the one before did.
      current = { value: successor, useUntil: useUntil + laterMs, livesUntil: livesUntil + laterMs };
      obtainedAt = now();
      return true;
    },
  };
}

/** Too many sign-ins, and no time to wait until the next one: with such a time, the upstream itself holds it back. */
function isLimitWithoutEnd({ kind, retryAfterSeconds }: FailureDetails): boolean {
  return kind === 'rate-limited' && !retryAfterSeconds;
}

/** A sign-in refused is one whatever its status: a 404 here must never be read as a missing ticket. */
function asRefusedSignIn({ details: facts }: Failure, refusal: string): Failure {
  if (isRetryable(facts)) return new Failure({ ...facts, retryAfterSeconds: REFUSAL_MS / 1000 });
  return new Failure({ ...facts, kind: 'unauthenticated', message: facts.message ?? refusal });
}

export interface SigningOptions<Value> {
  /** Whether another credential can be obtained after a 401. Defaults to true. */
  readonly canObtain?: boolean;
  /** The credential that an answer brings in place of this one; `undefined` if it brings none. */
  readonly readSuccessor?: (credential: Value, answer: UpstreamAnswer) => Value | undefined;
}

/** Signs with such a credential; after a 401 another one is obtained. */
export function signInWith<Value>(
  credentials: Credential<Value>,
  toSignature: (credential: Value) => AuthHeaders,
  preview: AuthHeaders,
  { canObtain = true, readSuccessor }: SigningOptions<Value> = {},
): Authenticator {
  let last: { readonly credential: Value; readonly signature: AuthHeaders } | undefined;
  /** Signatures of the credential that was obtained last and of its successors. */
  let descendants = new WeakSet<AuthHeaders>();
  /** Signatures whose credential an answer has replaced. */
  const superseded = new WeakSet<AuthHeaders>();

  const signWith = (credential: Value): AuthHeaders => {
    if (!last || last.credential !== credential) {
      last = { credential, signature: toSignature(credential) };
      descendants = new WeakSet([last.signature]);
    }
    return last.signature;
  };

  return {
    authorize(call) {
      const credential = credentials.get(call);
      return credential instanceof Promise ? credential.then(signWith) : signWith(credential);
    },
    preview,
    ...(canObtain && {
      invalidate(signature: AuthHeaders): boolean {
        // If it is of an earlier sign-in, another credential has been obtained already.
        if (last && descendants.has(signature)) credentials.drop(last.credential);
        return true;
      },
    }),
    ...(readSuccessor && {
      adopt(signature: AuthHeaders, answer: UpstreamAnswer): void {
        // An answer to a call of an earlier sign-in says nothing about the current one.
        if (!last || !descendants.has(signature)) return;
        const successor = readSuccessor(last.credential, answer);
        if (successor === undefined || !credentials.replace(last.credential, successor)) return;
        superseded.add(last.signature);
        last = { credential: successor, signature: toSignature(successor) };
        descendants.add(last.signature);
      },
    }),
    replacedBy(signature) {
      if (!last || last.signature === signature) return undefined;
      return superseded.has(signature) ? 'adopted' : 'obtained';
    },
  };
}
