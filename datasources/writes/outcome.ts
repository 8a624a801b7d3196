/** What became of a write, and the only place that says so. */
import type {
  RequestScope,
  FailureDetails,
  AppliedWrite,
  Ticket,
  TransitionDetails,
  UpstreamAnswer,
  WriteResult,
  Write,
} from '../contract.ts';
import { sanitize } from '../vendor-kit/failure.ts';
import type { UpstreamClient, Sending } from '../upstream/upstream-client.ts';

export type Outcome = 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';

/** What became of one write for one of its tickets. */
export interface TargetOutcome {
  readonly outcome: Outcome;
  /** Why not, or what else to know. */
  readonly failure: FailureDetails | null;
  readonly transition: TransitionDetails | null;
  /** Native id under which the ticket is found from now on, where the vendor gave another. */
  readonly nativeId: string | null;
  /** Whether a read afterwards found what the answer should have said. */
  readonly isReconciled: boolean;
  /** Whether a byte may have left. */
  readonly wasSent: boolean;
}

export interface WriteAttempt {
  /** The vendor's own id of the request, where its answer named one. */
  readonly upstreamRequestId: string | null;
  /** One for each target, in their order; a single one for a write without targets. */
  readonly outcome: readonly TargetOutcome[];
}

/**
 * Sends a write once and says what became of it.
 *
 * @param beforeSending awaited before the first byte can leave, where it is given; if it throws, nothing is sent and the
 * error goes on.
 */
export async function performWrite(
  write: Write,
  upstream: UpstreamClient,
  find: (nativeId: string, call: RequestScope) => Promise<Ticket | undefined>,
  call: RequestScope,
  beforeSending?: () => Promise<void>,
): Promise<WriteAttempt> {
  const sending = await upstream.send(write.request, call, beforeSending);
  const verdict = toWriteResult(sending, write, upstream);
  const wasSent = 'answer' in sending || sending.wasSent;
  const upstreamRequestId = 'answer' in sending ? requestIdOf(sending.answer) : null;
  const targets = write.targets.length > 0 ? write.targets : [undefined];
  if (verdict.kind === 'accepted') {
    return { upstreamRequestId, outcome: targets.map(() => applied(write, verdict, false)) };
  }
  const settled = await Promise.all(
    targets.map(async (nativeId): Promise<TargetOutcome> => {
      if (verdict.kind !== 'rejected') return reconcile(write, nativeId, verdict, call);
      return notApplied(await confirmMissing(verdict.failure, write, nativeId, find, call), wasSent);
    }),
  );
  return { upstreamRequestId, outcome: settled };
}

/** Headers in which services name a request, so that their people can find it. */
const REQUEST_ID_HEADERS = ['x-request-id', 'x-correlation-id', 'x-amzn-requestid'] as const;

function requestIdOf({ headers }: UpstreamAnswer): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value)) return value;
  }
  return null;
}

/** How a vendor's answer, or the lack of one, is to be understood before anything is looked up. */
type RawResult = WriteResult | { readonly kind: 'inconclusive'; readonly why: string; readonly status?: number };

function toWriteResult(sending: Sending, write: Write, upstream: UpstreamClient): RawResult {
  if (!('answer' in sending)) {
    if (!sending.wasSent) return { kind: 'rejected', failure: sending.failure.details };
    return { kind: 'inconclusive', why: lowerFirst(sending.failure.message) };
  }
  const { answer } = sending;
  const { status } = answer;
  // RFC 9110 section 15.6: a server error says nothing about whether the request was carried out.
  if (status >= 500) return { kind: 'inconclusive', why: `the vendor answered ${status}`, status };
  if (status >= 400) return { kind: 'rejected', failure: upstream.describe(answer) };
  const verdict = judge(write, answer);
  if (verdict.kind === 'rejected') {
    return { kind: 'rejected', failure: sanitize({ upstreamStatus: status, ...verdict.failure }) };
  }
  return verdict.kind === 'inconclusive' ? { ...verdict, status } : verdict;
}

/** A vendor's reading of an answer may stumble over what nobody foresaw; the write was sent all the same. */
function judge(write: Write, answer: Parameters<Write['interpret']>[0]): WriteResult {
  try {
    return write.interpret(answer);
  } catch {
    return { kind: 'inconclusive', why: 'its answer could not be read' };
  }
}

function applied(
  { notice: remark }: Write,
  { transition, nativeId }: AppliedWrite,
  isReconciled: boolean,
): TargetOutcome {
  return {
    outcome: 'APPLIED',
    failure: remark ?? null,
    transition: transition ?? null,
    nativeId: nativeId ?? null,
    isReconciled,
    wasSent: true,
  };
}

/** @param failure why not; null for what was only planned */
export function notApplied(failure: FailureDetails | null, wasSent: boolean): TargetOutcome {
  return { outcome: 'NOT_APPLIED', failure, transition: null, nativeId: null, isReconciled: false, wasSent };
}

/** It may have been sent, and nobody will ever say more. */
export function unknown(failure: FailureDetails): TargetOutcome {
  return { outcome: 'UNKNOWN', failure, transition: null, nativeId: null, isReconciled: false, wasSent: true };
}

/**
 * Where a vendor says 404 for other reasons too, only a read can tell that the ticket is missing. A read that fails
 * tells neither: then nothing is known but that the vendor said no.
 */
async function confirmMissing(
  failure: FailureDetails,
  write: Write,
  nativeId: string | undefined,
  find: (nativeId: string, call: RequestScope) => Promise<Ticket | undefined>,
  call: RequestScope,
): Promise<FailureDetails> {
  const { kindIfTicketExists: kindIfFound } = write;
  if (kindIfFound === undefined || failure.kind !== 'not-found' || nativeId === undefined) return failure;
  const kind = await find(nativeId, call).then(
    (ticket) => (ticket ? kindIfFound : 'not-found'),
    () => 'rejected' as const,
  );
  return { ...failure, kind };
}

/**
 * Looks whether the ticket stands where the write was to bring it. The old state proves nothing, since the write may
 * still be under way; neither does a look that fails. Never a second write.
 */
async function reconcile(
  write: Write,
  nativeId: string | undefined,
  { why, status }: { why: string; status?: number },
  call: RequestScope,
): Promise<TargetOutcome> {
  const found = nativeId === undefined ? undefined : await write.verify?.(nativeId, call).catch(() => undefined);
  if (found) return applied(write, found, true);
  const message =
    `It was sent, but ${why.replace(/\.$/, '')}: whether it happened is not known. ` +
    'Look at the ticket before doing it again.';
  return unknown({ kind: 'outcome-unknown', message, ...(status !== undefined && { upstreamStatus: status }) });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
