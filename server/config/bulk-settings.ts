/** Bulk jobs: where they are kept, and for how long. */
import type { ValuesOf } from '../../datasources/contract.ts';
import type { SourceOptions } from '../../datasources/index.ts';
import { wholeNumber } from '../../datasources/vendor-kit/settings.ts';

export const BULK_SETTINGS = {
  BULK_KEPT_DAYS: wholeNumber(1, 365, 7),
  MAX_UPLOAD_BYTES: wholeNumber(1_000, 1_000_000_000, 32_000_000),
};

type BulkSettings = ValuesOf<typeof BULK_SETTINGS> & {
  readonly STORE_PATH: string;
  readonly REDIS_URL?: string | undefined;
};

/** A file is shared by the processes of one machine, Redis by replicas. */
export function toBulkOptions(settings: BulkSettings): NonNullable<SourceOptions['bulk']> {
  const { STORE_PATH, REDIS_URL: redisUrl, BULK_KEPT_DAYS: keptDays } = settings;
  return redisUrl === undefined ? { path: `${STORE_PATH}-bulk`, keptDays } : { redisUrl, keptDays };
}
