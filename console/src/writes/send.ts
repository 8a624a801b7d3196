/** Sends writes. Nothing here sends one again by itself. */
import type { ApolloClient } from '@apollo/client';
import {
  ActDocument,
  BoardDocument,
  OneTicketDocument,
  SetStatusDocument,
  type BoardTicketFragment,
  type ExecuteActionInput,
  type TroubleFragment,
} from '../__generated__/documents.ts';
import { newKey } from '../key.ts';
import { asError, describeError, isLost } from '../session/refusal.ts';
import { currentOwner } from '../session/session.ts';
import { allWrites, addWrites, changeWrite, markSeen } from './store.ts';
import {
  hasLiveKey,
  ticketsOf,
  whyUntold,
  type ActPayload,
  type ActionWrite,
  type Progress,
  type StatusPayload,
  type StatusWrite,
  type Write,
} from './write.ts';

/** What a form holds. */
export type Given = Pick<ExecuteActionInput, 'inputs' | 'comment'>;

export interface Press {
  readonly ticketId: string;
  readonly known: Pick<BoardTicketFragment, 'reference'> | undefined;
  readonly action: { readonly name: string; readonly label: string };
  readonly given: Given;
}

/** Sends an action under a new key. */
export function beginAction(client: ApolloClient, { ticketId, known, action, given }: Press): Promise<Write> {
  const key = newKey();
  const write: ActionWrite = {
    kind: 'action',
    key,
    startedAt: Date.now(),
    isSeen: false,
    ticketId,
    reference: known?.reference ?? ticketId,
    label: action.label,
    input: { ticketId, action: action.name, ...given, idempotencyKey: key },
    progress: { state: 'sending' },
  };
  addWrites([write]);
  return send(client, write, false);
}

/** The same once more, under the same key. Sends nothing if the key has expired. */
export async function sendAgain(client: ApolloClient, write: Write): Promise<Write> {
  if (!hasLiveKey(write)) {
    // The key may have expired since the button was rendered.
    changeWrite(write.key, (before) => ({ ...before }));
    return write;
  }
  const isRepeat = write.progress.state === 'lost' || write.progress.state === 'settled';
  const startedAt = write.progress.state === 'waiting' ? Date.now() : write.startedAt;
  changeWrite(write.key, (before) => withProgress({ ...before, startedAt, isSeen: false }, { state: 'sending' }));
  return send(client, write, isRepeat);
}

async function send(client: ApolloClient, write: Write, isRepeat: boolean): Promise<Write> {
  const owner = currentOwner();
  const progress =
    write.kind === 'action' ? await act(client, write, isRepeat) : await setStatus(client, write, isRepeat);
  changeWrite(write.key, (before) => withProgress(before, progress), owner);
  return withProgress(write, progress);
}

function withProgress(write: Write, progress: Write['progress']): Write {
  return { ...write, progress } as Write;
}

async function act(client: ApolloClient, write: ActionWrite, isRepeat: boolean): Promise<ActionWrite['progress']> {
  const progress = await settle(isRepeat, async () => {
    const { data, error } = await client.mutate({
      mutation: ActDocument,
      variables: { input: write.input },
      // An error may stand beside the outcome: then only the read of the ticket afterwards has failed.
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    return data.executeAction;
  });
  if (progress.state !== 'settled' || progress.payload.outcome !== 'APPLIED') return progress;
  const isElsewhere = placeAfter(progress.payload, write.ticketId) !== undefined;
  // The board has it under an id that is no longer in use.
  if (isElsewhere || progress.payload.ticket === null) void client.refetchQueries({ include: [BoardDocument] });
  return progress;
}

function setStatus(client: ApolloClient, write: StatusWrite, isRepeat: boolean): Promise<StatusWrite['progress']> {
  return settle(isRepeat, async () => {
    const { data, error } = await client.mutate({
      mutation: SetStatusDocument,
      variables: { input: write.input },
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    return data.setStatus;
  });
}

/** @param isRepeat after an attempt whose outcome is unknown: what does not tell of that one leaves it unknown. */
async function settle<Payload extends ActPayload | StatusPayload>(
  isRepeat: boolean,
  request: () => Promise<Payload>,
): Promise<Progress<Payload>> {
  try {
    const payload = await request();
    const untold = payload.outcome === 'NOT_APPLIED' ? whyUntold(problemsOf(payload)) : undefined;
    return isRepeat && untold !== undefined ? { state: 'lost', message: untold } : { state: 'settled', payload };
  } catch (error) {
    return { state: isRepeat || isLost(error) ? 'lost' : 'refused', message: describeError(error) };
  }
}

function problemsOf(payload: ActPayload | StatusPayload): readonly TroubleFragment[] {
  if (!('results' in payload)) return payload.problems;
  return [...payload.problems, ...payload.results.flatMap(({ problem }) => problem ?? [])];
}

/** The id under which the ticket goes on, if it has another one now. */
export function placeAfter({ transition, ticket }: ActPayload, ticketId: string): string | undefined {
  const movedTo = transition && 'movedToId' in transition ? transition.movedToId : null;
  const place = movedTo ?? ticket?.id ?? ticketId;
  return place === ticketId ? undefined : place;
}

/**
 * Reads the ticket from its vendor, and notes that somebody has looked: what is unknown of it is settled by that look.
 *
 * @returns whether the vendor answered.
 */
export async function lookAt(client: ApolloClient, ticketId: string): Promise<boolean> {
  // Writes that begin while the ticket is read are not settled by it.
  const keys = allWrites()
    .filter((write) => ticketsOf(write).includes(ticketId) && write.progress.state !== 'sending')
    .map(({ key }) => key);
  const isAnswered = await readTicket(client, ticketId);
  if (isAnswered) markSeen(keys, ticketId);
  return isAnswered;
}

/** Reads the ticket from its vendor. Returns whether the vendor answered. */
export async function readTicket(client: ApolloClient, ticketId: string): Promise<boolean> {
  try {
    await client.query({ query: OneTicketDocument, variables: { id: ticketId }, fetchPolicy: 'network-only' });
    return true;
  } catch {
    return false;
  }
}
