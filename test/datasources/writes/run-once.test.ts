/** `runOnce` without an endpoint: what remains of a key after an unexpected error, and when results are stored. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { runOnce, type IdempotentRun } from '../../../datasources/writes/idempotency/run-once.ts';
import { LEASE_MS, RENEW_EVERY_MS, type KeyStore } from '../../../datasources/writes/idempotency/store.ts';
import { NEVER_ABORTS } from '../../../datasources/upstream/request-lifetime.ts';
import { until } from '../../support/until.ts';

const call = () => ({ signal: NEVER_ABORTS, deadlineAt: performance.now() + 60_000, requestKey: {} });

function newStore(now: () => number): KeyStore {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-once-'));
  const store = createSqliteStore(join(folder, 'store'), now);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

const keyed = (
  run: IdempotentRun<string>['run'],
  parts: Partial<IdempotentRun<string>> = {},
): IdempotentRun<string> => ({
  caller: 'one',
  mutation: 'setStatus',
  key: 'key',
  requests: ['a request'],
  arguments: {},
  run,
  isFinal: () => true,
  orphaned: () => 'unknown',
  ...parts,
});

test('a key stays marked after an unexpected error behind the mark: UNKNOWN, and never sent again', async () => {
  let now = 1_800_000_000_000;
  const store = newStore(() => now);
  const failing = keyed(async (beforeSending) => {
    await beforeSending();
    throw new TypeError('unexpected');
  });
  await expect(runOnce(store, failing, call())).rejects.toThrow('unexpected');
  now += LEASE_MS;
  const again = vi.fn(async () => 'sent again');
  expect(await runOnce(store, keyed(again), call())).toEqual({ result: 'unknown', isReplayed: true });
  expect(again).not.toHaveBeenCalled();
});

test('a key is free again after an unexpected error before the mark', async () => {
  const store = newStore(Date.now);
  const failing = keyed(async () => {
    throw new TypeError('unexpected');
  });
  await expect(runOnce(store, failing, call())).rejects.toThrow('unexpected');
  expect(
    await runOnce(
      store,
      keyed(async () => 'done'),
      call(),
    ),
  ).toEqual({ result: 'done', isReplayed: false });
});

test('a retryable result is stored if another request may have got UNKNOWN for it', async () => {
  let now = 1_800_000_000_000;
  const store = newStore(() => now);
  const late = keyed(
    async (beforeSending) => {
      await beforeSending();
      now += LEASE_MS;
      const other = await runOnce(store, keyed(vi.fn()), call());
      expect(other).toEqual({ result: 'unknown', isReplayed: true });
      return 'rate limited';
    },
    { isFinal: () => false },
  );
  expect(await runOnce(store, late, call())).toEqual({ result: 'rate limited', isReplayed: false });
  const again = vi.fn(async () => 'sent again');
  expect(await runOnce(store, keyed(again), call())).toEqual({ result: 'rate limited', isReplayed: true });
  expect(again).not.toHaveBeenCalled();
});

test('the result of a write that was never sent is not stored, even if its key cannot be released', async () => {
  let now = 1_800_000_000_000;
  const store = { ...newStore(() => now), release: () => Promise.reject(new Error('gone')) };
  const unsent = keyed(async () => 'queue full', { isFinal: () => false });
  expect(await runOnce(store, unsent, call())).toEqual({ result: 'queue full', isReplayed: false });
  now += LEASE_MS;
  expect(
    await runOnce(
      store,
      keyed(async () => 'done'),
      call(),
    ),
  ).toEqual({ result: 'done', isReplayed: false });
});

test('a retryable result is stored if its key cannot be released', async () => {
  const store = { ...newStore(() => 1_800_000_000_000), release: () => Promise.reject(new Error('gone')) };
  const limited = keyed(
    async (beforeSending) => {
      await beforeSending();
      return 'rate limited';
    },
    { isFinal: () => false },
  );
  expect(await runOnce(store, limited, call())).toEqual({ result: 'rate limited', isReplayed: false });
  expect(await runOnce(store, keyed(vi.fn()), call())).toEqual({ result: 'rate limited', isReplayed: true });
});

test('one timer renews all leases of a process, and stops when they have ended', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = newStore(Date.now);
  const renew = vi.spyOn(store, 'renew');
  await store.check();
  const timers = vi.getTimerCount();
  const end = Promise.withResolvers<string>();
  let begun = 0;
  const running = ['a', 'b', 'c'].map((key) =>
    runOnce(
      store,
      keyed(
        async (beforeSending) => {
          await beforeSending();
          begun += 1;
          return end.promise;
        },
        { key },
      ),
      call(),
    ),
  );
  await until(() => expect(begun).toBe(3));
  expect(vi.getTimerCount()).toBe(timers + 1);
  vi.advanceTimersByTime(RENEW_EVERY_MS);
  expect(renew).toHaveBeenCalledOnce();
  expect(renew.mock.calls[0]![0]).toHaveLength(3);
  end.resolve('done');
  await Promise.all(running);
  expect(vi.getTimerCount()).toBe(timers);
});
