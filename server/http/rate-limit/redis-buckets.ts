/**
 * Token buckets in Redis, shared by replicas. Imported only if REDIS_URL is set and callers are limited.
 *
 * While Redis does not answer, each process counts for itself: a limit that fails must neither stop the service nor leave
 * it without a limit.
 */
import { hash } from 'node:crypto';
import { RLWrapperTimeouts, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import type { Rate, RateLimiter } from './token-buckets.ts';

/** Longer than a pause for garbage collection: Redis would be blamed for it. */
const ANSWER_TIMEOUT_MS = 500;

/** Milliseconds after a failure during which Redis is not asked. */
const SUSPENDED_MS = 1_000;

/** Milliseconds that the start waits for Redis. */
const START_TIMEOUT_MS = 2_000;

export interface RedisBucketsOptions {
  /** E.g. `redis://:password@host:6379/0`. */
  readonly url: string;
  readonly rate: Rate;
  /** Takes over while Redis does not answer. */
  readonly local: RateLimiter;
  /** Milliseconds that a request waits for Redis. Defaults to 500. */
  readonly answerTimeoutMs?: number | undefined;
  /** Called when the local limiter takes over, and when Redis answers again. `cause` is an error code. */
  onChange(isShared: boolean, cause?: string): void;
  /** Called for each request that the local limiter counts. */
  onLocal(): void;
}

export interface RedisBuckets extends RateLimiter {
  close(): void;
}

/** Resolves once Redis answers or has failed to. */
export async function openRedisBuckets({
  url,
  rate,
  local,
  answerTimeoutMs: timeoutMs = ANSWER_TIMEOUT_MS,
  onChange,
  onLocal,
}: RedisBucketsOptions): Promise<RedisBuckets> {
  const { client, connected, causeOf } = connect(url);
  const limiter = new RLWrapperTimeouts({ limiter: createLimiter(client, rate), timeoutMs });
  let isShared = true;
  let suspendedUntil = 0;

  const setShared = (value: boolean, cause?: string): void => {
    if (isShared === value) return;
    isShared = value;
    onChange(value, cause);
  };
  const takeLocally = (key: string): number | Promise<number> => {
    onLocal();
    return local.take(key);
  };
  const suspend = (error: unknown): void => {
    suspendedUntil = performance.now() + SUSPENDED_MS;
    setShared(false, causeOf(error));
  };
  const toWait = (result: unknown, key: string): number | Promise<number> => {
    if (result instanceof RateLimiterRes) {
      setShared(true);
      return Math.max(1, result.msBeforeNext);
    }
    suspend(result);
    return takeLocally(key);
  };

  await connected;
  return {
    take(key) {
      if (!client.isReady) {
        setShared(false, causeOf(undefined));
        return takeLocally(key);
      }
      if (!isShared) {
        if (performance.now() < suspendedUntil) return takeLocally(key);
        // One request at a time finds out whether Redis answers again.
        suspendedUntil = performance.now() + SUSPENDED_MS;
      }
      return limiter.consume(hash('sha256', key, 'base64url')).then(
        () => {
          setShared(true);
          return 0;
        },
        (result: unknown) => toWait(result, key),
      );
    },
    close: () => client.destroy(),
  };
}

type Client = ReturnType<typeof connect>['client'];

function connect(url: string) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: START_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(1_000, 50 * 2 ** retries),
    },
  });
  let connectionError: unknown;
  // Without a listener a lost connection would end the process. The client reconnects by itself.
  client.on('error', (error: unknown) => (connectionError = error));
  const connected = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, START_TIMEOUT_MS);
    for (const event of ['ready', 'error']) {
      client.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
  client.connect().catch(() => undefined);
  const causeOf = (error: unknown): string => codeOf(error) ?? codeOf(connectionError) ?? 'no answer';
  return { client, connected, causeOf };
}

/** An error code such as `ECONNREFUSED`. Messages are not used: they may hold the address. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Requests of a blocked caller do not reach Redis until the next one would be admitted. */
function createLimiter(client: Client, rate: Rate): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: client,
    useRedisPackage: true,
    keyPrefix: 'ticketgraph:rate',
    points: rate.burst,
    // Passed to the script, which does not use it. The library needs at least a second.
    duration: 1,
    inMemoryBlockOnConsumed: rate.burst + 1,
    customIncrTtlLuaScript: toScript(rate),
  });
}

/**
 * The bucket of `token-buckets.ts`, by the clock of Redis in microseconds. The library's own script counts in fixed
 * windows, which admit twice the burst around the end of one.
 *
 * Returns what the library expects: the points used up (more than there are if the request is rejected), and the
 * milliseconds until the next request is admitted.
 */
function toScript({ perSecond, burst }: Rate): string {
  const interval = Math.round(1_000_000 / perSecond);
  return `
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local capacity = ${burst * interval}
  local stored = math.min(tonumber(redis.call('GET', KEYS[1]) or 0), now + capacity)
  local fullAt = math.max(stored, now) + ${interval}
  local wait = fullAt - now - capacity
  if wait > 0 then return { ${burst + 1}, math.ceil(wait / 1000) } end
  redis.call('SET', KEYS[1], string.format('%.0f', fullAt), 'PX', math.ceil((fullAt - now) / 1000))
  return { 1, 0 }`;
}
