/** A write as this page keeps it: what was sent under which key, and how it ended. */
import type {
  ActMutation,
  ExecuteActionInput,
  SetStatusInput,
  SetStatusMutation,
  TroubleFragment,
} from '../__generated__/documents.ts';

export type ActPayload = ActMutation['executeAction'];
export type StatusPayload = SetStatusMutation['setStatus'];

/** How far a write has come. */
export type Progress<Payload> =
  /** Not sent yet. */
  | { readonly state: 'waiting' }
  | { readonly state: 'sending' }
  | { readonly state: 'settled'; readonly payload: Payload }
  /** The endpoint refused the request itself: nothing was sent to the vendor. */
  | { readonly state: 'refused'; readonly message: string }
  /** No answer of the endpoint came. */
  | { readonly state: 'lost'; readonly message: string };

interface Kept {
  /** The idempotency key: each press of a button has its own, and whatever repeats the press has the same. */
  readonly key: string;
  /** When it was first sent, in milliseconds since the epoch; of one that is waiting, when the button was pressed. */
  readonly startedAt: number;
  /** Whether somebody has seen the outcome, or looked at the ticket if the outcome is unknown. */
  readonly isSeen: boolean;
}

/** An action on one ticket. */
export interface ActionWrite extends Kept {
  readonly kind: 'action';
  readonly ticketId: string;
  /** What people call the ticket. */
  readonly reference: string;
  readonly label: string;
  readonly input: ExecuteActionInput & { readonly idempotencyKey: string };
  readonly progress: Progress<ActPayload>;
}

/** One request of a status for many tickets. */
export interface StatusWrite extends Kept {
  readonly kind: 'status';
  /** Whether the results of the press are closed: what is still unknown is listed in the tray from then on. */
  readonly isFiled: boolean;
  /** Tickets that somebody has looked at since, because their outcome is unknown. */
  readonly seenIds: readonly string[];
  readonly input: SetStatusInput & { readonly ticketIds: readonly string[]; readonly idempotencyKey: string };
  readonly progress: Progress<StatusPayload>;
}

export type Write = ActionWrite | StatusWrite;

/** Whether it may have happened, or not. */
export function isUnknown({ progress }: Write): boolean {
  if (progress.state === 'lost') return true;
  if (progress.state !== 'settled') return false;
  return 'results' in progress.payload
    ? progress.payload.results.some(({ outcome }) => outcome === 'UNKNOWN')
    : progress.payload.outcome === 'UNKNOWN';
}

/** The endpoint keeps keys for 24 hours. Half an hour less, for clocks that differ and requests that take long. */
const KEY_LIFETIME_MS = 23.5 * 60 * 60 * 1000;

/** Whether the endpoint still recognizes a repeat. Afterwards the same key would be a new write. */
export function hasLiveKey({ startedAt, progress }: Write): boolean {
  return progress.state === 'waiting' || Date.now() - startedAt < KEY_LIFETIME_MS;
}

/** Tickets whose outcome is unknown and that have not been opened since. */
export function unknownTicketsOf(write: Write): readonly string[] {
  if (write.isSeen || !isUnknown(write)) return [];
  if (write.kind === 'action') return [write.ticketId];
  const { progress, input, seenIds } = write;
  const unknown =
    progress.state === 'settled'
      ? progress.payload.results.filter(({ outcome }) => outcome === 'UNKNOWN').map(({ ticketId }) => ticketId)
      : input.ticketIds;
  return unknown.filter((id) => !seenIds.includes(id));
}

export function ticketsOf(write: Write): readonly string[] {
  return write.kind === 'action' ? [write.ticketId] : write.input.ticketIds;
}

/** Problems that say nothing about the first attempt: a repeat that meets one leaves the write unknown. */
const SAYS_NOTHING: ReadonlySet<TroubleFragment['code']> = new Set([
  'IDEMPOTENCY_IN_FLIGHT',
  'IDEMPOTENCY_UNAVAILABLE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
]);

/** Why the answer to a repeat does not tell what became of the first attempt; undefined if it does. */
export function whyUntold(problems: readonly TroubleFragment[]): string | undefined {
  return problems.find(({ code }) => SAYS_NOTHING.has(code))?.message;
}
