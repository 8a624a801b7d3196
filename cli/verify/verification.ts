/** Checks each vendor of an environment against its documentation. */
import { checkConformance, type ConformanceReport } from '../../datasources/conformance/check-vendor.ts';
import { documentedVendor } from '../../datasources/conformance/documented.ts';
import type { Environment, Vendor } from '../../datasources/contract.ts';
import { isConfigured, readVendorSettings } from '../../datasources/upstream/connection-settings.ts';
import { describeSettingError } from '../../datasources/vendor-kit/settings.ts';

export interface Verification {
  readonly vendor: Vendor;
  readonly isConfigured: boolean;
  /** `undefined` if the vendor is not configured, or its settings are invalid. */
  readonly report: ConformanceReport | undefined;
  /** Errors in its settings, one sentence each. */
  readonly problems: readonly string[];
}

export interface VerifiedTickets {
  /** Native ids of tickets to read. */
  readonly nativeIds: readonly string[];
  readonly maximumBytes: number;
}

export async function verifyVendor(
  vendor: Vendor,
  environment: Environment,
  { nativeIds, maximumBytes }: VerifiedTickets,
): Promise<Verification> {
  if (!isConfigured(vendor, environment)) return { vendor, isConfigured: false, report: undefined, problems: [] };
  const read = readVendorSettings(vendor, environment);
  if ('errors' in read) {
    return { vendor, isConfigured: true, report: undefined, problems: read.errors.map(describeSettingError) };
  }
  const { settings } = read;
  const canonical = nativeIds.map((id) => vendor.nativeId.canonical?.(id, settings) ?? id);
  const report = await checkConformance(
    { vendor, settings },
    { maximumBytes, nativeIds: canonical, documented: documentedVendor(vendor.key) },
  );
  return { vendor, isConfigured: true, report, problems: [] };
}
