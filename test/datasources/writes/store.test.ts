/** Idempotency stores: one suite for all of them, then what is particular to each. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SocketClosedUnexpectedlyError, createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { createRedisStore } from '../../../datasources/writes/idempotency/redis-store.ts';
import {
  CLOCK_STEP_MS,
  KEPT_MS,
  LEASE_MS,
  toFingerprint,
  type KeyStore,
} from '../../../datasources/writes/idempotency/store.ts';
import { monitorStore } from '../../../datasources/writes/idempotency/monitored-store.ts';
import { causeOf, isPathError } from '../../../datasources/writes/idempotency/store-errors.ts';
import { findFreePort } from '../../support/free-port.ts';
import { startRedis, whyNoRedis, type RunningRedis } from '../../support/redis.ts';
import { until } from '../../support/until.ts';

/** Longer than a test, so that the lease does not expire. */
const LONG_MS = 60_000;

/** Shorter than `pause`, so that the lease expires. */
const SHORT_MS = 20;
const pause = (): Promise<void> => sleep(3 * SHORT_MS);

let redis: RunningRedis | undefined;

beforeAll(async () => {
  if (whyNoRedis === undefined) redis = await startRedis();
});

afterAll(async () => {
  await redis?.close();
});

/** Closes the store after the test. */
function closedAfterTest(store: KeyStore): KeyStore {
  onTestFinished(() => store.close());
  return store;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Two stores with the same keys, as in two replicas. */
const PAIRS = {
  SQLite: (): KeyStore[] => {
    const path = join(newFolder(), 'store');
    return [createSqliteStore(path), createSqliteStore(path)].map(closedAfterTest);
  },
  Redis: (): KeyStore[] => {
    const prefix = `${crypto.randomUUID()}:`;
    return [createRedisStore(redis!.url, prefix), createRedisStore(redis!.url, prefix)].map(closedAfterTest);
  },
};

describe.each(Object.entries(PAIRS))('%s store', (name, open) => {
  const it = test.extend('stores', ({ skip }) => {
    if (name === 'Redis' && whyNoRedis !== undefined) skip(whyNoRedis);
    const [one, other] = open();
    return { one: one!, other: other! };
  });

  it('gives a free key to the first owner, and in_progress to all others', async ({ stores }) => {
    const { one, other } = stores;
    expect(await one.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await one.lease('another key', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('gives a key to exactly one of a hundred concurrent owners', async ({ stores }) => {
    const { one, other } = stores;
    const leases = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? one : other).lease('key', 'f', `owner ${index}`, LONG_MS)),
    );
    const kinds = leases.map(({ kind }) => kind).toSorted();
    expect(kinds).toEqual(['acquired', ...Array<string>(99).fill('in_progress')]);
  });

  it('marks a lease as sent once, and only for its owner', async ({ stores }) => {
    const { one, other } = stores;
    expect(await one.markSent('key', 'stranger', LONG_MS)).toBe(false);
    await one.lease('key', 'f', 'first', LONG_MS);
    expect(await other.markSent('key', 'second', LONG_MS)).toBe(false);
    expect(await other.markSent('key', 'first', LONG_MS)).toBe(true);
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(false);
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
  });

  it('returns the stored result unchanged to every owner', async ({ stores }) => {
    const { one, other } = stores;
    const result = JSON.stringify({ text: `"quoted" 'č' \u0000 \u2028 🚗`, long: 'x'.repeat(200_000) });
    await one.lease('key', 'f', 'first', LONG_MS);
    await one.markSent('key', 'first', SHORT_MS);
    await one.finish('key', 'first', result);
    await pause();
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result });
    expect(await other.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'done', result });
  });

  it('detects other arguments in every state of the key', async ({ stores }) => {
    const { one, other } = stores;
    const ask = () => other.lease('key', 'other', 'second', LONG_MS);
    await one.lease('key', 'f', 'first', LONG_MS);
    expect(await ask()).toEqual({ kind: 'arguments_mismatch' });
    await one.markSent('key', 'first', LONG_MS);
    expect(await ask()).toEqual({ kind: 'arguments_mismatch' });
    await one.finish('key', 'first', 'result');
    expect(await ask()).toEqual({ kind: 'arguments_mismatch' });
    expect(await one.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'done', result: 'result' });
  });

  it('frees a released key for any arguments, whether it was sent or not', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', LONG_MS);
    await one.release('key', 'first');
    expect(await other.lease('key', 'other', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
    await other.markSent('key', 'second', LONG_MS);
    await other.release('key', 'second');
    expect(await one.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('changes nothing for another owner', async ({ stores }) => {
    const { one, other } = stores;
    await one.finish('key', 'stranger', 'made up');
    expect(await one.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
    await other.finish('key', 'second', 'made up');
    await other.release('key', 'second');
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    await one.markSent('key', 'first', LONG_MS);
    await one.finish('key', 'first', 'true');
    await other.finish('key', 'second', 'made up');
    await other.release('key', 'second');
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'true' });
  });

  it('lets an expired unsent lease be taken over, after which its first owner cannot send', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', SHORT_MS);
    await pause();
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(false);
    await one.finish('key', 'first', 'late');
    await one.release('key', 'first');
    expect(await one.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.markSent('key', 'second', LONG_MS)).toBe(true);
  });

  it('does not mark an expired lease as sent, even if it was not taken over', async ({ stores }) => {
    const { one } = stores;
    await one.lease('key', 'f', 'first', SHORT_MS);
    await pause();
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(false);
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('never gives away a sent lease that expired: it is orphaned until its owner stores a result', async ({
    stores,
  }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', LONG_MS);
    await one.markSent('key', 'first', SHORT_MS);
    await pause();
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
    expect(await one.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'orphaned' });
    expect(await other.lease('key', 'other', 'second', LONG_MS)).toEqual({ kind: 'arguments_mismatch' });
    await one.finish('key', 'first', 'after all');
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'after all' });
  });

  it('keeps a lease that its owner renews, whether it was sent or not', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('leased', 'f', 'first', 10 * SHORT_MS);
    await one.lease('sent', 'f', 'second', 10 * SHORT_MS);
    await one.markSent('sent', 'second', 10 * SHORT_MS);
    await one.renew(
      [
        { key: 'leased', owner: 'first' },
        { key: 'sent', owner: 'second' },
        { key: 'missing', owner: 'third' },
      ],
      LONG_MS,
    );
    await sleep(12 * SHORT_MS);
    expect(await other.lease('leased', 'f', 'third', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.lease('sent', 'f', 'third', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.lease('missing', 'f', 'third', LONG_MS)).toEqual({ kind: 'acquired' });
    expect(await one.markSent('leased', 'first', LONG_MS)).toBe(true);
  });

  it('renews neither the lease of another owner, nor an expired unsent one, nor one reported as orphaned', async ({
    stores,
  }) => {
    const { one, other } = stores;
    for (const key of ['leased', 'sent', 'reported']) await one.lease(key, 'f', 'first', 10 * SHORT_MS);
    await one.markSent('sent', 'first', SHORT_MS);
    await one.markSent('reported', 'first', SHORT_MS);
    await other.renew([{ key: 'leased', owner: 'second' }], LONG_MS);
    await sleep(12 * SHORT_MS);
    expect(await other.lease('reported', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
    await one.renew(
      ['leased', 'sent', 'reported'].map((key) => ({ key, owner: 'first' })),
      LONG_MS,
    );
    expect(await other.lease('leased', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
    // Not reported as orphaned yet: its owner was late and still renews it.
    expect(await other.lease('sent', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.lease('reported', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
    await one.finish('reported', 'first', 'after all');
    expect(await other.lease('reported', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'after all' });
  });

  it('does not release a sent lease that expired, because others may have got UNKNOWN for it', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', LONG_MS);
    await one.markSent('key', 'first', SHORT_MS);
    await pause();
    expect(await one.release('key', 'first')).toBe(false);
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
    await one.lease('another', 'f', 'first', LONG_MS);
    expect(await one.release('another', 'second')).toBe(false);
    expect(await one.release('another', 'first')).toBe(true);
  });

  it('treats a lease that ends later than a lease can as expired', async ({ stores }) => {
    const { one, other } = stores;
    const HOUR_MS = 3_600_000;
    await one.lease('leased', 'f', 'first', HOUR_MS);
    await one.lease('sent', 'f', 'first', HOUR_MS);
    await one.markSent('sent', 'first', HOUR_MS);
    await one.lease('stepped', 'f', 'first', LEASE_MS + CLOCK_STEP_MS / 2);
    expect(await other.lease('leased', 'f', 'second', LEASE_MS)).toEqual({ kind: 'acquired' });
    expect(await other.lease('sent', 'f', 'second', LEASE_MS)).toEqual({ kind: 'orphaned' });
    expect(await other.lease('stepped', 'f', 'second', LEASE_MS)).toEqual({ kind: 'in_progress' });
    expect(await one.markSent('leased', 'first', LEASE_MS)).toBe(false);
  });

  it('compares writes by requests, by arguments, or by the fingerprint of an earlier release', async ({ stores }) => {
    const { one, other } = stores;
    const ask = async (fingerprint: string, earlier?: string) =>
      (await other.lease('key', fingerprint, 'second', LONG_MS, earlier)).kind;
    await one.lease('key', toFingerprint('sent', 'given'), 'first', LONG_MS);
    expect(await ask(toFingerprint('sent', 'others'))).toBe('in_progress');
    expect(await ask(toFingerprint('others', 'given'))).toBe('in_progress');
    expect(await ask(toFingerprint('given', 'sent'))).toBe('arguments_mismatch');
    expect(await ask(toFingerprint('others', 'others'), 'given')).toBe('arguments_mismatch');
    expect(await ask('given')).toBe('arguments_mismatch');
    await one.release('key', 'first');
    await one.lease('key', 'hash-of-arguments', 'first', LONG_MS);
    expect(await ask(toFingerprint('sent', 'given'), 'hash-of-arguments')).toBe('in_progress');
    expect(await ask(toFingerprint('sent', 'hash-of-arguments'), 'another')).toBe('arguments_mismatch');
  });

  it('leaves no record behind after a check', async ({ stores }) => {
    const { one, other } = stores;
    await Promise.all([one.check(), other.check(), one.check()]);
    expect(await one.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('renews the lease when it is marked as sent', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', 100 * SHORT_MS);
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(true);
    await sleep(103 * SHORT_MS);
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
  });
});

describe('SQLite store', () => {
  test('keeps a key for 24 hours', async () => {
    let now = 1_800_000_000_000;
    const store = closedAfterTest(createSqliteStore(join(newFolder(), 'store'), () => now));
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.markSent('key', 'first', LONG_MS);
    now += 1_000;
    await store.finish('key', 'first', 'result');
    now += KEPT_MS - 1_001;
    expect(await store.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'result' });
    now += 1;
    expect(await store.lease('key', 'other', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
    expect(KEPT_MS).toBe(24 * 60 * 60 * 1000);
  });

  test('keeps its keys across a restart', async () => {
    const path = join(newFolder(), 'deep', 'down', 'store');
    const before = createSqliteStore(path);
    await before.lease('done', 'f', 'first', LONG_MS);
    await before.finish('done', 'first', 'result');
    await before.lease('sent', 'f', 'first', LONG_MS);
    await before.markSent('sent', 'first', SHORT_MS);
    await before.close();
    await pause();
    const after = closedAfterTest(createSqliteStore(path));
    expect(await after.lease('done', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'result' });
    expect(await after.lease('sent', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
  });

  test('opens its file once for concurrent first uses', async () => {
    const path = join(newFolder(), 'store');
    const store = createSqliteStore(path);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.lease(`key ${index}`, 'f', 'first', LONG_MS)));
    expect(existsSync(`${path}-wal`)).toBe(true);
    await store.close();
    // SQLite removes it when the last connection closes.
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('gives a key to one of several processes that create the file at the same moment', async () => {
    const path = join(newFolder(), 'store');
    const at = Date.now() + 700;
    const replies = await Promise.all([1, 2, 3, 4].map((owner) => leaseElsewhere(path, String(owner), at)));
    expect(replies.flat().toSorted()).toEqual(['acquired', ...Array<string>(39).fill('in_progress')]);
  });

  test('deletes expired keys at the next opportunity if the file is locked at the first', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    let now = 1_800_000_000_000;
    const path = join(newFolder(), 'store');
    const store = closedAfterTest(createSqliteStore(path, () => now));
    await store.lease('key', 'f', 'first', LONG_MS);
    const another = new DatabaseSync(path);
    onTestFinished(() => another.close());
    const count = (): unknown => another.prepare('SELECT count(*) AS keys FROM keys').get();
    now += KEPT_MS;
    another.exec('BEGIN IMMEDIATE');
    vi.advanceTimersByTime(10 * 60_000);
    another.exec('COMMIT');
    expect(count()).toEqual({ keys: 1 });
    vi.advanceTimersByTime(10 * 60_000);
    expect(count()).toEqual({ keys: 0 });
  });

  test('fails while its file cannot be created, and works as soon as it can', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'in-the-way'), '');
    const store = closedAfterTest(createSqliteStore(join(folder, 'in-the-way', 'store')));
    await expect(store.lease('key', 'f', 'first', LONG_MS)).rejects.toThrow();
    await expect(store.markSent('key', 'first', LONG_MS)).rejects.toThrow();
    rmSync(join(folder, 'in-the-way'));
    expect(await store.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  test.each([
    '/proc/self/store',
    '/proc/nowhere/below/store',
    '/proc/self/mounts',
    '/dev/null',
    '/dev/null/store',
    '/sys/store',
    '/',
  ])('fails without blocking at a path that cannot be a file: %s', async (path) => {
    const store = closedAfterTest(createSqliteStore(path));
    const error = await store.check().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isPathError(error)).toBe(true);
  });

  test('fails without blocking if its path is a pipe', async () => {
    const path = join(newFolder(), 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    const error = await closedAfterTest(createSqliteStore(path))
      .check()
      .catch((thrown: unknown) => thrown);
    expect(causeOf(error)).toBe('EINVAL');
  });

  test('treats a name that is special to SQLite as a file name', async () => {
    const folder = newFolder();
    const before = process.cwd();
    process.chdir(folder);
    onTestFinished(() => process.chdir(before));
    await closedAfterTest(createSqliteStore(':memory:')).check();
    expect(existsSync(join(folder, ':memory:'))).toBe(true);
  });

  test('works again after its corrupted file was removed', async () => {
    const path = join(newFolder(), 'store');
    const store = closedAfterTest(createSqliteStore(path));
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.close();
    writeFileSync(path, 'x'.repeat(8_192));
    await expect(store.check()).rejects.toThrow();
    rmSync(path);
    await store.check();
    expect(await store.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  test('fails if its path is a folder or another kind of file', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'a-text'), 'This is a text, not a database.\n'.repeat(90));
    for (const name of ['a-folder', 'a-text']) {
      const store = closedAfterTest(createSqliteStore(join(folder, name)));
      await expect(store.lease('key', 'f', 'first', LONG_MS)).rejects.toThrow();
    }
  });
});

/** Leases one key ten times in another process at the given moment. Returns the kinds. */
async function leaseElsewhere(path: string, owner: string, at: number): Promise<string[]> {
  const module = fileURLToPath(new URL('../../../datasources/writes/idempotency/sqlite-store.ts', import.meta.url));
  const program = `
    import { createSqliteStore } from ${JSON.stringify(module)};
    const store = createSqliteStore(${JSON.stringify(path)});
    while (Date.now() < ${at});
    const leases = Array.from({ length: 10 }, (_, index) => store.lease('key', 'f', '${owner}.' + index, 60000));
    console.log(JSON.stringify((await Promise.all(leases)).map(({ kind }) => kind)));
    await store.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as string[];
}

describe('Redis store', () => {
  const it = test.extend('port', async ({ skip }) => {
    if (whyNoRedis !== undefined) skip(whyNoRedis);
    return findFreePort();
  });

  /** Starts a Redis that ends with the test. */
  const start = async (port: number): Promise<RunningRedis> => {
    const running = await startRedis(port);
    onTestFinished(() => running.close());
    return running;
  };

  it('keeps a key no longer than 24 hours from its lease', async ({ port }) => {
    const { url } = await start(port);
    const store = closedAfterTest(createRedisStore(url, 'prefix:'));
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.markSent('key', 'first', LONG_MS);
    await store.finish('key', 'first', 'result');
    const client = await createClient({ url }).connect();
    onTestFinished(() => client.destroy());
    const leftMs = await client.pTTL('prefix:key');
    expect(leftMs).toBeGreaterThan(KEPT_MS - 60_000);
    expect(leftMs).toBeLessThanOrEqual(KEPT_MS);
  });

  it('fails while Redis is unreachable, and works as soon as it is reachable', async ({ port }) => {
    const store = closedAfterTest(createRedisStore(`redis://127.0.0.1:${port}`));
    await expect(store.lease('key', 'f', 'first', LONG_MS)).rejects.toThrow();
    await start(port);
    await expect
      .poll(() => store.lease('key', 'f', 'first', LONG_MS).catch(String))
      .toEqual({
        kind: 'acquired',
      });
  });

  it('fails within its timeout while Redis hangs', async ({ port }) => {
    const running = await start(port);
    const store = closedAfterTest(createRedisStore(running.url));
    await store.lease('key', 'f', 'first', LONG_MS);
    running.freeze();
    const answers = await Promise.allSettled([
      store.lease('other', 'f', 'first', LONG_MS),
      store.markSent('key', 'first', LONG_MS),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    running.thaw();
    await expect
      .poll(() => store.lease('key', 'f', 'second', LONG_MS).catch(String))
      .toEqual({
        kind: 'in_progress',
      });
  });

  it('reconnects after Redis was restarted', async ({ port }) => {
    const first = await start(port);
    const store = closedAfterTest(createRedisStore(first.url));
    await store.lease('key', 'f', 'first', LONG_MS);
    await first.close();
    await expect(store.lease('key', 'f', 'second', LONG_MS)).rejects.toThrow();
    await start(port);
    await expect
      .poll(() => store.lease('key', 'f', 'third', LONG_MS).catch(String))
      .toEqual({
        kind: 'acquired',
      });
  });
});

describe('monitored store', () => {
  const broken = (error: Error): KeyStore => {
    const store = createSqliteStore(join(newFolder(), 'store'));
    return { ...store, check: () => Promise.reject(error) };
  };

  test('reports the cause of a failure, and is reachable again after the next success', async () => {
    const causes: string[] = [];
    const error = Object.assign(new Error('connect ECONNREFUSED redis://:password@host'), { code: 'ECONNREFUSED' });
    const store = monitorStore(broken(error), (cause) => causes.push(cause));
    onTestFinished(() => store.close());
    expect(store.health).toEqual({ isReachable: undefined, cause: null });
    await expect(store.check()).rejects.toBe(error);
    expect(store.health).toEqual({ isReachable: false, cause: 'ECONNREFUSED' });
    expect(causes).toEqual(['ECONNREFUSED']);
    await store.lease('key', 'f', 'first', LONG_MS);
    expect(store.health).toEqual({ isReachable: true, cause: null });
  });

  test('is checked again without a write while it is unreachable', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const tried = vi.fn(() => Promise.resolve());
    tried.mockRejectedValueOnce(new Error('gone'));
    const store = monitorStore({ ...createSqliteStore(join(newFolder(), 'store')), check: tried }, () => undefined);
    await expect(store.check()).rejects.toThrow('gone');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tried).toHaveBeenCalledTimes(2);
    expect(store.health).toEqual({ isReachable: true, cause: null });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tried).toHaveBeenCalledTimes(2);
    await store.close();
  });

  test('reports each risk that the store names once, and new ones after an outage', async () => {
    const inner = createSqliteStore(join(newFolder(), 'store'));
    let risks = ['appendonly no'];
    const lease = vi.fn(inner.lease);
    const reported: string[] = [];
    const store = monitorStore(
      { ...inner, lease, findRisks: async () => risks },
      () => undefined,
      (risk) => reported.push(risk),
    );
    onTestFinished(() => store.close());
    await store.check();
    await store.check();
    expect(reported).toEqual(['appendonly no']);
    risks = ['appendonly no', 'maxmemory-policy allkeys-lru'];
    lease.mockRejectedValueOnce(new Error('gone'));
    await expect(store.lease('key', 'f', 'first', LONG_MS)).rejects.toThrow('gone');
    await store.lease('key', 'f', 'first', LONG_MS);
    expect(reported).toEqual(['appendonly no', 'maxmemory-policy allkeys-lru']);
  });

  test('stores a result later that could not be stored immediately', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const inner = createSqliteStore(join(newFolder(), 'store'));
    const finish = vi.fn(inner.finish);
    finish.mockRejectedValueOnce(new Error('gone')).mockRejectedValueOnce(new Error('still gone'));
    const store = monitorStore({ ...inner, finish }, () => undefined);
    onTestFinished(() => store.close());
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.markSent('key', 'first', LONG_MS);
    await expect(store.finish('key', 'first', 'the result')).rejects.toThrow('gone');
    expect(await store.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    await until(() => expect(finish).toHaveBeenCalledTimes(2));
    await vi.advanceTimersByTimeAsync(10_000);
    await until(async () =>
      expect(await store.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'the result' }),
    );
    expect(finish).toHaveBeenCalledTimes(3);
  });

  test('stores nothing after it was closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const finish = vi.fn(() => Promise.reject(new Error('gone')));
    const store = monitorStore({ ...createSqliteStore(join(newFolder(), 'store')), finish }, () => undefined);
    await expect(store.finish('key', 'first', 'the result')).rejects.toThrow('gone');
    await store.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(finish).toHaveBeenCalledTimes(1);
  });

  test.each([
    [
      Object.assign(new Error('database disk image is malformed'), { code: 'ERR_SQLITE_ERROR', errcode: 11 }),
      'SQLITE_CORRUPT',
    ],
    [Object.assign(new Error('disk full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }), 'SQLITE_FULL'],
    [Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 | (3 << 8) }), 'SQLITE_IOERR'],
    [Object.assign(new Error('no space'), { code: 'ENOSPC' }), 'ENOSPC'],
    [new Error('OOM command not allowed when used memory > maxmemory'), 'OOM'],
    [new Error('the key s3cret was refused'), 'Error'],
    [new SocketClosedUnexpectedlyError(), 'SocketClosedUnexpectedlyError'],
    ['s3cret', 'UNKNOWN'],
  ])('reports %s as %s', (error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });
});
