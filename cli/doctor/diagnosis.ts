/** Checks a vendor's settings, connectivity, sign-in, one read and clock skew, with advice for each problem. */
import type { Environment, Vendor } from '../../datasources/contract.ts';
import { checkVendor, type HealthReport } from '../../datasources/upstream/health-check.ts';
import { isConfigured, readVendorSettings } from '../../datasources/upstream/connection-settings.ts';
import { describeSettingError, type SettingError } from '../../datasources/vendor-kit/settings.ts';
import { warnUnknownSettings } from '../../server/config/warnings.ts';
import { adviseClock, adviseFailure, adviseMissing, adviseNotTried } from './advice.ts';

export interface Diagnosis {
  readonly vendor: string;
  readonly name: string;
  readonly isConfigured: boolean;
  readonly settingErrors: readonly SettingError[];
  /** `undefined` if the vendor is not configured, or its settings are invalid. */
  readonly health: HealthReport | undefined;
  /** Whether no check failed. */
  readonly isWell: boolean;
  /** One sentence for each problem, with the next step. */
  readonly problems: readonly string[];
  /** Warnings that are not problems. */
  readonly notices: readonly string[];
}

export async function diagnose(vendor: Vendor, environment: Environment, maximumBytes: number): Promise<Diagnosis> {
  const identity = { vendor: vendor.key, name: vendor.name };
  const notices = warnUnknownSettings(vendor, environment);
  const nothing = { settingErrors: [], health: undefined, problems: [], notices };
  if (!isConfigured(vendor, environment)) return { ...identity, ...nothing, isConfigured: false, isWell: true };
  const result = readVendorSettings(vendor, environment);
  if ('errors' in result) {
    const { errors } = result;
    return {
      ...identity,
      ...nothing,
      isConfigured: true,
      isWell: false,
      settingErrors: errors,
      problems: errors.map(describeSettingError),
    };
  }
  const health = await checkVendor({ vendor, settings: result.settings }, maximumBytes);
  const { read, failure, clockSkewSeconds, warnings } = health;
  return {
    ...identity,
    isConfigured: true,
    isWell: failure === undefined,
    settingErrors: [],
    health,
    problems: failure ? [adviseFailure(vendor, environment, health, failure)] : [],
    notices: [
      ...(read === 'missing' ? [adviseMissing(vendor)] : []),
      ...(read === 'not-tried' ? [adviseNotTried(vendor)] : []),
      ...adviseClock(vendor, clockSkewSeconds),
      ...warnings.map((message) => `${vendor.name}: ${message}`),
      ...notices,
    ],
  };
}
