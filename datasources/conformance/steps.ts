/** Reads a vendor's list, a ticket and its actions, and finds what is wrong with them, apart from the shape of answers. */
import type { Ticket, TicketAction, Vendor, Datasource } from '../contract.ts';
import { asFailure, type Failure } from '../vendor-kit/failure.ts';
import { isNativeId } from '../vendor-kit/global-id.ts';
import { toPlain } from '../vendor-kit/lazy.ts';
import { isPlainWord, type UnknownWord } from '../vendor-kit/words.ts';
import type { Finding } from './finding.ts';
import { createScope, type ReadRecorder } from './recorder.ts';

/** Rows of the list that are read: enough to meet every common status, and few enough for one page of any vendor. */
const ROWS = 50;

/** Deadline of one step. The default of `REQUEST_TIMEOUT_MS`. */
const STEP_TIMEOUT_MS = 30_000;

/** Fields that decide what a ticket looks like, or what can be done with it. */
const DECISIVE: ReadonlySet<string> = new Set(['status', 'priority', 'action']);

interface Limits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
}

/** The steps of one check. Each failure is a finding; only unexpected errors are thrown. */
export class CheckSteps {
  readonly findings: Finding[] = [];
  readonly notices: string[] = [];
  hasTickets = false;
  readonly #vendor: Vendor;
  readonly #datasource: Datasource;
  readonly #recorder: ReadRecorder;
  readonly #limits: Limits;

  constructor(vendor: Vendor, datasource: Datasource, recorder: ReadRecorder, limits: Limits) {
    this.#vendor = vendor;
    this.#datasource = datasource;
    this.#recorder = recorder;
    this.#limits = limits;
  }

  async run(nativeIds: readonly string[]): Promise<void> {
    const listed = await this.#readList();
    const newest = listed.slice(0, 1).map(({ nativeId }) => nativeId);
    const example = this.#datasource.list ? [] : [this.#vendor.nativeId.example];
    const ids = nativeIds.length > 0 ? nativeIds : [...newest, ...example];
    for (const nativeId of ids) await this.#readTicket(nativeId, newest.includes(nativeId));
    if (!this.hasTickets) this.notices.push('no ticket was read: name one with --ticket');
  }

  addWord({ field, word }: UnknownWord): void {
    const found = isPlainWord(word) ? `"${word}"` : `a word of ${word.length} characters`;
    this.#add('unknown-word', DECISIVE.has(field), 'tickets', field, found, null);
  }

  async #readList(): Promise<readonly Ticket[]> {
    const { list, pageLimit = 100 } = this.#datasource;
    if (!list) return [];
    const startedAt = performance.now();
    const limit = Math.min(ROWS, pageLimit);
    const page = await this.#try('list', (call) =>
      list.call(this.#datasource, { offset: 0, limit, filter: {} }, call).then((read) => {
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
    const valid = tickets.filter(({ nativeId }) => isNativeId(this.#vendor, nativeId));
    if (valid.length < tickets.length) this.#add('rows', true, 'list', null, 'ids of a form that is rejected', null);
    this.hasTickets ||= tickets.length > 0;
    return valid;
  }

  async #readTicket(nativeId: string, isListed: boolean): Promise<void> {
    const failures = this.findings.length;
    const ticket = await this.#try('ticket', async (call) => {
      const found = await this.#datasource.find(nativeId, call);
      if (found) toPlain(found);
      return found;
    });
    if (ticket) {
      this.hasTickets = true;
      await this.#readActions(ticket);
    } else if (isListed && this.findings.length === failures) {
      this.#add('not-found', true, 'ticket', null, 'a ticket of the list is not found by its id', null);
    }
  }

  /** A vendor may offer an action without the options of its inputs if they cannot be read. */
  async #readActions(ticket: Ticket): Promise<void> {
    const { reads } = this.#recorder;
    const before = reads.length;
    const isRead = await this.#try('actions', async (call) => {
      await readInputs(await this.#datasource.actions(ticket, call));
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
