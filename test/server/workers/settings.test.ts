/** `WORKERS`, and what each worker gets of the settings. */
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../datasources/contract.ts';
import { defaultSource } from '../../../datasources/upstream/connection-settings.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import { readWorkers } from '../../../server/config/workers.ts';
import { readPlace, shareCalls, shareRate, toEnvironment } from '../../../server/workers/place.ts';

const OMNIDESK = { OMNIDESK_URL: 'https://desk.example.com', OMNIDESK_API_KEY: 'secret' };

const SOURCES = vendors.map(defaultSource);

const workersOf = (environment: Environment): number => readEnvironment(environment, vendors).server.workers;

describe('WORKERS', () => {
  test.each([
    [undefined, 1],
    ['', 1],
    ['1', 1],
    ['2', 2],
    ['128', 128],
  ])('%o means %i', (value, count) => {
    expect(workersOf({ WORKERS: value })).toBe(count);
  });

  test.each(['0', '-1', '129', '1.5', '2 ', 'all', 'AUTO'])('%o is invalid', (value) => {
    expect(() => workersOf({ WORKERS: value })).toThrow(
      'WORKERS is missing or invalid: expected a whole number from 1 to 128, or auto (default 1).',
    );
  });

  test('auto is one worker for each core', () => {
    expect(workersOf({ WORKERS: 'auto' })).toBe(Math.min(128, availableParallelism()));
    expect(readWorkers({ WORKERS: 'auto' }, SOURCES, {}, 500)).toEqual({ count: 128 });
  });

  test('auto is at most the least concurrency of a vendor', () => {
    const environment = { ...OMNIDESK, OMNIDESK_CONCURRENCY: '3' };
    expect(readWorkers({ WORKERS: 'auto' }, SOURCES, environment, 8)).toEqual({ count: 3 });
    expect(readWorkers({ WORKERS: 'auto' }, SOURCES, environment, 2)).toEqual({ count: 2 });
    // A vendor that is off has no limit.
    expect(readWorkers({ WORKERS: 'auto' }, SOURCES, { OMNIDESK_CONCURRENCY: '3' }, 8)).toEqual({ count: 8 });
  });

  test('more workers than concurrent calls of a vendor are an error that names both settings', () => {
    const environment = { ...OMNIDESK, OMNIDESK_CONCURRENCY: '3' };
    expect(workersOf({ ...environment, WORKERS: '3' })).toBe(3);
    expect(() => workersOf({ ...environment, WORKERS: '4' })).toThrow(
      'WORKERS is more than OMNIDESK_CONCURRENCY, but each worker needs a call of its own. Set it to at most ' +
        'OMNIDESK_CONCURRENCY, or to auto.',
    );
  });
});

describe('the place of a worker', () => {
  test('passes through the environment', () => {
    const place = { index: 1, count: 3, isSandbox: true };
    expect(readPlace(toEnvironment(place))).toEqual(place);
    expect(readPlace({})).toBeUndefined();
  });

  test.each([
    [32, 2, [16, 16]],
    [32, 3, [11, 11, 10]],
    [3, 2, [2, 1]],
    [4, 4, [1, 1, 1, 1]],
  ])('a concurrency of %i is shared by %i workers as %j', (limit, count, shares) => {
    const { configured } = readEnvironment({ ...OMNIDESK, OMNIDESK_CONCURRENCY: String(limit) }, vendors);
    const share = (index: number) => shareCalls(configured, { index, count, isSandbox: false }, false)[0]!;
    expect(shares.map((_, index) => share(index).settings.CONCURRENCY)).toEqual(shares);
    const LIVE_CALLS_PER_MINUTE = Math.ceil(60 / count);
    const settings = { ...configured[0]!.settings, CONCURRENCY: shares[0], LIVE_CALLS_PER_MINUTE };
    expect(share(0)).toEqual({ ...configured[0], settings });
  });

  test.each([
    ['0', 2, [0, 0]],
    ['8', 2, [4, 4]],
    ['5', 2, [3, 2]],
    // Each worker serves every caller.
    ['1', 3, [1, 1, 1]],
  ])('a limit of %s for each caller is shared by %i workers as %j', (limit, count, shares) => {
    const { configured } = readEnvironment({ ...OMNIDESK, OMNIDESK_CONCURRENCY_PER_CALLER: limit }, vendors);
    const share = (index: number) => shareCalls(configured, { index, count, isSandbox: false }, false)[0]!;
    expect(shares.map((_, index) => share(index).settings.CONCURRENCY_PER_CALLER)).toEqual(shares);
  });

  test.each([
    ['60', 4, [15, 15, 15, 15]],
    ['1', 2, [1, 1]],
    ['0', 2, [0, 0]],
  ])('a limit of %s calls of polls is shared by %i workers as %j, unless one polls for all', (limit, count, shares) => {
    const { configured } = readEnvironment({ ...OMNIDESK, OMNIDESK_LIVE_CALLS_PER_MINUTE: limit }, vendors);
    const share = (index: number, isOne: boolean) => {
      const [source] = shareCalls(configured, { index, count, isSandbox: false }, isOne);
      return source!.settings.LIVE_CALLS_PER_MINUTE;
    };
    expect(shares.map((_, index) => share(index, false))).toEqual(shares);
    expect(share(0, true)).toBe(Number(limit));
  });

  test.each([
    [{ perSecond: 100, burst: 200 }, 2, [100, 100]],
    [{ perSecond: 1, burst: 5 }, 2, [3, 2]],
    [{ perSecond: 1, burst: 1 }, 3, [1, 1, 1]],
  ])('a rate of %j is shared by %i workers, with bursts of %j', (rate, count, bursts) => {
    const shares = bursts.map((_, index) => shareRate(rate, { index, count, isSandbox: false }));
    expect(shares.map(({ burst }) => burst)).toEqual(bursts);
    expect(new Set(shares.map(({ perSecond }) => perSecond))).toEqual(new Set([rate.perSecond / count]));
  });
});
