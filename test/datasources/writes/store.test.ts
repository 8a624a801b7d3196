/** What a store of idempotency keys promises, whoever keeps them: one suite for both. */
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
import { findFreePort, startRedis, whyNoRedis, type RunningRedis } from '../../support/redis.ts';

/** Long enough for a lease never to run out within a test. */
const LONG_MS = 60_000;

/** A lease so short that it has run out after the pause. */
const SHORT_MS = 20;
const pause = (): Promise<void> => sleep(3 * SHORT_MS);

let redis: RunningRedis | undefined;

beforeAll(async () => {
  if (whyNoRedis === undefined) redis = await startRedis();
});

afterAll(async () => {
  await redis?.close();
});

/** Closed with the test that opened it. */
function opened(store: KeyStore): KeyStore {
  onTestFinished(() => store.close());
  return store;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Two objects over the same keys, as two replicas have them. */
const PAIRS = {
  'the embedded store': (): KeyStore[] => {
    const path = join(newFolder(), 'store');
    return [createSqliteStore(path), createSqliteStore(path)].map(opened);
  },
  Redis: (): KeyStore[] => {
    const prefix = `${crypto.randomUUID()}:`;
    return [createRedisStore(redis!.url, prefix), createRedisStore(redis!.url, prefix)].map(opened);
  },
};

describe.each(Object.entries(PAIRS))('%s', (name, open) => {
  const it = test.extend('stores', ({ skip }) => {
    if (name === 'Redis' && whyNoRedis !== undefined) skip(whyNoRedis);
    const [one, other] = open();
    return { one: one!, other: other! };
  });

  it('gives a free key to the first that asks, and tells all others that it runs', async ({ stores }) => {
    const { one, other } = stores;
    expect(await one.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await one.lease('another key', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('gives a key to exactly one of a hundred that ask at once', async ({ stores }) => {
    const { one, other } = stores;
    const leases = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? one : other).lease('key', 'f', `owner ${index}`, LONG_MS)),
    );
    const kinds = leases.map(({ kind }) => kind).toSorted();
    expect(kinds).toEqual(['acquired', ...Array<string>(99).fill('in_progress')]);
  });

  it('goes from leased to sent once, and only for its owner', async ({ stores }) => {
    const { one, other } = stores;
    expect(await one.markSent('key', 'nobody', LONG_MS)).toBe(false);
    await one.lease('key', 'f', 'first', LONG_MS);
    expect(await other.markSent('key', 'second', LONG_MS)).toBe(false);
    expect(await other.markSent('key', 'first', LONG_MS)).toBe(true);
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(false);
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
  });

  it('keeps what the owner finished with, to the letter, and gives it to everybody', async ({ stores }) => {
    const { one, other } = stores;
    const result = JSON.stringify({ text: `"quoted" 'č' \u0000 \u2028 🚗`, long: 'x'.repeat(200_000) });
    await one.lease('key', 'f', 'first', LONG_MS);
    await one.markSent('key', 'first', SHORT_MS);
    await one.finish('key', 'first', result);
    await pause();
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result });
    expect(await other.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'done', result });
  });

  it('refuses other arguments whatever the state of the key', async ({ stores }) => {
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

  it('frees a key that is released, sent or not, also for other arguments', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', LONG_MS);
    await one.release('key', 'first');
    expect(await other.lease('key', 'other', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
    await other.markSent('key', 'second', LONG_MS);
    await other.release('key', 'second');
    expect(await one.lease('key', 'f', 'third', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('changes nothing for one that is not the owner', async ({ stores }) => {
    const { one, other } = stores;
    await one.finish('key', 'nobody', 'made up');
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

  it('lets a lease that ran out unsent be taken over, and the first owner can send no more', async ({ stores }) => {
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

  it('does not mark as sent what ran out, even if nobody has taken it over', async ({ stores }) => {
    const { one } = stores;
    await one.lease('key', 'f', 'first', SHORT_MS);
    await pause();
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(false);
    expect(await one.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('never gives away what was sent: it is abandoned for all, until its owner says what became of it', async ({
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

  it('keeps a lease, sent or not, as long as its owner renews it', async ({ stores }) => {
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

  it('renews nothing for another, nor what ran out unsent, nor what somebody was told is abandoned', async ({
    stores,
  }) => {
    const { one, other } = stores;
    for (const key of ['leased', 'sent', 'told']) await one.lease(key, 'f', 'first', 10 * SHORT_MS);
    await one.markSent('sent', 'first', SHORT_MS);
    await one.markSent('told', 'first', SHORT_MS);
    await other.renew([{ key: 'leased', owner: 'second' }], LONG_MS);
    await sleep(12 * SHORT_MS);
    expect(await other.lease('told', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
    await one.renew(
      ['leased', 'sent', 'told'].map((key) => ({ key, owner: 'first' })),
      LONG_MS,
    );
    expect(await other.lease('leased', 'f', 'second', LONG_MS)).toEqual({ kind: 'acquired' });
    // Nobody had asked for this one: its owner is only late, and still there.
    expect(await other.lease('sent', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    expect(await other.lease('told', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
    await one.finish('told', 'first', 'after all');
    expect(await other.lease('told', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'after all' });
  });

  it('does not free what was sent and ran out, since another may have been given UNKNOWN for it', async ({
    stores,
  }) => {
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

  it('takes a lease that ends further away than a lease can be for one that has run out', async ({ stores }) => {
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

  it('compares writes by what would be sent, or by the arguments, or by what an earlier release kept', async ({
    stores,
  }) => {
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

  it('leaves nothing behind when it is tried', async ({ stores }) => {
    const { one, other } = stores;
    await Promise.all([one.check(), other.check(), one.check()]);
    expect(await one.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  it('gives what is marked as sent a lease of its own', async ({ stores }) => {
    const { one, other } = stores;
    await one.lease('key', 'f', 'first', 100 * SHORT_MS);
    expect(await one.markSent('key', 'first', LONG_MS)).toBe(true);
    await sleep(103 * SHORT_MS);
    expect(await other.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
  });
});

describe('the embedded store', () => {
  test('forgets a key after 24 hours and not before', async () => {
    let now = 1_800_000_000_000;
    const store = opened(createSqliteStore(join(newFolder(), 'store'), () => now));
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

  test('keeps its keys over a restart', async () => {
    const path = join(newFolder(), 'deep', 'down', 'store');
    const before = createSqliteStore(path);
    await before.lease('done', 'f', 'first', LONG_MS);
    await before.finish('done', 'first', 'result');
    await before.lease('sent', 'f', 'first', LONG_MS);
    await before.markSent('sent', 'first', SHORT_MS);
    await before.close();
    await pause();
    const after = opened(createSqliteStore(path));
    expect(await after.lease('done', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'result' });
    expect(await after.lease('sent', 'f', 'second', LONG_MS)).toEqual({ kind: 'orphaned' });
  });

  test('opens its file once, however many come first at once', async () => {
    const path = join(newFolder(), 'store');
    const store = createSqliteStore(path);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.lease(`key ${index}`, 'f', 'first', LONG_MS)));
    expect(existsSync(`${path}-wal`)).toBe(true);
    await store.close();
    // SQLite removes it when the last connection closes: what is left here would be one that was forgotten.
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('gives a key to one of several processes that make the file at the same moment', async () => {
    const path = join(newFolder(), 'store');
    const at = Date.now() + 700;
    const replies = await Promise.all([1, 2, 3, 4].map((owner) => leaseElsewhere(path, String(owner), at)));
    expect(replies.flat().toSorted()).toEqual(['acquired', ...Array<string>(39).fill('in_progress')]);
  });

  test('that cannot clear old keys away at the time for it lives on, and does so the next time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    let now = 1_800_000_000_000;
    const path = join(newFolder(), 'store');
    const store = opened(createSqliteStore(path, () => now));
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

  test('says that it is down where its file cannot be, and works as soon as it can', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'in-the-way'), '');
    const store = opened(createSqliteStore(join(folder, 'in-the-way', 'store')));
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
  ])('is down at once at a path that can be no file: %s', async (path) => {
    const store = opened(createSqliteStore(path));
    const error = await store.check().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isPathError(error)).toBe(true);
  });

  test('is down at once where a pipe stands', async () => {
    const path = join(newFolder(), 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    const error = await opened(createSqliteStore(path))
      .check()
      .catch((thrown: unknown) => thrown);
    expect(causeOf(error)).toBe('EINVAL');
  });

  test('takes a name that is special to SQLite for a file', async () => {
    const folder = newFolder();
    const before = process.cwd();
    process.chdir(folder);
    onTestFinished(() => process.chdir(before));
    await opened(createSqliteStore(':memory:')).check();
    expect(existsSync(join(folder, ':memory:'))).toBe(true);
  });

  test('that was garbled while it was open works again once the file is gone', async () => {
    const path = join(newFolder(), 'store');
    const store = opened(createSqliteStore(path));
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.close();
    writeFileSync(path, 'x'.repeat(8_192));
    await expect(store.check()).rejects.toThrow();
    rmSync(path);
    await store.check();
    expect(await store.lease('key', 'f', 'first', LONG_MS)).toEqual({ kind: 'acquired' });
  });

  test('says that it is down where its file is something else', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(
      join(folder, 'a-text'),
      'This is a text and no database, as anybody can see who reads it.\n'.repeat(90),
    );
    for (const name of ['a-folder', 'a-text']) {
      const store = opened(createSqliteStore(join(folder, name)));
      await expect(store.lease('key', 'f', 'first', LONG_MS)).rejects.toThrow();
    }
  });
});

/** Ten leases of one key in another process, all at the given moment: what each was told. */
async function leaseElsewhere(path: string, owner: string, at: number): Promise<string[]> {
  const embedded = fileURLToPath(new URL('../../../datasources/writes/idempotency/sqlite-store.ts', import.meta.url));
  const program = `
    import { createSqliteStore } from ${JSON.stringify(embedded)};
    const store = createSqliteStore(${JSON.stringify(path)});
    while (Date.now() < ${at});
    const leases = Array.from({ length: 10 }, (_, index) => store.lease('key', 'f', '${owner}.' + index, 60000));
    console.log(JSON.stringify((await Promise.all(leases)).map(({ kind }) => kind)));
    await store.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as string[];
}

describe('Redis', () => {
  const it = test.extend('port', async ({ skip }) => {
    if (whyNoRedis !== undefined) skip(whyNoRedis);
    return findFreePort();
  });

  /** One that ends with the test. */
  const start = async (port: number): Promise<RunningRedis> => {
    const running = await startRedis(port);
    onTestFinished(() => running.close());
    return running;
  };

  it('keeps a key no longer than 24 hours from its lease', async ({ port }) => {
    const { url } = await start(port);
    const store = opened(createRedisStore(url, 'prefix:'));
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.markSent('key', 'first', LONG_MS);
    await store.finish('key', 'first', 'result');
    const client = await createClient({ url }).connect();
    onTestFinished(() => client.destroy());
    const leftMs = await client.pTTL('prefix:key');
    expect(leftMs).toBeGreaterThan(KEPT_MS - 60_000);
    expect(leftMs).toBeLessThanOrEqual(KEPT_MS);
  });

  it('that cannot be reached is down, and is used as soon as it is there', async ({ port }) => {
    const store = opened(createRedisStore(`redis://127.0.0.1:${port}`));
    await expect(store.lease('key', 'f', 'first', LONG_MS)).rejects.toThrow();
    await start(port);
    await expect
      .poll(() => store.lease('key', 'f', 'first', LONG_MS).catch(String), { timeout: 60_000 })
      .toEqual({
        kind: 'acquired',
      });
  });

  it('that hangs is down, and not waited for', async ({ port }) => {
    const running = await start(port);
    const store = opened(createRedisStore(running.url));
    await store.lease('key', 'f', 'first', LONG_MS);
    running.freeze();
    const answers = await Promise.allSettled([
      store.lease('other', 'f', 'first', LONG_MS),
      store.markSent('key', 'first', LONG_MS),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    running.thaw();
    await expect
      .poll(() => store.lease('key', 'f', 'second', LONG_MS).catch(String), { timeout: 60_000 })
      .toEqual({
        kind: 'in_progress',
      });
  });

  it('that went away and came back is used again', async ({ port }) => {
    const first = await start(port);
    const store = opened(createRedisStore(first.url));
    await store.lease('key', 'f', 'first', LONG_MS);
    await first.close();
    await expect(store.lease('key', 'f', 'second', LONG_MS)).rejects.toThrow();
    await start(port);
    await expect
      .poll(() => store.lease('key', 'f', 'third', LONG_MS).catch(String), { timeout: 60_000 })
      .toEqual({
        kind: 'acquired',
      });
  });
});

describe('a store that is watched', () => {
  const broken = (error: Error): KeyStore => {
    const store = createSqliteStore(join(newFolder(), 'store'));
    return { ...store, check: () => Promise.reject(error) };
  };

  test('reports the cause of a failure in its health and to its listener, and is up after the next success', async () => {
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

  test('that is down is tried again without a write', async () => {
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

  test('that could not store a result stores it once it works again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const embedded = createSqliteStore(join(newFolder(), 'store'));
    const finish = vi.fn(embedded.finish);
    finish.mockRejectedValueOnce(new Error('gone')).mockRejectedValueOnce(new Error('still gone'));
    const store = monitorStore({ ...embedded, finish }, () => undefined);
    onTestFinished(() => store.close());
    await store.lease('key', 'f', 'first', LONG_MS);
    await store.markSent('key', 'first', LONG_MS);
    await expect(store.finish('key', 'first', 'the result')).rejects.toThrow('gone');
    expect(await store.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'in_progress' });
    await vi.waitFor(() => expect(finish).toHaveBeenCalledTimes(2));
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitFor(async () =>
      expect(await store.lease('key', 'f', 'second', LONG_MS)).toEqual({ kind: 'done', result: 'the result' }),
    );
    expect(finish).toHaveBeenCalledTimes(3);
  });

  test('that is closed stores nothing any more', async () => {
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
  ])('names the cause of %s as %s', (error, cause) => {
    expect(causeOf(error)).toBe(cause);
  });
});
