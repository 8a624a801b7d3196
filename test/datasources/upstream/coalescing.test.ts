/** Request coalescing and the read cache, when the end of one call meets the start of another. */
import { expect, test, vi } from 'vitest';
import type { AbortSignalLike, RequestScope, UpstreamAnswer } from '../../../datasources/contract.ts';
import { createReadCache } from '../../../datasources/upstream/read-cache.ts';
import { RequestCoalescer, type SharedCall } from '../../../datasources/upstream/coalescing.ts';
import { LightAbortController } from '../../../datasources/vendor-kit/abort.ts';

function callOf(signal: AbortSignalLike = new LightAbortController()): RequestScope {
  return { signal, deadlineAt: Infinity, requestKey: {} };
}

function createReads() {
  return new RequestCoalescer<string, string>({ toValue: (result) => result, toError: () => new Error('canceled') });
}

function sharedCall(cancel = () => undefined): SharedCall {
  return { cancel, isBehindOther: () => false };
}

test('starts a new call after all callers have left one of the same key that has not ended yet', async () => {
  const reads = createReads();
  const left = new LightAbortController();
  const [one, other] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const first = reads.share('key', callOf(left), sharedCall(), one.promise);
  left.abort();
  await expect(first).rejects.toThrow('canceled');
  expect(reads.join('key', callOf())).toBeUndefined();
  const second = reads.share('key', callOf(), sharedCall(), other.promise);
  // Only now does the first call end.
  one.resolve('call 1');
  await one.promise;
  const third = reads.join('key', callOf())!;
  other.resolve('call 2');
  expect(await Promise.all([second, third])).toEqual(['call 2', 'call 2']);
  expect(reads.join('key', callOf())).toBeUndefined();
});

test('cancels the call when its last caller has left, and not before', async () => {
  const reads = createReads();
  const [one, other] = [new LightAbortController(), new LightAbortController()];
  const cancel = vi.fn();
  const first = reads.share('key', callOf(one), sharedCall(cancel), new Promise(() => undefined));
  const ended = Promise.allSettled([first, reads.join('key', callOf(other))!]);
  one.abort();
  expect(cancel).not.toHaveBeenCalled();
  other.abort();
  expect(cancel).toHaveBeenCalledOnce();
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a call that fails immediately leaves nothing to join', async () => {
  const reads = createReads();
  const failed = reads.share('key', callOf(), sharedCall(), Promise.reject(new Error('failed')));
  await expect(failed).rejects.toThrow('failed');
  expect(reads.join('key', callOf())).toBeUndefined();
});

const ANSWER = { status: 200, headers: {}, text: 'x' } as UpstreamAnswer;

test('the cache does not keep an answer to a read that began while invalidations were not received', () => {
  let isListening = false;
  const cache = createReadCache(1_000, () => isListening);
  const keep = cache.begin('key');
  isListening = true;
  keep(ANSWER);
  expect(cache.find('key')).toBeUndefined();
  cache.begin('key')(ANSWER);
  expect(cache.find('key')).toBe(ANSWER);
});

test('the cache does not keep an answer to a read that began before a write', () => {
  const cache = createReadCache(1_000, () => true);
  const keep = cache.begin('key');
  cache.drop();
  keep(ANSWER);
  expect(cache.find('key')).toBeUndefined();
});
