/** One run under a key, without an endpoint: what is left of it when our own code fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { runOnce, type IdempotentRun } from '../../../datasources/writes/idempotency/run-once.ts';
import { LEASE_MS, RENEW_EVERY_MS, type KeyStore } from '../../../datasources/writes/idempotency/store.ts';
import { NEVER_ABORTS } from '../../../datasources/upstream/request-lifetime.ts';

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
  sending: ['a request'],
  argumentsOf: {},
  run,
  isFinal: () => true,
  orphaned: () => 'unknown',
  ...parts,
});

test('a key stays marked if our own code fails after the mark: it says UNKNOWN, and is not sent again', async () => {
  let now = 1_800_000_000_000;
  const store = newStore(() => now);
  const failing = keyed(async (beforeSending) => {
    await beforeSending();
    throw new TypeError('a defect');
  });
  await expect(runOnce(store, failing, call())).rejects.toThrow('a defect');
  now += LEASE_MS;
  const again = vi.fn(async () => 'sent again');
  expect(await runOnce(store, keyed(again), call())).toEqual({ result: 'unknown', isReplayed: true });
  expect(again).not.toHaveBeenCalled();
});

test('a key is free again if our own code fails before the mark', async () => {
  const store = newStore(Date.now);
  const failing = keyed(async () => {
    throw new TypeError('a defect');
  });
  await expect(runOnce(store, failing, call())).rejects.toThrow('a defect');
  expect(
    await runOnce(
      store,
      keyed(async () => 'done'),
      call(),
    ),
  ).toEqual({ result: 'done', isReplayed: false });
});

test('a result that may be tried again is kept if another may have been given UNKNOWN for it', async () => {
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

test('a result that was never sent is not kept, also if its key cannot be freed', async () => {
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

test('a result that may be tried again is kept if its key cannot be freed', async () => {
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

test('all leases of a process are renewed by one timer, and none is left when they have ended', async () => {
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
  await vi.waitFor(() => expect(begun).toBe(3));
  expect(vi.getTimerCount()).toBe(timers + 1);
  vi.advanceTimersByTime(RENEW_EVERY_MS);
  expect(renew).toHaveBeenCalledOnce();
  expect(renew.mock.calls[0]![0]).toHaveLength(3);
  end.resolve('done');
  await Promise.all(running);
  expect(vi.getTimerCount()).toBe(timers);
});
