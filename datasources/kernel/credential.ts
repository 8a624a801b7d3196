/**
 * A credential that lives for a while: obtained once however many calls wait for it, kept until shortly before its end,
 * and renewed at once when the vendor has refused it.
 */
import type { Call } from '../contract.ts';

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
  drop(refused: unknown): void;
}

/**
 * @param obtain signs in. `previous` is the credential about to end, where it still lives, for vendors that renew.
 * It is given a call of its own: one waiting caller that goes away must not spoil the sign-in for the others.
 */
export function createCredential<Value>(
  obtain: (call: Call, previous: Value | undefined) => Promise<Obtained<Value>>,
  now: () => number,
  timeoutMs = 10_000,
): Credential<Value> {
  let current: Obtained<Value> | undefined;
  let running: Promise<Value> | undefined;

  const start = async (): Promise<Value> => {
    const call: Call = {
      signal: AbortSignal.timeout(timeoutMs),
      deadlineAt: performance.now() + timeoutMs,
      scope: {},
    };
    const previous = current && (current.livesUntil ?? current.useUntil) > now() ? current.value : undefined;
    current = await obtain(call, previous);
    return current.value;
  };

  return {
    get(call) {
      if (current && current.useUntil > now()) return current.value;
      running ??= start().finally(() => {
        running = undefined;
      });
      return untilAborted(running, call.signal);
    },
    drop(refused) {
      if (current && current.value === refused) current = undefined;
    },
  };
}

/** The promise, or the signal's reason as soon as it is aborted. What the promise stands for goes on. */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.reject(signal.reason as Error);
  }
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
