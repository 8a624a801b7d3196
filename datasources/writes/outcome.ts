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
 * The result gives an outcome: accepted is APPLIED, rejected is NOT_APPLIED. After any other, `verify` reads the ticket,
 * and it is APPLIED if that finds the change. If it does not:
 *
 * - answered: NOT_APPLIED, because an answered write is no longer in progress
 * - inconclusive: UNKNOWN, because the write may still be in progress
 *
 * A read that fails is UNKNOWN.
 */
import type {
  AppliedWrite,
  FailureDetails,
  FollowUp,
  RequestScope,
  TransitionDetails,
  UpstreamAnswer,
  Write,
  WriteResult,
} from '../contract.ts';
import type { Connected } from '../upstream/connect-source.ts';
import type { Sending } from '../upstream/upstream-client.ts';
import { asFailure, sanitize } from '../vendor-kit/failure.ts';

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
  const prepared = write.prepare ? await prepare(write, write.prepare, call) : write;
  if ('failure' in prepared) return notSent(write, prepared.failure);
  const sending = await connection.upstream.send(prepared.request, call, beforeSending);
  const result = toResult(sending, prepared, connection);
  const nativeIds = write.targets.length > 0 ? write.targets : [undefined];
  const decided = await Promise.all(
    nativeIds.map((nativeId) => decide(result, { write: prepared, nativeId, connection, call })),
  );
  const outcomes = write.followUp ? await follow(write.followUp, decided, connection, call) : decided;
  return { upstreamRequestId: 'answer' in sending ? requestIdOf(sending.answer) : null, outcomes };
}

/** Returns the write with what `prepare` has read, or why it cannot be sent. */
async function prepare(
  write: Write,
  read: NonNullable<Write['prepare']>,
  call: RequestScope,
): Promise<Write | { readonly failure: FailureDetails }> {
  try {
    return { ...write, ...(await read(call)) };
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return { failure: failure.details };
  }
}

function notSent({ targets }: Write, failure: FailureDetails): WriteAttempt {
  const outcome = notApplied(failure, false);
  return { upstreamRequestId: null, outcomes: targets.length > 0 ? targets.map(() => outcome) : [outcome] };
}

/** A `WriteResult` with what is known besides it. */
type RawResult =
  | Extract<WriteResult, { kind: 'accepted' }>
  | { readonly kind: 'rejected'; readonly failure: FailureDetails; readonly wasSent: boolean }
  | { readonly kind: 'answered'; readonly upstreamMessage?: string; readonly status: number }
  | { readonly kind: 'inconclusive'; readonly why: string; readonly status?: number };

function toResult(sending: Sending, { interpret }: Pick<Write, 'interpret'>, { upstream }: Connected): RawResult {
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
  const result = tryToInterpret(interpret, answer);
  if (result.kind === 'accepted') return result;
  if (result.kind !== 'rejected') return { ...result, status };
  return { kind: 'rejected', failure: sanitize({ upstreamStatus: status, ...result.failure }), wasSent: true };
}

/** Vendor code may throw on an answer that it does not expect; the write was sent nevertheless. */
function tryToInterpret(interpret: Write['interpret'], answer: UpstreamAnswer): WriteResult {
  try {
    return interpret(answer);
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
      return inspect(applied(target.write, result, false), target);
    case 'rejected':
      return notApplied(await confirmMissing(result.failure, target), result.wasSent);
    case 'answered':
      return look(result, target);
    case 'inconclusive':
      return reconcile(result, target);
  }
}

/** Adds a notice about what the vendor left out. */
async function inspect(outcome: TargetOutcome, { write, nativeId, call }: SentTarget): Promise<TargetOutcome> {
  const readable = outcome.nativeId ?? nativeId;
  if (!write.inspect || readable === undefined) return outcome;
  const notice = await write.inspect(readable, call).catch(() => undefined);
  return notice ? { ...outcome, failure: notice } : outcome;
}

/**
 * Some vendors answer 404 for other reasons too: only a read shows whether the ticket is missing. If the read fails,
 * all that is known is that the vendor rejected the write.
 */
async function confirmMissing(
  failure: FailureDetails,
  { write, nativeId, connection, call }: SentTarget,
): Promise<FailureDetails> {
  const { kindIfTicketExists, missingStatuses = [] } = write;
  const mayBeMissing = failure.kind === 'not-found' || missingStatuses.includes(failure.upstreamStatus ?? 0);
  if (kindIfTicketExists === undefined || !mayBeMissing || nativeId === undefined) return failure;
  const kind = await connection.datasource.find(nativeId, call).then(
    (ticket) => (ticket ? kindIfTicketExists : 'not-found'),
    () => 'rejected' as const,
  );
  return { ...failure, kind };
}

/**
 * Reads whether an answered write was applied. Nothing of it is in progress any more, so the old state proves that it was
 * not; the vendor's own words are passed on, but never decide.
 */
async function look(
  { upstreamMessage, status }: Extract<RawResult, { kind: 'answered' }>,
  { write, nativeId, call }: SentTarget,
): Promise<TargetOutcome> {
  const said = { upstreamStatus: status, ...(upstreamMessage !== undefined && { upstreamMessage }) };
  if (nativeId === undefined || !write.verify) return unknown(sanitize({ ...UNREADABLE, ...said }));
  try {
    const found = await write.verify(nativeId, call);
    return found ? applied(write, found, false) : notApplied(sanitize({ ...UNCHANGED, ...said }), true);
  } catch {
    return unknown(sanitize({ ...UNREADABLE, ...said }));
  }
}

const UNCHANGED: FailureDetails = {
  kind: 'rejected',
  message: 'The vendor did not make the change: a read after its answer shows the ticket without it.',
};

const UNREADABLE: FailureDetails = {
  kind: 'outcome-unknown',
  message:
    'The vendor answered without saying whether the change was made, and a read could not tell. ' +
    'Outcome unknown: check the ticket before retrying.',
};

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

/** Sends the second request of a write, if the first one was applied to every target. */
async function follow(
  followUp: FollowUp,
  outcomes: readonly TargetOutcome[],
  connection: Connected,
  call: RequestScope,
): Promise<readonly TargetOutcome[]> {
  if (outcomes.every(({ kind }) => kind === 'NOT_APPLIED')) return outcomes;
  if (outcomes.some(({ kind }) => kind !== 'APPLIED')) {
    return outcomes.map((outcome) => withSentence(outcome, `${capitalize(followUp.what)} was not sent.`));
  }
  const sending = await connection.upstream.send(followUp.request, call);
  const failure = failureOf(toResult(sending, followUp, connection), followUp.what);
  return failure ? outcomes.map((outcome) => ({ ...outcome, failure })) : outcomes;
}

/** Why the second request failed, as a notice beside the outcome of the first; `undefined` if it did not. */
function failureOf(result: RawResult, what: string): FailureDetails | undefined {
  if (result.kind === 'accepted') return undefined;
  if (result.kind === 'rejected') {
    const { message, ...rest } = result.failure;
    const reason = message === undefined ? '' : ` ${message}`;
    return { ...rest, message: `The action was applied, but ${what} was not added.${reason}` };
  }
  const message = `The action was applied, but it is unknown whether ${what} was added: check before sending it again.`;
  return { kind: 'outcome-unknown', message, ...(result.status !== undefined && { upstreamStatus: result.status }) };
}

function withSentence(outcome: TargetOutcome, sentence: string): TargetOutcome {
  const { failure } = outcome;
  return failure?.message === undefined
    ? outcome
    : { ...outcome, failure: { ...failure, message: `${failure.message} ${sentence}` } };
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
