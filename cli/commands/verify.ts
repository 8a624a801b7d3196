/**
 * `ticketgraph verify`: checks what each configured source answers against what its documentation promises. Reads only.
 */
import { isAcceptable } from '../../datasources/conformance/finding.ts';
import type { Environment, TicketSource } from '../../datasources/contract.ts';
import { findSources, isConfigured } from '../../datasources/upstream/connection-settings.ts';
import { isNativeId } from '../../datasources/vendor-kit/global-id.ts';
import { vendors } from '../../datasources/vendors.ts';
import { DEFAULT_UPSTREAM_BYTES, readServer } from '../../server/config/server-settings.ts';
import { readSourceFile, type SourceVariables } from '../../server/config/source-file.ts';
import { CommandError, EXIT } from '../exit.ts';
import { defaultKnownFile, isKnown, readKnown, writeKnown, type KnownFindings } from '../verify/known-findings.ts';
import { printResult, printResultAsJson, type SourceResult } from '../verify/results.ts';
import { verifySource, type Verification } from '../verify/verification.ts';

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
  const variables = await readVariables();
  const { environment } = variables;
  const selected = selectSources(options.vendor, environment);
  const nativeIds = groupTickets(options.ticket ?? [], selected, environment);
  const known = readKnown(knownFile);
  const read = readServer(environment, vendors);
  const maximumBytes = 'settings' in read ? read.settings.MAX_UPSTREAM_BYTES : DEFAULT_UPSTREAM_BYTES;
  const verifications = await Promise.all(
    selected.map((source) =>
      verifySource(source, variables, { nativeIds: nativeIds.get(source.key) ?? [], maximumBytes }),
    ),
  );
  if (accept) {
    const found = verifications.map(
      ({ source, report }) => [source.key.toUpperCase(), report?.findings ?? []] as const,
    );
    writeKnown(knownFile, known, Object.fromEntries(found));
  }
  const results = verifications.map((verification) => toResult(verification, known, accept));
  const result = { isWell: results.every(({ isWell }) => isWell), knownFile, hasAccepted: accept, sources: results };
  if (json) printResultAsJson(result);
  else printResult(result);
  process.exitCode = result.isWell ? EXIT.done : EXIT.notDone;
}

function toResult(verification: Verification, known: KnownFindings, accept: boolean): SourceResult {
  const key = verification.source.key.toUpperCase();
  const findings = (verification.report?.findings ?? []).map((finding) => ({
    ...finding,
    isAccepted: (accept && isAcceptable(finding)) || isKnown(known, key, finding),
  }));
  const isMisleading = findings.some(({ misleads, isAccepted }) => misleads && !isAccepted);
  return { ...verification, findings, isWell: !isMisleading && verification.problems.length === 0 };
}

/** @throws CommandError if the file of sources is invalid. */
async function readVariables(): Promise<SourceVariables> {
  const read = await readSourceFile(process.env, vendors);
  const [error] = read.errors;
  if (error !== undefined) throw new CommandError(EXIT.notDone, error, 'Run ticketgraph doctor to see all mistakes.');
  return read;
}

/**
 * All sources, or those of the named vendors.
 *
 * @throws CommandError if none is configured, or a vendor that is named has none that is
 */
function selectSources(keys: readonly string[] | undefined, environment: Environment): readonly TicketSource[] {
  const sources = findSources(vendors, environment);
  const configured = sources.filter((source) => isConfigured(source, environment));
  if (keys === undefined && configured.length > 0) return sources;
  const missing = vendors
    .filter(({ key }) => keys?.includes(key.toUpperCase()) ?? true)
    .filter((vendor) => !configured.some((source) => source.vendor === vendor));
  if (missing.length === 0) return configured.filter(({ vendor }) => keys?.includes(vendor.key.toUpperCase()));
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
function groupTickets(
  ids: readonly string[],
  selected: readonly TicketSource[],
  environment: Environment,
): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const id of ids) {
    const at = id.indexOf(':');
    const source = selected.find(({ key }) => key === id.slice(0, Math.max(at, 0)).toLowerCase());
    const nativeId = id.slice(at + 1);
    if (!source || !isConfigured(source, environment) || !isNativeId(source.vendor, nativeId)) {
      const next = 'Expected the id of a ticket of a configured vendor, such as';
      const { key, vendor } = source ?? selected[0]!;
      throw new CommandError(EXIT.usage, 'Invalid --ticket.', `${next} ${key}:${vendor.nativeId.example}.`);
    }
    grouped.set(source.key, [...(grouped.get(source.key) ?? []), nativeId]);
  }
  return grouped;
}
