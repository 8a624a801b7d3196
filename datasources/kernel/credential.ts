/**
 * A credential that lives for a while: obtained once however many calls wait for it, kept until shortly before its end,
 * and renewed at once when the vendor has refused it. A refused sign-in is not tried again at once.
 */
import type { Call, SignIn, Signature } from '../contract.ts';
import { Failure, asFailure, isRetryable } from './failure.ts';
import { untilStopped } from './stop.ts';

export interface Obtained<Value> {
  readonly value: Value;
  /** When to stop using it, in milliseconds since the epoch; the margin is already taken off. */
  readonly useUntil: number;
  /** When it really ends, where that is later: until then it can still be renewed instead of obtained anew. */
  readonly livesUntil?: number;
}

export interface Credential<Value> {
  /** One that lives, from memory or from upstream. */
  get(call: Call): Value | Promise<Value>;
  /** The vendor refused it. Another one, obtained since, is kept. */
  drop(credential: unknown): void;
}

/** Milliseconds for which a refused sign-in stands: every caller that tried a wrong password again could lock it. */
const REFUSAL_MS = 5_000;

/**
 * @param obtain signs in. `previous` is the credential about to end, where it still lives, for vendors that renew.
 * It is given a call of its own: one waiting caller that goes away must not spoil the sign-in for the others.
 * @param refusal what a refused sign-in is told as, where the vendor's folder has nothing more exact to say.
 */
export function createCredential<Value>(
  obtain: (call: Call, previous: Value | undefined) => Promise<Obtained<Value>>,
  now: () => number,
  refusal: string,
  timeoutMs = 10_000,
): Credential<Value> {
  let current: Obtained<Value> | undefined;
  let running: Promise<Value> | undefined;
  let refused: { readonly failure: Failure; readonly at: number } | undefined;

  const start = async (): Promise<Value> => {
    const call: Call = {
      signal: AbortSignal.timeout(timeoutMs),
      deadlineAt: performance.now() + timeoutMs,
      scope: {},
    };
    const previous = current && (current.livesUntil ?? current.useUntil) > now() ? current.value : undefined;
    refused = undefined;
    try {
      current = await obtain(call, previous);
    } catch (error) {
      const failure = asFailure(error);
      if (!failure || isRetryable(failure.facts)) throw error;
      refused = { failure: asRefusedSignIn(failure, refusal), at: now() };
      throw refused.failure;
    }
    return current.value;
  };

  return {
    get(call) {
      if (current && current.useUntil > now()) return current.value;
      // Either way, should the clock be set back.
      if (refused && Math.abs(now() - refused.at) < REFUSAL_MS) return Promise.reject(refused.failure);
      running ??= start().finally(() => {
        running = undefined;
      });
      return untilStopped(running, call.signal);
    },
    drop(credential) {
      if (current && current.value === credential) current = undefined;
    },
  };
}

/** A sign-in refused is one whatever its status: a 404 here must never be read as a missing ticket. */
function asRefusedSignIn({ facts }: Failure, refusal: string): Failure {
  return new Failure({ ...facts, kind: 'unauthenticated', message: facts.message ?? refusal });
}

/** Signs with such a credential; after a 401 another one is obtained. */
export function signInWith<Value>(
  credentials: Credential<Value>,
  toSignature: (credential: Value) => Signature,
  preview: Signature,
): SignIn {
  let last: { readonly credential: Value; readonly signature: Signature } | undefined;
  const signWith = (credential: Value): Signature => {
    if (!last || last.credential !== credential) last = { credential, signature: toSignature(credential) };
    return last.signature;
  };
  return {
    sign(call) {
      const credential = credentials.get(call);
      return credential instanceof Promise ? credential.then(signWith) : signWith(credential);
    },
    preview,
    renew(signature) {
      // Where it is not the last one, another has been obtained already.
      if (last?.signature === signature) credentials.drop(last.credential);
      return true;
    },
  };
}
