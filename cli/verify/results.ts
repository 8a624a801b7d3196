/** The result of `ticketgraph verify`, as tables and as JSON: paths, types, counts and words of enumerations; no values. */
import type { Finding } from '../../datasources/conformance/finding.ts';
import { note, paint, print, printJson, printTable, type Cell } from '../output.ts';
import type { Verification } from './verification.ts';

export interface SourceResult extends Verification {
  readonly findings: readonly (Finding & { readonly isAccepted: boolean })[];
  /** Whether nothing would mislead users, apart from what has been accepted. */
  readonly isWell: boolean;
}

export interface Result {
  readonly isWell: boolean;
  /** File of the accepted findings. */
  readonly knownFile: string;
  /** Whether this run has written that file. */
  readonly hasAccepted: boolean;
  readonly sources: readonly SourceResult[];
}

export function printResult({ isWell, knownFile, hasAccepted, sources }: Result): void {
  printTable(['VENDOR', 'READS', 'MISLEADING', 'NEW', 'ACCEPTED'], sources.map(toRow));
  const open = sources.flatMap((each) => each.findings.filter((one) => !one.isAccepted).map((one) => ({ each, one })));
  if (open.length > 0) {
    print('');
    const heads = ['SEVERITY', 'VENDOR', 'OPERATION', 'PATH', 'FINDING', 'FOUND', 'DOCUMENTED'];
    printTable(
      heads,
      open.map(({ each, one }) => toFindingRow(each, one)),
    );
  }
  const problems = sources.flatMap((each) => each.problems);
  const notices = sources.flatMap(
    ({ source, report }) => report?.notices.map((text) => `${source.name}: ${text}`) ?? [],
  );
  if (problems.length + notices.length > 0) print('');
  for (const problem of problems) print(`${paint('red', 'error:')} ${problem}`);
  for (const notice of notices) print(`${paint('yellow', 'note:')} ${notice}`);
  if (hasAccepted) note(`The accepted findings are in ${knownFile}.`);
  if (isWell) note('Nothing misleads.');
  else note(NEXT_STEP);
}

const NEXT_STEP =
  'Each misleading finding is something that users see wrong or miss. Report it, or accept it with --accept; ' +
  'for reads that fail, run ticketgraph doctor.';

function toRow({ source, isConfigured, report, findings, problems }: SourceResult): Cell[] {
  if (!isConfigured) return [source.name, 'off', null, null, null];
  if (!report) return [source.name, [`${problems.length} invalid`, 'red'], null, null, null];
  const open = findings.filter(({ isAccepted }) => !isAccepted);
  const misleading = open.filter(({ misleads }) => misleads).length;
  return [
    source.name,
    String(report.reads.length),
    misleading > 0 ? [String(misleading), 'red'] : '0',
    String(open.length - misleading),
    String(findings.length - open.length),
  ];
}

function toFindingRow(
  { source }: SourceResult,
  { misleads, operation, path, kind, found, documented }: Finding,
): Cell[] {
  return [misleads ? ['misleads', 'red'] : ['new', 'yellow'], source.name, operation, path, kind, found, documented];
}

export function printResultAsJson({ isWell, knownFile, sources }: Result): void {
  printJson({ well: isWell, known: knownFile, vendors: sources.map(toJson) });
}

function toJson({ source, isConfigured, isWell, report, findings, problems }: SourceResult): unknown {
  return {
    vendor: source.vendor.key.toUpperCase(),
    source: source.key,
    name: source.name,
    configured: isConfigured,
    well: isWell,
    problems,
    reads: (report?.reads ?? []).map(({ operation, answer, mediaType, durationMs }) => ({
      operation,
      status: answer?.status ?? null,
      contentType: mediaType,
      milliseconds: Math.round(durationMs),
    })),
    ticketsRead: report?.hasTickets ?? false,
    findings: findings.map(({ misleads, isAccepted, kind, operation, path, found, documented }) => ({
      severity: misleads ? 'misleads' : 'new',
      accepted: isAccepted,
      ...{ kind, operation, path, found, documented },
    })),
    remarks: report?.notices ?? [],
  };
}
