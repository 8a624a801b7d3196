/**
 * Checks the answers of a configured vendor against its documentation: the list, one ticket and its actions. They are read
 * by the vendor's own code, with the sign-in, deadlines and redaction of production. Nothing is written.
 */
import { networkOf } from '../upstream/connection-settings.ts';
import type { Configured } from '../upstream/connect-source.ts';
import { onUnknownWord } from '../vendor-kit/words.ts';
import { compareAnswers } from './compare.ts';
import type { DocumentedVendor } from './documented.ts';
import { keyOfFinding, type Finding } from './finding.ts';
import { ReadRecorder, type RecordedRead } from './recorder.ts';
import { CheckSteps } from './steps.ts';

export interface CheckOptions {
  readonly maximumBytes: number;
  /** Native ids of tickets to read. Defaults to the newest of the list or, without a list, the documented example. */
  readonly nativeIds?: readonly string[];
  /** What the vendor's pages show. `undefined` if that is not known: then no answer is compared. */
  readonly documented: DocumentedVendor | undefined;
  /** Milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: () => number;
  /** How long a list may take. Defaults to `LIST_PATIENCE_MS`. */
  readonly patienceMs?: number;
}

export interface ConformanceReport {
  /** Whether a ticket was read, so that there was something to compare. */
  readonly hasTickets: boolean;
  readonly reads: readonly RecordedRead[];
  readonly findings: readonly Finding[];
  /** Warnings of the vendor, and checks that could not be made. */
  readonly notices: readonly string[];
}

/** The default of `patienceMs` in the SDL: a slower list is missing from the first page. */
export const LIST_PATIENCE_MS = 2_500;

export async function checkConformance(
  { source: { key, vendor }, settings }: Configured,
  options: CheckOptions,
): Promise<ConformanceReport> {
  if ((vendor.forwards?.(settings) ?? []).length > 0) {
    const notice = "not checked: it is called with each caller's own credentials, and a check has no caller";
    return { hasTickets: false, reads: [], findings: [], notices: [notice] };
  }
  const { maximumBytes, now = Date.now, patienceMs = LIST_PATIENCE_MS } = options;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency } = settings;
  const recorder = new ReadRecorder({ timeoutMs, concurrency, maximumBytes, network: networkOf(key, settings) });
  const notices = new Set<string>();
  const warn = (message: string): void => void notices.add(message);
  const datasource = vendor.connect(settings, {
    sourceKey: key,
    now,
    maximumBytes,
    warn,
    connect: (each) => recorder.connect(each),
  });
  const steps = new CheckSteps(vendor, datasource, recorder, { timeoutMs, patienceMs });
  const stop = onUnknownWord((word) => {
    if (word.vendor === vendor.key) steps.addWord(word);
  });
  try {
    await steps.run(options.nativeIds ?? []);
  } finally {
    stop();
    await recorder.close();
  }
  const findings = new Map([...steps.findings, ...compareAll(recorder.reads, options.documented)].map(withKey));
  return {
    hasTickets: steps.hasTickets,
    reads: recorder.reads,
    findings: [...findings.values()].toSorted((one, other) => Number(other.misleads) - Number(one.misleads)),
    notices: [...notices, ...steps.notices],
  };
}

function withKey(finding: Finding): [string, Finding] {
  return [keyOfFinding(finding), finding];
}

/** Errors are left out: the step that met them reports them, unless it expects them. */
function compareAll(reads: readonly RecordedRead[], documented: DocumentedVendor | undefined): Finding[] {
  const answered = reads.filter(({ answer }) => answer !== undefined && answer.status < 300);
  return [...Map.groupBy(answered, ({ operation }) => operation)].flatMap(([operation, all]) =>
    compareAnswers(
      operation,
      all.flatMap(({ answer }) => answer ?? []),
      documented,
    ),
  );
}
