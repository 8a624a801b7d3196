/** What is shared and what is kept of reads, where one end meets another beginning. */
import { describe, expect, test, vi } from 'vitest';
import type { RequestScope, AbortSignalLike, UpstreamAnswer } from '../../../datasources/contract.ts';
import { createReadCache } from '../../../datasources/upstream/read-cache.ts';
import { createCoalescer, type Cancelable, type ReadCallbacks } from '../../../datasources/upstream/coalescing.ts';
import { LightAbortController } from '../../../datasources/vendor-kit/abort.ts';

describe('identical reads', () => {
  const callOf = (signal: AbortSignalLike): RequestScope => ({ signal, deadlineAt: Infinity, requestKey: {} });
  const share = () => createCoalescer<string>(() => new Error('gone'));

  test('are one call also where another of that name has just been left and not ended yet', async () => {
    const sharing = share();
    const left = new LightAbortController();
    const begun: ReadCallbacks<string>[] = [];
    const begin = (asker: ReadCallbacks<string>): Cancelable => {
      begun.push(asker);
      return { cancel: () => undefined, isBehindOther: () => false };
    };
    const first = sharing.begin('key', callOf(left), begin);
    left.abort();
    await expect(first).rejects.toThrow('gone');
    expect(sharing.join('key', callOf(new LightAbortController()))).toBeUndefined();
    const second = sharing.begin('key', callOf(new LightAbortController()), begin);
    // Only now does the one that was left come to its end.
    begun[0]!.onResponse('call 1');
    const third = sharing.join('key', callOf(new LightAbortController()))!;
    expect(begun).toHaveLength(2);
    begun[1]!.onResponse('call 2');
    expect(await Promise.all([second, third])).toEqual(['call 2', 'call 2']);
    expect(sharing.join('key', callOf(new LightAbortController()))).toBeUndefined();
  });

  test('of whom one leaves go on for the other; when the last has gone the call is abandoned', async () => {
    const sharing = share();
    const [one, other] = [new LightAbortController(), new LightAbortController()];
    const abandon = vi.fn();
    const begun = sharing.begin('key', callOf(one), () => ({ cancel: abandon, isBehindOther: () => false }));
    const ended = Promise.allSettled([begun, sharing.join('key', callOf(other))!]);
    one.abort();
    expect(abandon).not.toHaveBeenCalled();
    other.abort();
    expect(abandon).toHaveBeenCalledOnce();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('that fail before they have begun leave nothing behind', async () => {
    const sharing = share();
    const begin = (asker: ReadCallbacks<string>): Cancelable => {
      asker.onError(new Error('at once'));
      return { cancel: () => undefined, isBehindOther: () => false };
    };
    await expect(sharing.begin('key', callOf(new LightAbortController()), begin)).rejects.toThrow('at once');
    expect(sharing.join('key', callOf(new LightAbortController()))).toBeUndefined();
  });
});

describe('an answer', () => {
  const answer = { status: 200, headers: {}, text: 'x' } as UpstreamAnswer;

  test('to a read that began while the writes of others were not heard of is not kept', () => {
    let isHeard = false;
    const cache = createReadCache(1_000, () => isHeard);
    const keep = cache.begin('key');
    isHeard = true;
    keep(answer);
    expect(cache.find('key')).toBeUndefined();
    cache.begin('key')(answer);
    expect(cache.find('key')).toBe(answer);
  });

  test('to a read that began before a write is not kept', () => {
    const cache = createReadCache(1_000, () => true);
    const keep = cache.begin('key');
    cache.drop();
    keep(answer);
    expect(cache.find('key')).toBeUndefined();
  });
});
