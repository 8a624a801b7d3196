/**
 * Checks the answers of a configured vendor against its documentation: the list, one ticket and its actions. They are read
 * by the vendor's own code, with the sign-in, deadlines and redaction of production. Nothing is written.
 */
import type { Ticket, TicketAction, Vendor, VendorSource } from '../contract.ts';
import type { Configured } from '../upstream/connect-vendor.ts';
import { asFailure, type Failure } from '../vendor-kit/failure.ts';
import { toPlain } from '../vendor-kit/lazy.ts';
import { isPlainWord, onUnknownWord, type UnknownWord } from '../vendor-kit/words.ts';
import { compareAnswers } from './compare.ts';
import type { DocumentedVendor } from './documented.ts';
import { keyOfFinding, type Finding } from './finding.ts';
import { ReadRecorder, createScope, type RecordedRead } from './recorder.ts';

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

/** Rows of the list that are read: enough to meet every common status, and few enough for one page of any vendor. */
const ROWS = 50;

/** Deadline of one step. The default of `REQUEST_TIMEOUT_MS`. */
const STEP_TIMEOUT_MS = 30_000;

/** The default of `patienceMs` in the SDL: a slower list is missing from the first page. */
export const LIST_PATIENCE_MS = 2_500;

/** Fields that decide what a ticket looks like, or what can be done with it. */
const DECISIVE: ReadonlySet<string> = new Set(['status', 'priority', 'action']);

export async function checkConformance(
  { vendor, settings }: Configured,
  options: CheckOptions,
): Promise<ConformanceReport> {
  if ((vendor.forwards?.(settings) ?? []).length > 0) {
    const notice = "not checked: it is called with each caller's own credentials, and a check has no caller";
    return { hasTickets: false, reads: [], findings: [], notices: [notice] };
  }
  const { maximumBytes, now = Date.now, patienceMs = LIST_PATIENCE_MS } = options;
  const { TIMEOUT_MS: timeoutMs, CONCURRENCY: concurrency, PROXY: proxyFor } = settings;
  const recorder = new ReadRecorder({ timeoutMs, concurrency, maximumBytes, proxyFor });
  const notices = new Set<string>();
  const warn = (message: string): void => void notices.add(message);
  const source = vendor.connect(settings, { now, maximumBytes, warn, connect: (each) => recorder.connect(each) });
  const check = new VendorCheck(vendor, source, recorder, { timeoutMs, patienceMs });
  const stop = onUnknownWord((word) => {
    if (word.vendor === vendor.key) check.addWord(word);
  });
  try {
    await check.run(options.nativeIds ?? []);
  } finally {
    stop();
    await recorder.close();
  }
  const findings = new Map([...check.findings, ...compareAll(recorder.reads, options.documented)].map(withKey));
  return {
    hasTickets: check.hasTickets,
    reads: recorder.reads,
    findings: [...findings.values()].toSorted((one, other) => Number(other.misleads) - Number(one.misleads)),
    notices: [...notices, ...check.notices],
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

interface Limits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
}

class VendorCheck {
  readonly findings: Finding[] = [];
  readonly notices: string[] = [];
  hasTickets = false;
  readonly #vendor: Vendor;
  readonly #source: VendorSource;
  readonly #recorder: ReadRecorder;
  readonly #limits: Limits;

  constructor(vendor: Vendor, source: VendorSource, recorder: ReadRecorder, limits: Limits) {
    this.#vendor = vendor;
    this.#source = source;
    this.#recorder = recorder;
    this.#limits = limits;
  }

  async run(nativeIds: readonly string[]): Promise<void> {
    const listed = await this.#list();
    const newest = listed.slice(0, 1).map(({ nativeId }) => nativeId);
    const example = this.#source.list ? [] : [this.#vendor.nativeId.example];
    const ids = nativeIds.length > 0 ? nativeIds : [...newest, ...example];
    for (const nativeId of ids) await this.#check(nativeId, newest.includes(nativeId));
    if (!this.hasTickets) this.notices.push('no ticket was read: name one with --ticket');
  }

  addWord({ field, word }: UnknownWord): void {
    const found = isPlainWord(word) ? `"${word}"` : `a word of ${word.length} characters`;
    this.#add('unknown-word', DECISIVE.has(field), 'tickets', field, found, null);
  }

  async #list(): Promise<readonly Ticket[]> {
    const { list, pageLimit = 100 } = this.#source;
    if (!list) return [];
    const startedAt = performance.now();
    const limit = Math.min(ROWS, pageLimit);
    const page = await this.#try('list', (call) =>
      list.call(this.#source, { offset: 0, limit, filter: {} }, call).then((read) => {
        for (const ticket of read.tickets) toPlain(ticket);
        return read;
      }),
    );
    if (!page) return [];
    const { patienceMs } = this.#limits;
    if (performance.now() - startedAt > patienceMs) {
      this.#add('slow', true, 'list', null, `slower than ${patienceMs} ms, so it is missing from first pages`, null);
    }
    const { tickets, rowCount } = page;
    if (tickets.length < rowCount) this.#add('rows', true, 'list', null, 'rows that are no tickets', null);
    const { pattern, maximumLength } = this.#vendor.nativeId;
    const valid = tickets.filter(({ nativeId }) => nativeId.length <= maximumLength && pattern.test(nativeId));
    if (valid.length < tickets.length) this.#add('rows', true, 'list', null, 'ids of a form that is rejected', null);
    this.hasTickets ||= tickets.length > 0;
    return valid;
  }

  async #check(nativeId: string, isListed: boolean): Promise<void> {
    const failures = this.findings.length;
    const ticket = await this.#try('ticket', async (call) => {
      const found = await this.#source.find(nativeId, call);
      if (found) toPlain(found);
      return found;
    });
    if (ticket) {
      this.hasTickets = true;
      await this.#checkActions(ticket);
    } else if (isListed && this.findings.length === failures) {
      this.#add('not-found', true, 'ticket', null, 'a ticket of the list is not found by its id', null);
    }
  }

  /** A vendor may offer an action without the options of its inputs if they cannot be read. */
  async #checkActions(ticket: Ticket): Promise<void> {
    const { reads } = this.#recorder;
    const before = reads.length;
    const isRead = await this.#try('actions', async (call) => {
      await readInputs(await this.#source.actions(ticket, call));
      return true;
    });
    if (!isRead) return;
    for (const { operation, answer } of reads.slice(before)) {
      const found = answer ? String(answer.status) : 'no answer';
      if (!answer || answer.status >= 300) this.#add('status', true, operation, null, found, '200');
    }
  }

  /** Returns `undefined` after a failure. */
  async #try<Value>(
    step: string,
    work: (call: ReturnType<typeof createScope>) => Promise<Value>,
  ): Promise<Value | undefined> {
    const before = this.#recorder.reads.length;
    try {
      return await work(createScope(STEP_TIMEOUT_MS));
    } catch (error) {
      const failure = asFailure(error);
      if (!failure) throw error;
      this.#addFailure(step, this.#recorder.reads.slice(before).at(-1)?.operation ?? step, failure);
      return undefined;
    }
  }

  #addFailure(step: string, operation: string, { details }: Failure): void {
    const { kind, upstreamStatus } = details;
    if (kind === 'timeout') {
      this.#add('slow', true, operation, null, `no answer within the deadline of ${this.#limits.timeoutMs} ms`, null);
    } else {
      const status = upstreamStatus === undefined ? '' : ` (HTTP ${upstreamStatus})`;
      this.#add('failed', true, operation, null, `the ${step} cannot be read: ${kind}${status}`, null);
    }
  }

  #add(...[kind, misleads, operation, path, found, documented]: FindingParts): void {
    this.findings.push({ kind, misleads, operation, path, found, documented });
  }
}

type FindingParts = [
  kind: Finding['kind'],
  misleads: boolean,
  operation: string,
  path: string | null,
  found: string,
  documented: string | null,
];

/** Options of inputs may cost a read each. */
async function readInputs(actions: readonly TicketAction[]): Promise<void> {
  for (const { inputs } of actions) if (typeof inputs === 'function') await inputs();
}
