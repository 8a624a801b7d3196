/** What is shared and what is kept of reads, where one end meets another beginning. */
import { describe, expect, test, vi } from 'vitest';
import type { Call, StopSignal, UpstreamAnswer } from '../../../datasources/contract.ts';
import { createReadCache } from '../../../datasources/upstream/read-cache.ts';
import { createSharing, type Abandonable, type Asker } from '../../../datasources/upstream/coalescing.ts';
import { Stop } from '../../../datasources/vendor-kit/abort.ts';

describe('identical reads', () => {
  const callOf = (signal: StopSignal): Call => ({ signal, deadlineAt: Infinity, scope: {} });
  const share = () => createSharing<string>(() => new Error('gone'));

  test('are one call also where another of that name has just been left and not ended yet', async () => {
    const sharing = share();
    const left = new Stop();
    const begun: Asker<string>[] = [];
    const begin = (asker: Asker<string>): Abandonable => {
      begun.push(asker);
      return { abandon: () => undefined, isBehindOther: () => false };
    };
    const first = sharing.begin('key', callOf(left), begin);
    left.abort();
    await expect(first).rejects.toThrow('gone');
    expect(sharing.join('key', callOf(new Stop()))).toBeUndefined();
    const second = sharing.begin('key', callOf(new Stop()), begin);
    // Only now does the one that was left come to its end.
    begun[0]!.answered('call 1');
    const third = sharing.join('key', callOf(new Stop()))!;
    expect(begun).toHaveLength(2);
    begun[1]!.answered('call 2');
    expect(await Promise.all([second, third])).toEqual(['call 2', 'call 2']);
    expect(sharing.join('key', callOf(new Stop()))).toBeUndefined();
  });

  test('of whom one leaves go on for the other; when the last has gone the call is abandoned', async () => {
    const sharing = share();
    const [one, other] = [new Stop(), new Stop()];
    const abandon = vi.fn();
    const begun = sharing.begin('key', callOf(one), () => ({ abandon, isBehindOther: () => false }));
    const ended = Promise.allSettled([begun, sharing.join('key', callOf(other))!]);
    one.abort();
    expect(abandon).not.toHaveBeenCalled();
    other.abort();
    expect(abandon).toHaveBeenCalledOnce();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('that fail before they have begun leave nothing behind', async () => {
    const sharing = share();
    const begin = (asker: Asker<string>): Abandonable => {
      asker.failed(new Error('at once'));
      return { abandon: () => undefined, isBehindOther: () => false };
    };
    await expect(sharing.begin('key', callOf(new Stop()), begin)).rejects.toThrow('at once');
    expect(sharing.join('key', callOf(new Stop()))).toBeUndefined();
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
