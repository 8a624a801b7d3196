/** What is well and what is not, vendor by vendor: settings, reach, sign-in, one read, the clock; and what to do. */
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
  readonly mistakes: readonly SettingError[];
  /** Undefined where there was nothing to ask with. */
  readonly examination: HealthReport | undefined;
  /** Whether it can be worked with, as far as can be seen. */
  readonly isWell: boolean;
  /** One sentence for each thing that is wrong, with what to do about it. */
  readonly problems: readonly string[];
  /** What to know besides, though nothing is wrong. */
  readonly remarks: readonly string[];
}

export async function diagnose(vendor: Vendor, environment: Environment, maximumBytes: number): Promise<Diagnosis> {
  const known = { vendor: vendor.key, name: vendor.name };
  const remarks = warnUnknownSettings(vendor, environment);
  const nothing = { mistakes: [], examination: undefined, problems: [], remarks };
  if (!isConfigured(vendor, environment)) return { ...known, ...nothing, isConfigured: false, isWell: true };
  const read = readVendorSettings(vendor, environment);
  if ('mistakes' in read) {
    const { mistakes } = read;
    return {
      ...known,
      ...nothing,
      isConfigured: true,
      isWell: false,
      mistakes,
      problems: mistakes.map(describeSettingError),
    };
  }
  const examination = await checkVendor({ vendor, settings: read.settings }, maximumBytes);
  const { read: outcome, failure, clockSkewSeconds, warnings } = examination;
  return {
    ...known,
    isConfigured: true,
    isWell: failure === undefined,
    mistakes: [],
    examination,
    problems: failure ? [adviseFailure(vendor, environment, examination, failure)] : [],
    remarks: [
      ...(outcome === 'missing' ? [adviseMissing(vendor)] : []),
      ...(outcome === 'not-tried' ? [adviseNotTried(vendor)] : []),
      ...adviseClock(vendor, clockSkewSeconds),
      ...warnings.map((message) => `${vendor.name}: ${message}`),
      ...remarks,
    ],
  };
}
