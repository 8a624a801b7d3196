/** Checks a source's settings, connectivity, sign-in, one read and clock skew, with advice for each problem. */
import type { TicketSource } from '../../datasources/contract.ts';
import { checkSource, type HealthReport } from '../../datasources/upstream/health-check.ts';
import { isConfigured, readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { describeSettingError, type SettingError } from '../../datasources/vendor-kit/settings.ts';
import type { SourceVariables } from '../../server/config/source-file.ts';
import { warnUnknownSettings } from '../../server/config/warnings.ts';
import { adviseClock, adviseFailure, adviseMissing, adviseNotTried } from './advice.ts';

export interface Diagnosis {
  readonly vendor: string;
  /** The source's key. */
  readonly source: string;
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

export async function diagnose(
  source: TicketSource,
  { environment, placeOf }: SourceVariables,
  maximumBytes: number,
): Promise<Diagnosis> {
  const { key, name, vendor } = source;
  const identity = { vendor: vendor.key, source: key, name };
  const notices = key === vendor.key ? warnUnknownSettings(vendor, environment) : [];
  const nothing = { settingErrors: [], health: undefined, problems: [], notices };
  if (!isConfigured(source, environment)) return { ...identity, ...nothing, isConfigured: false, isWell: true };
  const result = readSourceSettings(source, environment);
  if ('errors' in result) {
    const { errors } = result;
    return {
      ...identity,
      ...nothing,
      isConfigured: true,
      isWell: false,
      settingErrors: errors.map((error) => ({ ...error, variable: placeOf(error.variable) })),
      problems: errors.map((error) => describeSettingError(error, placeOf)),
    };
  }
  const health = await checkSource({ source, settings: result.settings }, maximumBytes);
  const { read, failure, clockSkewSeconds, warnings } = health;
  return {
    ...identity,
    isConfigured: true,
    isWell: failure === undefined,
    settingErrors: [],
    health,
    problems: failure ? [adviseFailure(source, environment, health, failure)] : [],
    notices: [
      ...(read === 'missing' ? [adviseMissing(source)] : []),
      ...(read === 'not-tried' ? [adviseNotTried(source)] : []),
      ...adviseClock(source, clockSkewSeconds),
      ...warnings.map((message) => `${name}: ${message}`),
      ...notices,
    ],
  };
}
