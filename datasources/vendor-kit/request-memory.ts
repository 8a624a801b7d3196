/**
 * What a vendor remembers for the time of one incoming request: it hangs on the request's own object and goes with it. In
 * a WeakMap that many requests share, V8 keeps a value, and all that it names, until the next full collection.
 */
import type { RequestScope } from '../contract.ts';

/** @returns the value of a request, made when it is first asked for */
export function memoizePerRequest<Value>(create: () => Value): (call: Pick<RequestScope, 'requestKey'>) => Value {
  const key = Symbol('remembered');
  return ({ requestKey: scope }) => {
    const holder = scope as Record<symbol, Value | undefined>;
    return (holder[key] ??= create());
  };
}
