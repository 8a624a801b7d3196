/** The breaker in time: how long it refuses, and what comes after. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { createBulkhead } from '../../../datasources/upstream/bulkhead.ts';

test('an open breaker refuses for 30 seconds, and lets a probe through then', async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  onTestFinished(() => void vi.useRealTimers());
  const gate = createBulkhead({ concurrency: 100, queueLimit: 100 });
  const visit = () => {
    const visitor = { onAcquired: vi.fn<() => void>(), onRejected: vi.fn<() => void>() };
    gate.acquire(visitor);
    return visitor;
  };
  const failing = Array.from({ length: 20 }, visit);
  await vi.advanceTimersByTimeAsync(0);
  for (const visitor of failing) gate.release(visitor, 'failed');
  await vi.advanceTimersByTimeAsync(0);
  expect(gate.state).toBe('OPEN');

  await vi.advanceTimersByTimeAsync(29_900);
  const early = visit();
  await vi.advanceTimersByTimeAsync(0);
  expect(early.onAcquired).not.toHaveBeenCalled();
  expect(early.onRejected).toHaveBeenCalledOnce();

  await vi.advanceTimersByTimeAsync(200);
  const probe = visit();
  await vi.advanceTimersByTimeAsync(0);
  expect(probe.onRejected).not.toHaveBeenCalled();
  expect(probe.onAcquired).toHaveBeenCalledOnce();
});
