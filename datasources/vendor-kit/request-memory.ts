/**
 * Values that a vendor keeps for one incoming request. They are properties of the request's own object: V8 keeps the values
 * of a shared WeakMap until the next full collection (docs/performance.md#weak-map).
 */
import type { RequestScope } from '../contract.ts';

/** @returns a function that returns the request's value, and creates it on the first call */
export function memoizePerRequest<Value>(create: () => Value): (call: Pick<RequestScope, 'requestKey'>) => Value {
  const key = Symbol('memoized');
  return ({ requestKey }) => {
    const holder = requestKey as Record<symbol, Value | undefined>;
    return (holder[key] ??= create());
  };
}
