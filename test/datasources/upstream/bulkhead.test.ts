/** The circuit breaker in time: for how long it rejects calls, and when it allows a probe. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { Bulkhead } from '../../../datasources/upstream/bulkhead.ts';
import { NEVER_ABORTS } from '../../../datasources/upstream/request-lifetime.ts';

test('an open circuit rejects calls for 30 seconds and then allows a probe', async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  onTestFinished(() => void vi.useRealTimers());
  const bulkhead = new Bulkhead({ concurrency: 100, queueLimit: 100 });
  const slots = await Promise.all(Array.from({ length: 20 }, async () => bulkhead.acquire(undefined, NEVER_ABORTS)));
  for (const slot of slots) bulkhead.release(slot, 'failed');
  expect(bulkhead.state).toBe('OPEN');

  await vi.advanceTimersByTimeAsync(29_900);
  expect(() => bulkhead.acquire(undefined, NEVER_ABORTS)).toThrow(/Circuit breaker open/);

  await vi.advanceTimersByTimeAsync(200);
  expect(bulkhead.acquire(undefined, NEVER_ABORTS)).toMatchObject({ round: { started: 1 } });
  expect(bulkhead.state).toBe('HALF_OPEN');
});
