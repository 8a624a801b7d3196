/** What the progress of a bulk job says of its rate and its end. */
import { expect, test } from 'vitest';
import type { BulkJob } from '../../cli/bulk-jobs/job.ts';
import { createRate, timeUntil } from '../../cli/bulk-jobs/progress.ts';

const jobOf = (finished: number): BulkJob => ({ total: 1_000, waiting: 1_000 - finished, inFlight: 0 }) as BulkJob;

test('the rate is that of the last 20 seconds, and unknown until a ticket is finished', () => {
  let now = 0;
  const rateOf = createRate(() => now);
  const rates = [0, 0, 100, 200, 250].map((finished, index) => {
    now = index * 10_000;
    return rateOf(jobOf(finished));
  });
  expect(rates).toEqual([undefined, undefined, 5, 10, 7.5]);
});

test.each([
  [-5, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [7_384, '2 h 3 min'],
])('the time until an end in %i seconds is %s', (seconds, text) => {
  expect(timeUntil(new Date(1_000_000 + seconds * 1_000).toISOString(), 1_000_000)).toBe(text);
});
