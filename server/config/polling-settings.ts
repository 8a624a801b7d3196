/** Live updates: how often vendors are polled for them. */
import type { ValuesOf } from '../../datasources/contract.ts';
import { flag, wholeNumber } from '../../datasources/vendor-kit/settings.ts';

export const POLLING_SETTINGS = {
  LIVE: flag(true),
  LIVE_EVERY_MS: wholeNumber(1, 3_600_000, 5_000),
  LIVE_AT_MOST_MS: wholeNumber(1, 86_400_000, 60_000),
};

export interface PollingOptions {
  readonly everyMs: number;
  readonly atMostMs: number;
}

/** `undefined` if live updates are off. */
export function toPollingOptions(settings: ValuesOf<typeof POLLING_SETTINGS>): PollingOptions | undefined {
  if (!settings.LIVE) return undefined;
  return { everyMs: settings.LIVE_EVERY_MS, atMostMs: settings.LIVE_AT_MOST_MS };
}
