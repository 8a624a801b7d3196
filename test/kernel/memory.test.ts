/** What is shared and what is kept of reads, where one end meets another beginning. */
import { describe, expect, test } from 'vitest';
import type { UpstreamAnswer } from '../../datasources/contract.ts';
import { createReadCache } from '../../datasources/kernel/cache.ts';
import { createSharing } from '../../datasources/kernel/sharing.ts';
import { Stop } from '../../datasources/kernel/stop.ts';

/** Lets all that is under way come to its end. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('identical reads', () => {
  test('are one call also where another of that name has just been left and not ended yet', async () => {
    const sharing = createSharing<string>();
    const left = new Stop();
    const ends: (() => void)[] = [];
    const start = (): Promise<string> => new Promise((resolve) => ends.push(() => resolve(`call ${ends.length}`)));
    const first = sharing.join('key', left, start);
    left.abort();
    await expect(first).rejects.toThrow();
    const second = sharing.join('key', new Stop(), start);
    // Only now does the one that was left come to its end.
    ends[0]!();
    await settle();
    const third = sharing.join('key', new Stop(), start);
    expect(ends).toHaveLength(2);
    ends[1]!();
    expect(await Promise.all([second, third])).toEqual(['call 2', 'call 2']);
  });

  test('of whom one leaves go on for the other; when the last has gone the call is stopped', async () => {
    const sharing = createSharing<string>();
    const [one, other] = [new Stop(), new Stop()];
    const stopped: boolean[] = [];
    const start = (
      signal: Stop | { aborted: boolean; addEventListener: Stop['addEventListener'] },
    ): Promise<string> => {
      signal.addEventListener('abort', () => stopped.push(true));
      return new Promise(() => undefined);
    };
    const waiting = [one, other].map((signal) => sharing.join('key', signal, start));
    const ended = Promise.allSettled(waiting);
    one.abort();
    expect(stopped).toEqual([]);
    other.abort();
    expect(stopped).toEqual([true]);
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
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
