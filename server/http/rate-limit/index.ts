/** The limit on the requests of each caller: `RATE_LIMIT_PER_SECOND`, `RATE_LIMIT_BURST`. */
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../../datasources/index.ts';
import { ANONYMOUS } from '../../auth/caller.ts';
import type { Telemetry } from '../../telemetry/index.ts';
import { createClientAddress } from './client-address.ts';
import type { RedisBucketsOptions } from './redis-buckets.ts';
import { TokenBuckets, type Rate, type RateLimiter } from './token-buckets.ts';

export type { Rate } from './token-buckets.ts';

export interface RateLimit {
  /** Of each caller. */
  readonly rate: Rate;
  /**
   * Counts a request of the caller.
   *
   * @returns 0 if it is admitted, otherwise the milliseconds until the next one would be.
   */
  take(caller: Caller, request: IncomingMessage): number | Promise<number>;
  close(): void;
}

export interface RateLimitOptions {
  readonly rate: Rate;
  /** What this process applies by itself: without Redis, and while Redis does not answer. Defaults to `rate`. */
  readonly ownRate?: Rate;
  /** The Redis that replicas share. Omit to count in this process alone. */
  readonly redisUrl?: string | undefined;
  /** Whether anonymous callers are distinguished by their addresses. Otherwise they are one caller. */
  readonly byAddress: boolean;
  /** Number of proxies in front of this server that append to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Milliseconds that a request waits for Redis. Defaults to 500. */
  readonly answerTimeoutMs?: number | undefined;
  /** Clock in milliseconds. Defaults to the monotonic one. */
  readonly now?: (() => number) | undefined;
}

/** @param telemetry gets a line when Redis stops answering, and when it answers again. */
export async function openRateLimit(options: RateLimitOptions, telemetry: Telemetry): Promise<RateLimit> {
  const { rate, ownRate = rate, redisUrl: url, answerTimeoutMs, now } = options;
  const own = new TokenBuckets(ownRate, now);
  const shared =
    url === undefined ? undefined : await openInRedis({ url, rate, local: own, answerTimeoutMs }, telemetry);
  const limiter: RateLimiter = shared ?? own;
  const addressOf = createClientAddress(options.trustedProxies);
  const keyOf = options.byAddress
    ? (caller: Caller, request: IncomingMessage) => (caller === ANONYMOUS ? addressOf(request) : caller.id)
    : ({ id }: Caller) => id;
  return {
    rate,
    take: (caller, request) => limiter.take(keyOf(caller, request)),
    close: () => shared?.close(),
  };
}

async function openInRedis(options: Omit<RedisBucketsOptions, 'onChange' | 'onLocal'>, { log, metrics }: Telemetry) {
  const { openRedisBuckets } = await import('./redis-buckets.ts');
  return openRedisBuckets({
    ...options,
    onChange(isShared, cause) {
      if (isShared) log.info('rate limits are shared by replicas again');
      else
        log.warn({ cause }, `Rate limits are not shared by replicas: ${cause}. Each counts alone until Redis answers.`);
    },
    onLocal: () => metrics?.recordUnsharedRateLimit(),
  });
}
