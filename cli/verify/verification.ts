/** Checks each source of an environment against its documentation. */
import { checkConformance, type ConformanceReport } from '../../datasources/conformance/check-vendor.ts';
import { documentedVendor } from '../../datasources/conformance/documented.ts';
import type { TicketSource } from '../../datasources/contract.ts';
import { isConfigured, readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { describeSettingError } from '../../datasources/vendor-kit/settings.ts';
import type { SourceVariables } from '../../server/config/source-file.ts';

export interface Verification {
  readonly source: TicketSource;
  readonly isConfigured: boolean;
  /** `undefined` if the source is not configured, or its settings are invalid. */
  readonly report: ConformanceReport | undefined;
  /** Errors in its settings, one sentence each. */
  readonly problems: readonly string[];
}

export interface VerifiedTickets {
  /** Native ids of tickets to read. */
  readonly nativeIds: readonly string[];
  readonly maximumBytes: number;
}

export async function verifySource(
  source: TicketSource,
  { environment, placeOf }: SourceVariables,
  { nativeIds, maximumBytes }: VerifiedTickets,
): Promise<Verification> {
  if (!isConfigured(source, environment)) return { source, isConfigured: false, report: undefined, problems: [] };
  const read = readSourceSettings(source, environment);
  if ('errors' in read) {
    const problems = read.errors.map((error) => describeSettingError(error, placeOf));
    return { source, isConfigured: true, report: undefined, problems };
  }
  const { settings } = read;
  const { vendor } = source;
  const canonical = nativeIds.map((id) => vendor.nativeId.canonical?.(id, settings) ?? id);
  const report = await checkConformance(
    { source, settings },
    { maximumBytes, nativeIds: canonical, documented: documentedVendor(vendor.key) },
  );
  return { source, isConfigured: true, report, problems: [] };
}
