/** The limit on the requests of each caller: `RATE_LIMIT_*`. */
import type { ValuesOf } from '../../datasources/contract.ts';
import { isLoopback, optionalWholeNumber, wholeNumber } from '../../datasources/vendor-kit/settings.ts';
import type { Rate } from '../http/rate-limit/index.ts';

export type { Rate } from '../http/rate-limit/index.ts';

/** For callers that authenticate: more than a person or a small service sends, less than one process can answer. */
const DEFAULT_PER_SECOND = 100;

/** Seconds of requests that may come at once, unless RATE_LIMIT_BURST says otherwise. */
const BURST_SECONDS = 2;

const [MAX_PER_SECOND, MAX_BURST] = [10_000, 100_000];

export const RATE_SETTINGS = {
  RATE_LIMIT_PER_SECOND: optionalWholeNumber(
    0,
    MAX_PER_SECOND,
    `0 for no limit (default ${DEFAULT_PER_SECOND} with authentication, otherwise 0)`,
  ),
  RATE_LIMIT_BURST: optionalWholeNumber(1, MAX_BURST, `or unset for ${BURST_SECONDS} times RATE_LIMIT_PER_SECOND`),
  TRUSTED_PROXIES: wholeNumber(0, 10, 0),
};

type RateSettings = ValuesOf<typeof RATE_SETTINGS> & { readonly HOST: string };

export interface RateLimitSettings {
  readonly rate: Rate;
  /** Whether anonymous callers are distinguished by their addresses. */
  readonly byAddress: boolean;
  readonly trustedProxies: number;
}

/** @returns `undefined` if requests are not limited. */
export function toRateLimit(settings: RateSettings, requiresAuth: boolean): RateLimitSettings | undefined {
  const { HOST, RATE_LIMIT_BURST, TRUSTED_PROXIES: trustedProxies } = settings;
  const isWanted = requiresAuth || RATE_LIMIT_BURST !== undefined;
  const perSecond = settings.RATE_LIMIT_PER_SECOND ?? (isWanted ? DEFAULT_PER_SECOND : 0);
  if (perSecond === 0) return undefined;
  const burst = RATE_LIMIT_BURST ?? perSecond * BURST_SECONDS;
  // On loopback, all addresses are this machine's.
  return { rate: { perSecond, burst }, byAddress: !isLoopback(HOST) || trustedProxies > 0, trustedProxies };
}
