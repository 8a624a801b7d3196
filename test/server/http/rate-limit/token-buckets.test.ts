/** The buckets themselves, with a clock of the test. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toNetwork } from '../../../../server/http/rate-limit/client-address.ts';
import { TokenBuckets } from '../../../../server/http/rate-limit/token-buckets.ts';

function start(rate: { perSecond: number; burst: number }) {
  const clock = { ms: 1_000_000.25 };
  return { clock, buckets: new TokenBuckets(rate, () => clock.ms) };
}

/** How many of `count` requests are admitted. */
function admitted(buckets: TokenBuckets, key: string, count: number): number {
  return Array.from({ length: count }, () => buckets.take(key)).filter((waitMs) => waitMs === 0).length;
}

test.each([
  { perSecond: 1, burst: 1 },
  { perSecond: 3, burst: 7 },
  { perSecond: 100, burst: 200 },
  { perSecond: 2.5, burst: 5 },
  { perSecond: 10_000, burst: 100_000 },
])('$burst requests are admitted at once, then $perSecond each second', ({ perSecond, burst }) => {
  const { clock, buckets } = start({ perSecond, burst });
  expect(admitted(buckets, 'a', burst + 10)).toBe(burst);
  clock.ms += 2_000;
  expect(admitted(buckets, 'a', 2 * perSecond + burst)).toBe(Math.min(burst, 2 * perSecond));
  clock.ms += 3_600_000;
  expect(admitted(buckets, 'a', burst + 10)).toBe(burst);
});

test('one caller uses up nothing of another', () => {
  const { buckets } = start({ perSecond: 1, burst: 5 });
  expect(admitted(buckets, 'greedy', 500)).toBe(5);
  expect(admitted(buckets, 'calm', 500)).toBe(5);
});

test('rejected requests use nothing up', () => {
  const { clock, buckets } = start({ perSecond: 1, burst: 1 });
  expect(admitted(buckets, 'a', 1_000)).toBe(1);
  clock.ms += 1_000;
  expect(buckets.take('a')).toBe(0);
});

const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 500 }), burst: fc.integer({ min: 1, max: 50 }) });

test('a request that is sent after the given time is admitted, and one before it is not', () => {
  fc.assert(
    fc.property(rates, fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 100 }), (rate, pauses) => {
      const { clock, buckets } = start(rate);
      for (const pause of pauses) {
        clock.ms += pause;
        const waitMs = buckets.take('a');
        if (waitMs === 0) continue;
        // In whole milliseconds.
        clock.ms += waitMs - 1.01;
        if (waitMs > 1) expect(buckets.take('a')).toBeGreaterThan(0);
        clock.ms += 1.01;
        expect(buckets.take('a')).toBe(0);
      }
    }),
  );
});

test('in any time, at most the burst and the rate times its length is admitted', () => {
  fc.assert(
    fc.property(rates, fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 100 }), (rate, pauses) => {
      const { clock, buckets } = start(rate);
      const times: number[] = [];
      for (const pause of pauses) {
        clock.ms += pause;
        for (let n = 0; n < 3; n += 1) if (buckets.take('a') === 0) times.push(clock.ms);
      }
      for (const [index, from] of times.entries()) {
        for (const [more, to] of times.slice(index).entries()) {
          expect(more + 1).toBeLessThanOrEqual(rate.burst + (rate.perSecond * (to - from)) / 1_000 + 0.001);
        }
      }
    }),
  );
});

describe('memory', () => {
  test('buckets that have not been used for two generations are gone', () => {
    const { clock, buckets } = start({ perSecond: 1, burst: 20 });
    for (let n = 0; n < 1_000; n += 1) buckets.take(`early ${n}`);
    expect(buckets.size).toBe(1_000);
    for (let generation = 0; generation < 2; generation += 1) {
      clock.ms += 20_001;
      buckets.take('late');
    }
    expect(buckets.size).toBeLessThanOrEqual(2);
  });

  test('no bucket is dropped before it is full', () => {
    const { clock, buckets } = start({ perSecond: 1, burst: 20 });
    clock.ms += 1;
    for (let ms = 0; ms < 60_000; ms += 10) {
      clock.ms += 10;
      buckets.take(`other ${ms}`);
      if (ms === 19_000) expect(admitted(buckets, 'greedy', 30)).toBe(20);
      if (ms === 38_000) expect(admitted(buckets, 'greedy', 30)).toBe(19);
    }
  });

  test('a bucket that is not full survives the others', () => {
    const { buckets } = start({ perSecond: 1, burst: 3 });
    expect(admitted(buckets, 'greedy', 10)).toBe(3);
    for (let n = 0; n < 10_000; n += 1) buckets.take(`other ${n}`);
    expect(admitted(buckets, 'greedy', 10)).toBe(0);
  });

  test('their number is bounded', () => {
    const { buckets } = start({ perSecond: 1, burst: 3 });
    for (let n = 0; n < 450_000; n += 1) buckets.take(`address ${n}`);
    expect(buckets.size).toBeLessThanOrEqual(200_000);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
  ['', ''],
  ['x'.repeat(1_000), 'x'.repeat(64)],
])('requests from %s are counted as %s', (address, network) => {
  expect(toNetwork(address)).toBe(network);
});
