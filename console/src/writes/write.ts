/** A write of this page: its request, its idempotency key and its result. */
import type {
  ActMutation,
  ExecuteActionInput,
  SetStatusInput,
  SetStatusMutation,
  ProblemPartsFragment,
} from '../__generated__/documents.ts';

export type ActPayload = ActMutation['executeAction'];
export type StatusPayload = SetStatusMutation['setStatus'];

/** State of a write. The state names are stored in the tab's session storage. */
export type Progress<Payload> =
  /** Not sent yet. */
  | { readonly state: 'waiting' }
  | { readonly state: 'sending' }
  | { readonly state: 'settled'; readonly payload: Payload }
  /** The endpoint rejected the request. Nothing was sent to the vendor. */
  | { readonly state: 'refused'; readonly message: string }
  /** The connection was lost before the endpoint responded. */
  | { readonly state: 'lost'; readonly message: string };

interface WriteBase {
  /** The idempotency key. Repeats of the same user action share it. */
  readonly key: string;
  /** When it was first sent or, while it is waiting, created. Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Whether the user has seen the outcome or, if it is unknown, has checked the ticket. */
  readonly isSeen: boolean;
}

/** An action on one ticket. */
export interface ActionWrite extends WriteBase {
  readonly kind: 'action';
  readonly ticketId: string;
  /** The ticket's reference. */
  readonly reference: string;
  readonly label: string;
  readonly input: ExecuteActionInput & { readonly idempotencyKey: string };
  readonly progress: Progress<ActPayload>;
}

/** One request of a bulk status change. */
export interface StatusWrite extends WriteBase {
  readonly kind: 'status';
  /** Whether the user closed the results. Unknown ones are then listed in the tray. */
  readonly isFiled: boolean;
  /** Tickets with an unknown outcome that the user has checked. */
  readonly seenIds: readonly string[];
  readonly input: SetStatusInput & { readonly ticketIds: readonly string[]; readonly idempotencyKey: string };
  readonly progress: Progress<StatusPayload>;
}

export type Write = ActionWrite | StatusWrite;

/** Whether its outcome is unknown. */
export function isUnknown({ progress }: Write): boolean {
  if (progress.state === 'lost') return true;
  if (progress.state !== 'settled') return false;
  return 'results' in progress.payload
    ? progress.payload.results.some(({ outcome }) => outcome === 'UNKNOWN')
    : progress.payload.outcome === 'UNKNOWN';
}

/** The endpoint keeps keys for 24 hours. Half an hour less allows for clock skew and slow requests. */
export const KEY_LIFETIME_MS = 23.5 * 60 * 60 * 1000;

/** Whether the endpoint still recognizes the key. Afterwards, a repeat would be a new write. */
export function hasLiveKey({ startedAt, progress }: Write): boolean {
  return progress.state === 'waiting' || Date.now() - startedAt < KEY_LIFETIME_MS;
}

/** Tickets with an unknown outcome that have not been checked since. */
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

/** Problems of a repeat that do not reveal the outcome of the first attempt. */
const INCONCLUSIVE_CODES: ReadonlySet<ProblemPartsFragment['code']> = new Set([
  'IDEMPOTENCY_IN_FLIGHT',
  'IDEMPOTENCY_UNAVAILABLE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
]);

/** Returns why a repeat does not reveal the outcome of the first attempt, or `undefined` if it does. */
export function inconclusiveReason(problems: readonly ProblemPartsFragment[]): string | undefined {
  return problems.find(({ code }) => INCONCLUSIVE_CODES.has(code))?.message;
}
