/** The writes of the open ticket: what its form sends, and the outcomes that are shown beside it. */
import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { beginAction, placeAfter, readTicket, sendAgain, type Given } from '../writes/send.ts';
import { allWrites, removeWrites, useWrites } from '../writes/store.ts';
import { isUnknown, type ActionWrite, type ActPayload, type Write } from '../writes/write.ts';
import type { Action } from './action.ts';

export interface AttemptState {
  /** Newest last. */
  readonly writes: readonly ActionWrite[];
  readonly isSending: boolean;
  /** The payload of a no, for the form of that action to show at its fields. */
  refusalOf(action: string): ActPayload | undefined;
  /** Sends it under a new key. Returns whether the form has done its work. */
  begin(action: Action, given: Given): Promise<boolean>;
  /** The same once more, under the same key. */
  sendAgain(write: Write): void;
  /** Removes the outcomes that are known. */
  forget(): void;
}

export function useAttempt(ticketId: string, known: BoardTicketFragment | undefined): AttemptState {
  const client = useApolloClient();
  const all = useWrites();
  const writes = useMemo(() => all.filter((write) => isOf(write, ticketId)), [all, ticketId]);

  /** Returns whether the form has done its work. */
  const conclude = (write: Write): boolean => {
    const { progress } = write;
    if (write.kind !== 'action' || progress.state !== 'settled') return progress.state === 'lost';
    const payload = progress.payload as ActPayload;
    if (payload.outcome !== 'APPLIED') return payload.outcome !== 'NOT_APPLIED';
    // What may be done with it next is another list now.
    if (placeAfter(payload, ticketId) === undefined) void readTicket(client, ticketId);
    return true;
  };

  return {
    writes,
    isSending: writes.some(({ progress }) => progress.state === 'sending'),
    refusalOf: (action) => {
      const last = writes.at(-1);
      if (last?.input.action !== action || last.progress.state !== 'settled') return undefined;
      return last.progress.payload.outcome === 'NOT_APPLIED' ? last.progress.payload : undefined;
    },
    begin: async (action, given) => {
      // A second click of the same press finds the first one under way.
      if (allWrites().some((write) => isOf(write, ticketId) && write.progress.state === 'sending')) return false;
      forgetKnown(ticketId);
      return conclude(await beginAction(client, { ticketId, known, action, given }));
    },
    sendAgain: (write) => void sendAgain(client, write).then(conclude),
    forget: () => forgetKnown(ticketId),
  };
}

function isOf(write: Write, ticketId: string): write is ActionWrite {
  return write.kind === 'action' && write.ticketId === ticketId;
}

/** What is unknown stays until somebody has looked at the ticket. */
export function forgetKnown(ticketId: string): void {
  removeWrites(
    (write) => isOf(write, ticketId) && write.progress.state !== 'sending' && (write.isSeen || !isUnknown(write)),
  );
}
