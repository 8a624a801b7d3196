/** Sends writes. Never retries automatically. */
import type { ApolloClient } from '@apollo/client';
import {
  ActDocument,
  BoardDocument,
  OneTicketDocument,
  SetStatusDocument,
  type BoardTicketFragment,
  type ExecuteActionInput,
  type ProblemPartsFragment,
} from '../__generated__/documents.ts';
import { newIdempotencyKey } from '../idempotency-key.ts';
import { asError, describeError, isDisconnected } from '../session/errors.ts';
import { currentCaller } from '../session/session.ts';
import { allWrites, addWrites, changeWrite, markSeen } from './store.ts';
import {
  hasLiveKey,
  ticketsOf,
  inconclusiveReason,
  type ActPayload,
  type ActionWrite,
  type Progress,
  type StatusPayload,
  type StatusWrite,
  type Write,
} from './write.ts';

/** The values of a form. */
export type FormInput = Pick<ExecuteActionInput, 'inputs' | 'comment'>;

export interface NewAction {
  readonly ticketId: string;
  readonly ticket: Pick<BoardTicketFragment, 'reference'> | undefined;
  readonly action: { readonly name: string; readonly label: string };
  readonly formInput: FormInput;
}

/** Sends an action under a new key. */
export function beginAction(client: ApolloClient, { ticketId, ticket, action, formInput }: NewAction): Promise<Write> {
  const key = newIdempotencyKey();
  const write: ActionWrite = {
    kind: 'action',
    key,
    startedAt: Date.now(),
    isSeen: false,
    ticketId,
    reference: ticket?.reference ?? ticketId,
    label: action.label,
    input: { ticketId, action: action.name, ...formInput, idempotencyKey: key },
    progress: { state: 'sending' },
  };
  addWrites([write]);
  return send(client, write, false);
}

/** Repeats a write under the same key. Sends nothing if the key has expired. */
export async function sendAgain(client: ApolloClient, write: Write): Promise<Write> {
  if (!hasLiveKey(write)) {
    // The key expired after the button was rendered: render again.
    changeWrite(write.key, (before) => ({ ...before }));
    return write;
  }
  const isRepeat = write.progress.state === 'lost' || write.progress.state === 'settled';
  const startedAt = write.progress.state === 'waiting' ? Date.now() : write.startedAt;
  changeWrite(write.key, (before) => withProgress({ ...before, startedAt, isSeen: false }, { state: 'sending' }));
  return send(client, write, isRepeat);
}

async function send(client: ApolloClient, write: Write, isRepeat: boolean): Promise<Write> {
  const owner = currentCaller();
  const progress =
    write.kind === 'action' ? await act(client, write, isRepeat) : await setStatus(client, write, isRepeat);
  changeWrite(write.key, (before) => withProgress(before, progress), owner);
  return withProgress(write, progress);
}

function withProgress(write: Write, progress: Write['progress']): Write {
  return { ...write, progress } as Write;
}

async function act(client: ApolloClient, write: ActionWrite, isRepeat: boolean): Promise<ActionWrite['progress']> {
  const progress = await attemptWrite(isRepeat, async () => {
    const { data, error } = await client.mutate({
      mutation: ActDocument,
      variables: { input: write.input },
      // With an outcome, an error only means that the ticket could not be read afterwards.
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    return data.executeAction;
  });
  if (progress.state !== 'settled' || progress.payload.outcome !== 'APPLIED') return progress;
  const hasMoved = movedTicketId(progress.payload, write.ticketId) !== undefined;
  // The board lists the ticket under an id that is no longer valid.
  if (hasMoved || progress.payload.ticket === null) void client.refetchQueries({ include: [BoardDocument] });
  return progress;
}

function setStatus(client: ApolloClient, write: StatusWrite, isRepeat: boolean): Promise<StatusWrite['progress']> {
  return attemptWrite(isRepeat, async () => {
    const { data, error } = await client.mutate({
      mutation: SetStatusDocument,
      variables: { input: write.input },
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    return data.setStatus;
  });
}

/** @param isRepeat whether an earlier attempt is unknown. It stays unknown if the response does not cover it. */
async function attemptWrite<Payload extends ActPayload | StatusPayload>(
  isRepeat: boolean,
  request: () => Promise<Payload>,
): Promise<Progress<Payload>> {
  try {
    const payload = await request();
    const inconclusive = payload.outcome === 'NOT_APPLIED' ? inconclusiveReason(problemsOf(payload)) : undefined;
    return isRepeat && inconclusive !== undefined
      ? { state: 'lost', message: inconclusive }
      : { state: 'settled', payload };
  } catch (error) {
    return { state: isRepeat || isDisconnected(error) ? 'lost' : 'refused', message: describeError(error) };
  }
}

function problemsOf(payload: ActPayload | StatusPayload): readonly ProblemPartsFragment[] {
  if (!('results' in payload)) return payload.problems;
  return [...payload.problems, ...payload.results.flatMap(({ problem }) => problem ?? [])];
}

/** Returns the ticket's new id, or `undefined` if it has not changed. */
export function movedTicketId({ transition, ticket }: ActPayload, ticketId: string): string | undefined {
  const movedTo = transition && 'movedToId' in transition ? transition.movedToId : null;
  const currentId = movedTo ?? ticket?.id ?? ticketId;
  return currentId === ticketId ? undefined : currentId;
}

/**
 * Reads the ticket from its vendor, and marks its unknown outcomes as checked.
 *
 * @returns whether the read succeeded.
 */
export async function checkTicket(client: ApolloClient, ticketId: string): Promise<boolean> {
  // Excludes writes that start while the ticket is being read.
  const keys = allWrites()
    .filter((write) => ticketsOf(write).includes(ticketId) && write.progress.state !== 'sending')
    .map(({ key }) => key);
  const wasRead = await readTicket(client, ticketId);
  if (wasRead) markSeen(keys, ticketId);
  return wasRead;
}

/** Reads the ticket from its vendor. Returns whether the read succeeded. */
export async function readTicket(client: ApolloClient, ticketId: string): Promise<boolean> {
  try {
    await client.query({ query: OneTicketDocument, variables: { id: ticketId }, fetchPolicy: 'network-only' });
    return true;
  } catch {
    return false;
  }
}
