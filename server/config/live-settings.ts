/** Live updates: how many streams there may be, and for how long. */
import { z } from 'zod';
import type { ValuesOf } from '../../datasources/contract.ts';
import { setting, wholeNumber } from '../../datasources/vendor-kit/settings.ts';
import { parseOrigins } from '../http/cors.ts';
import type { StreamLimits } from '../http/streams/stream-registry.ts';
import type { StreamSettings } from '../http/streams/subscription-stream.ts';

export const STREAM_SETTINGS = {
  MAX_STREAMS: wholeNumber(1, 100_000, 1_000),
  MAX_STREAMS_PER_CALLER: wholeNumber(1, 100_000, 20),
  STREAM_LIFETIME_MS: wholeNumber(1, 86_400_000, 3_600_000),
  STREAM_HEARTBEAT_MS: wholeNumber(10, 600_000, 10_000),
  SUBSCRIPTION_CALLBACK_ORIGINS: setting(
    z
      .string()
      .default('')
      .transform(parseOrigins)
      .refine((origins) => origins !== undefined),
    'origins of routers separated by commas, such as https://router.example.com, or unset',
  ),
};

export interface StreamOptions extends StreamLimits, StreamSettings {
  /** Origins that events may be posted to. */
  readonly callbackOrigins: readonly string[];
}

export function toStreamOptions(settings: ValuesOf<typeof STREAM_SETTINGS>): StreamOptions {
  return {
    total: settings.MAX_STREAMS,
    perCaller: settings.MAX_STREAMS_PER_CALLER,
    lifetimeMs: settings.STREAM_LIFETIME_MS,
    heartbeatMs: settings.STREAM_HEARTBEAT_MS,
    callbackOrigins: settings.SUBSCRIPTION_CALLBACK_ORIGINS,
  };
}

export const DEFAULT_STREAMS: StreamOptions = {
  total: 1_000,
  perCaller: 20,
  lifetimeMs: 3_600_000,
  heartbeatMs: 10_000,
  callbackOrigins: [],
};
