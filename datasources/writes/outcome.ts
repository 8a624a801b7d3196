/**
 * Sends one write and decides its outcome for each target: APPLIED, NOT_APPLIED or UNKNOWN. Nothing else decides it.
 *
 * The answer, or the lack of one, gives a result:
 *
 * - no answer, and provably nothing was sent: rejected
 * - no answer, but something may have been sent: inconclusive
 * - 4xx: rejected
 * - 5xx: inconclusive
 * - any other: `interpret` decides
 *
 * The result gives an outcome: accepted is APPLIED, rejected is NOT_APPLIED. After an inconclusive one, `verify` reads the
 * ticket: APPLIED if it finds the change, otherwise UNKNOWN.
 */
import type {
  AppliedWrite,
  FailureDetails,
  RequestScope,
  TransitionDetails,
  UpstreamAnswer,
  Write,
  WriteResult,
} from '../contract.ts';
import type { Connected } from '../upstream/connect-vendor.ts';
import type { Sending } from '../upstream/upstream-client.ts';
import { sanitize } from '../vendor-kit/failure.ts';

export type Outcome = 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';

/** The outcome of a write for one of its targets. */
export interface TargetOutcome {
  readonly kind: Outcome;
  /** Why it was not applied, or a notice about what was; `null` if there is nothing to say. */
  readonly failure: FailureDetails | null;
  readonly transition: TransitionDetails | null;
  /** Native id under which the ticket is found from now on; `null` if the vendor gave no new one. */
  readonly nativeId: string | null;
  /** Whether `verify` found what the vendor's answer should have said. */
  readonly isReconciled: boolean;
  /** Whether the vendor may have received the request. */
  readonly wasSent: boolean;
}

export interface WriteAttempt {
  /** The vendor's own id of the request; `null` if its answer names none. */
  readonly upstreamRequestId: string | null;
  /** One for each target, in the write's order; a single one for a creation. */
  readonly outcomes: readonly TargetOutcome[];
}

/**
 * Sends a write once and returns its outcomes. No outcome is an error: it throws only if `beforeSending` does, or for
 * an unexpected error.
 *
 * @param beforeSending awaited before the first byte is sent. If it throws, nothing is sent.
 */
export async function performWrite(
  write: Write,
  connection: Connected,
  call: RequestScope,
  beforeSending?: () => Promise<void>,
): Promise<WriteAttempt> {
  const sending = await connection.upstream.send(write.request, call, beforeSending);
  const result = toResult(sending, write, connection);
  const nativeIds = write.targets.length > 0 ? write.targets : [undefined];
  const outcomes = await Promise.all(
    nativeIds.map((nativeId) => decide(result, { write, nativeId, connection, call })),
  );
  return { upstreamRequestId: 'answer' in sending ? requestIdOf(sending.answer) : null, outcomes };
}

/** A `WriteResult` with what is known besides it. */
type RawResult =
  | Extract<WriteResult, { kind: 'accepted' }>
  | { readonly kind: 'rejected'; readonly failure: FailureDetails; readonly wasSent: boolean }
  | { readonly kind: 'inconclusive'; readonly why: string; readonly status?: number };

function toResult(sending: Sending, write: Write, { upstream }: Connected): RawResult {
  if (!('answer' in sending)) {
    const { failure, wasSent } = sending;
    if (!wasSent) return { kind: 'rejected', failure: failure.details, wasSent };
    return { kind: 'inconclusive', why: toClause(failure.message) };
  }
  const { answer } = sending;
  const { status } = answer;
  // RFC 9110 section 15.6: a server error does not say whether the request was carried out.
  if (status >= 500) return { kind: 'inconclusive', why: `the vendor answered ${status}`, status };
  if (status >= 400) return { kind: 'rejected', failure: upstream.describe(answer), wasSent: true };
  const result = interpret(write, answer);
  if (result.kind === 'accepted') return result;
  if (result.kind === 'inconclusive') return { ...result, status };
  return { kind: 'rejected', failure: sanitize({ upstreamStatus: status, ...result.failure }), wasSent: true };
}

/** Vendor code may throw on an answer that it does not expect; the write was sent nevertheless. */
function interpret(write: Write, answer: UpstreamAnswer): WriteResult {
  try {
    return write.interpret(answer);
  } catch {
    return { kind: 'inconclusive', why: 'its answer could not be read' };
  }
}

/** One target of a write that was sent. `nativeId` is `undefined` for a creation. */
interface SentTarget {
  readonly write: Write;
  readonly nativeId: string | undefined;
  readonly connection: Connected;
  readonly call: RequestScope;
}

async function decide(result: RawResult, target: SentTarget): Promise<TargetOutcome> {
  switch (result.kind) {
    case 'accepted':
      return applied(target.write, result, false);
    case 'rejected':
      return notApplied(await confirmMissing(result.failure, target), result.wasSent);
    case 'inconclusive':
      return reconcile(result, target);
  }
}

/**
 * Some vendors answer 404 for other reasons too: only a read shows whether the ticket is missing. If the read fails,
 * all that is known is that the vendor rejected the write.
 */
async function confirmMissing(
  failure: FailureDetails,
  { write, nativeId, connection, call }: SentTarget,
): Promise<FailureDetails> {
  const { kindIfTicketExists } = write;
  if (kindIfTicketExists === undefined || failure.kind !== 'not-found' || nativeId === undefined) return failure;
  const kind = await connection.source.find(nativeId, call).then(
    (ticket) => (ticket ? kindIfTicketExists : 'not-found'),
    () => 'rejected' as const,
  );
  return { ...failure, kind };
}

/**
 * Reads whether the ticket is in the state that the write leads to. The old state proves nothing, because the write may
 * still be in progress; nor does a read that fails. The write is never sent again.
 */
async function reconcile(
  { why, status }: Extract<RawResult, { kind: 'inconclusive' }>,
  { write, nativeId, call }: SentTarget,
): Promise<TargetOutcome> {
  const found = nativeId === undefined ? undefined : await write.verify?.(nativeId, call).catch(() => undefined);
  if (found) return applied(write, found, true);
  const message = `The request was sent, but ${why}. Outcome unknown: check the ticket before retrying.`;
  return unknown({ kind: 'outcome-unknown', message, ...(status !== undefined && { upstreamStatus: status }) });
}

function applied({ notice }: Write, { transition, nativeId }: AppliedWrite, isReconciled: boolean): TargetOutcome {
  return {
    kind: 'APPLIED',
    failure: notice ?? null,
    transition: transition ?? null,
    nativeId: nativeId ?? null,
    isReconciled,
    wasSent: true,
  };
}

/** @param failure why it was not applied; `null` if it was only planned. */
export function notApplied(failure: FailureDetails | null, wasSent: boolean): TargetOutcome {
  return { kind: 'NOT_APPLIED', failure, transition: null, nativeId: null, isReconciled: false, wasSent };
}

/** The outcome of a write that may have been sent and that nothing more will become known of. */
export function unknown(failure: FailureDetails): TargetOutcome {
  return { kind: 'UNKNOWN', failure, transition: null, nativeId: null, isReconciled: false, wasSent: true };
}

/** Response headers in which services name a request, so that their support can find it. */
const REQUEST_ID_HEADERS = ['x-request-id', 'x-correlation-id', 'x-amzn-requestid'] as const;

function requestIdOf({ headers }: UpstreamAnswer): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value)) return value;
  }
  return null;
}

/** The first sentence of a message, as a part of another sentence. */
function toClause(message: string): string {
  const [sentence = ''] = message.split(/\.(?:\s|$)/, 1);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
