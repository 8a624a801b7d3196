/** Two servers that share the limit through Redis, and what they do without it. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRedisBuckets, type RedisBuckets } from '../../../../server/http/rate-limit/redis-buckets.ts';
import { TokenBuckets, type Rate } from '../../../../server/http/rate-limit/token-buckets.ts';
import { as, writeApiKeys } from '../../../support/api-keys.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { startRedis, whyNoRedis, type RunningRedis } from '../../../support/redis.ts';
import { startTestServer, type TestServer } from '../../../support/sandbox.ts';

/** Only the event matters. */
const SOON = { interval: 20 };

/** Refills by less than one request within a test of some minutes, so that the burst is all there is. */
const SLOW = 0.001;

/** While Redis answers, so that a busy machine does not count as a failure of Redis. */
const PATIENT_MS = 120_000;

const READ = '{ ticket(id: "omnidesk:858462") { __typename } }';

type Line = Readonly<Record<string, unknown>>;

interface Replica extends TestServer {
  readonly log: readonly Line[];
}

/** Two servers over the same Redis, each of which would admit 20 requests of a caller by itself. */
async function startTwo(url: string, answerTimeoutMs?: number): Promise<readonly [Replica, Replica]> {
  const environment = { ...writeApiKeys(['greedy', 'calm']), REDIS_URL: url };
  const start = async (): Promise<Replica> => {
    const log: Line[] = [];
    const logStream = { write: (line: string) => void log.push(JSON.parse(line) as Line) };
    const rateLimit = { rate: { perSecond: SLOW, burst: 20 }, answerTimeoutMs };
    return { ...(await startTestServer({ keys: ['omnidesk'], environment, logStream, rateLimit })), log };
  };
  return [await start(), await start()];
}

/** How many of `count` requests at once are admitted. The others are rejected with 429. */
async function countAdmitted({ url }: Replica, caller: string, count: number): Promise<number> {
  const headers = { 'content-type': 'application/json', ...as(caller).headers };
  const ask = async (): Promise<number> => {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: READ }) });
    await response.text();
    return response.status;
  };
  const statuses = await Promise.all(Array.from({ length: count }, ask));
  expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
  return statuses.filter((status) => status === 200).length;
}

async function countUnshared({ url }: Replica): Promise<number> {
  const text = await (await fetch(url.replace('/graphql', '/metrics'))).text();
  return Number(/^ticketgraph_rate_limit_unshared_total (\d+)$/m.exec(text)![1]);
}

const warnings = ({ log }: Replica): readonly Line[] =>
  log.filter(({ level, msg }) => level === 'warn' && String(msg).startsWith('Rate limits are not shared'));

async function startOwnRedis(port?: number): Promise<RunningRedis> {
  const redis = await startRedis(port);
  onTestFinished(() => redis.close());
  return redis;
}

describe.skipIf(whyNoRedis)('with Redis', () => {
  test('two servers together admit what one would', async () => {
    const redis = await startOwnRedis();
    const [one, other] = await startTwo(redis.url, PATIENT_MS);
    const counts = await Promise.all([countAdmitted(one, 'greedy', 40), countAdmitted(other, 'greedy', 40)]);
    expect(counts[0] + counts[1]).toBe(20);
    expect(await countAdmitted(one, 'greedy', 5)).toBe(0);
    // Another caller has its own limit.
    expect(await countAdmitted(one, 'calm', 15)).toBe(15);
    expect(await countAdmitted(other, 'calm', 15)).toBe(5);
    expect(await Promise.all([countUnshared(one), countUnshared(other)])).toEqual([0, 0]);
    expect([...one.defects, ...other.defects, ...warnings(one), ...warnings(other)]).toEqual([]);
  });

  test('without Redis each server counts alone and says so once, until Redis is back', async () => {
    const redis = await startOwnRedis();
    const [one, other] = await startTwo(redis.url, PATIENT_MS);
    expect(await countAdmitted(one, 'greedy', 20)).toBe(20);
    expect(await countAdmitted(other, 'greedy', 1)).toBe(0);
    await redis.close();
    expect(await countAdmitted(one, 'greedy', 40)).toBe(20);
    expect(await countAdmitted(other, 'greedy', 40)).toBe(20);
    for (const server of [one, other]) {
      expect(await countUnshared(server)).toBe(40);
      expect(warnings(server)).toHaveLength(1);
      expect(warnings(server)[0]).toMatchObject({ cause: expect.any(String) });
    }
    await startOwnRedis(redis.port);
    const isShared = async (): Promise<boolean> => {
      const before = await countUnshared(one);
      await countAdmitted(one, 'calm', 1);
      return (await countUnshared(one)) === before;
    };
    await expect.poll(isShared, SOON).toBe(true);
    expect(one.log.filter(({ msg }) => msg === 'rate limits are shared by replicas again')).toHaveLength(1);
    // Redis has lost what was counted before.
    expect(await countAdmitted(one, 'greedy', 40)).toBe(20);
    expect([...one.defects, ...other.defects]).toEqual([]);
  });

  test('a Redis that hangs delays few requests', async () => {
    const redis = await startOwnRedis();
    const [one] = await startTwo(redis.url);
    expect(await countAdmitted(one, 'calm', 1)).toBe(1);
    redis.freeze();
    expect(await countAdmitted(one, 'greedy', 40)).toBe(20);
    expect(await countUnshared(one)).toBe(40);
    expect(warnings(one)).toHaveLength(1);
    redis.thaw();
  });

  test('a server starts without Redis, and counts alone', async () => {
    const [one] = await startTwo(`redis://127.0.0.1:${await findFreePort()}`);
    expect(await countAdmitted(one, 'greedy', 40)).toBe(20);
    expect(warnings(one)).toHaveLength(1);
    expect(warnings(one)[0]).toMatchObject({ cause: 'ECONNREFUSED' });
  });

  const open = async (url: string, rate: Rate): Promise<RedisBuckets> => {
    const shared = await openRedisBuckets({
      url,
      rate,
      local: new TokenBuckets(rate),
      answerTimeoutMs: PATIENT_MS,
      onChange: (isShared) => expect.unreachable(`isShared: ${isShared}`),
      onLocal: () => expect.unreachable('Redis answers'),
    });
    onTestFinished(() => shared.close());
    return shared;
  };

  test.each([
    { perSecond: 1, burst: 1 },
    { perSecond: 2, burst: 3 },
  ])('a request after the given time is admitted: $perSecond per second, $burst at once', async (rate) => {
    const shared = await open((await startOwnRedis()).url, rate);
    const waits = await Promise.all(Array.from({ length: 30 }, async () => shared.take('a')));
    const waitMs = waits.at(-1)!;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(Math.ceil(1_000 / rate.perSecond) + 1);
    // The clock of Redis need not be that of the timer.
    await new Promise((resolve) => setTimeout(resolve, waitMs + 2));
    expect(await shared.take('a')).toBe(0);
  });

  test('Redis keeps neither the names of callers nor buckets that are full', async () => {
    const redis = await startOwnRedis();
    const shared = await open(redis.url, { perSecond: 0.1, burst: 5 });
    await shared.take('key:somebody');
    const { createClient } = await import('redis');
    const client = createClient({ url: redis.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    const keys = await client.keys('*');
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^ticketgraph:rate:[\w-]{43}$/);
    const leftMs = await client.pTTL(keys[0]!);
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(10_000);
  });
});
