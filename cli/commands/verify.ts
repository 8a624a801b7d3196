/**
 * `ticketgraph verify`: checks what each configured vendor answers against what its documentation promises. Reads only.
 */
import { isAcceptable } from '../../datasources/conformance/finding.ts';
import type { Vendor } from '../../datasources/contract.ts';
import { isConfigured } from '../../datasources/upstream/connection-settings.ts';
import { isNativeId } from '../../datasources/vendor-kit/global-id.ts';
import { vendors } from '../../datasources/vendors.ts';
import { DEFAULT_UPSTREAM_BYTES, readServer } from '../../server/config/server-settings.ts';
import { CommandError, EXIT } from '../exit.ts';
import { defaultKnownFile, isKnown, readKnown, writeKnown, type KnownFindings } from '../verify/known-findings.ts';
import { printResult, printResultAsJson, type VendorResult } from '../verify/results.ts';
import { verifyVendor, type Verification } from '../verify/verification.ts';

export interface VerifyOptions {
  /** `Vendor` enum values. Defaults to all that are configured. */
  readonly vendor?: readonly string[];
  /** Global ids of tickets to read. */
  readonly ticket?: readonly string[];
  readonly known?: string;
  readonly accept?: boolean;
  readonly json?: boolean;
}

export async function verify(options: VerifyOptions): Promise<void> {
  const { known: knownFile = defaultKnownFile(process.env), accept = false, json = false } = options;
  const selected = selectVendors(options.vendor);
  const nativeIds = groupTickets(options.ticket ?? [], selected);
  const known = readKnown(knownFile);
  const read = readServer(process.env, vendors);
  const maximumBytes = 'settings' in read ? read.settings.MAX_UPSTREAM_BYTES : DEFAULT_UPSTREAM_BYTES;
  const verifications = await Promise.all(
    selected.map((vendor) =>
      verifyVendor(vendor, process.env, { nativeIds: nativeIds.get(vendor.key) ?? [], maximumBytes }),
    ),
  );
  if (accept) {
    const found = verifications.map(
      ({ vendor, report }) => [vendor.key.toUpperCase(), report?.findings ?? []] as const,
    );
    writeKnown(knownFile, known, Object.fromEntries(found));
  }
  const results = verifications.map((verification) => toResult(verification, known, accept));
  const result = { isWell: results.every(({ isWell }) => isWell), knownFile, hasAccepted: accept, vendors: results };
  if (json) printResultAsJson(result);
  else printResult(result);
  process.exitCode = result.isWell ? EXIT.done : EXIT.notDone;
}

function toResult(verification: Verification, known: KnownFindings, accept: boolean): VendorResult {
  const key = verification.vendor.key.toUpperCase();
  const findings = (verification.report?.findings ?? []).map((finding) => ({
    ...finding,
    isAccepted: (accept && isAcceptable(finding)) || isKnown(known, key, finding),
  }));
  const isMisleading = findings.some(({ misleads, isAccepted }) => misleads && !isAccepted);
  return { ...verification, findings, isWell: !isMisleading && verification.problems.length === 0 };
}

/** @throws CommandError if none is configured, or one that is named is not. */
function selectVendors(keys: readonly string[] | undefined): readonly Vendor[] {
  const configured = vendors.filter((vendor) => isConfigured(vendor, process.env));
  if (keys === undefined && configured.length > 0) return vendors;
  const missing = vendors
    .filter(({ key }) => keys?.includes(key.toUpperCase()) ?? true)
    .filter((one) => !configured.includes(one));
  if (missing.length === 0) return configured.filter(({ key }) => keys?.includes(key.toUpperCase()));
  const names = keys === undefined ? 'No vendor' : missing.map(({ name }) => name).join(' and ');
  const urls = missing.map(({ key }) => `${key.toUpperCase()}_URL`).join(', ');
  const verb = keys === undefined ? 'is' : missing.length === 1 ? 'is not' : 'are not';
  throw new CommandError(
    EXIT.notDone,
    `${names} ${verb} configured in this environment.`,
    `Set the variables of ${keys === undefined ? 'at least one' : 'each'}, starting with its URL (${urls}).`,
  );
}

/** @throws CommandError for an id that no selected vendor can have. */
function groupTickets(ids: readonly string[], selected: readonly Vendor[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const id of ids) {
    const at = id.indexOf(':');
    const vendor = selected.find(({ key }) => key === id.slice(0, Math.max(at, 0)).toLowerCase());
    const nativeId = id.slice(at + 1);
    if (!vendor || !isConfigured(vendor, process.env) || !isNativeId(vendor, nativeId)) {
      const next = 'Expected the id of a ticket of a configured vendor, such as';
      const { key, nativeId: known } = vendor ?? selected[0]!;
      throw new CommandError(EXIT.usage, 'Invalid --ticket.', `${next} ${key}:${known.example}.`);
    }
    grouped.set(vendor.key, [...(grouped.get(vendor.key) ?? []), nativeId]);
  }
  return grouped;
}
