/** The writes of the open ticket: submissions of its form, and their outcomes. */
import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { beginAction, movedTicketId, readTicket, sendAgain, type FormInput } from '../writes/send.ts';
import { allWrites, removeWrites, useWrites } from '../writes/store.ts';
import { isUnknown, type ActionWrite, type ActPayload, type Write } from '../writes/write.ts';
import type { Action } from './action.ts';

export interface TicketWrites {
  /** Oldest first. */
  readonly writes: readonly ActionWrite[];
  readonly isSending: boolean;
  /** Returns the payload if the last write of this action was rejected, so that its form can show field errors. */
  rejectionOf(action: string): ActPayload | undefined;
  /** Sends an action under a new key. Resolves to whether the form can be closed. */
  begin(action: Action, formInput: FormInput): Promise<boolean>;
  /** Repeats a write under the same key. */
  sendAgain(write: Write): void;
  /** Removes known outcomes. */
  clearKnown(): void;
}

export function useTicketWrites(ticketId: string, ticket: BoardTicketFragment | undefined): TicketWrites {
  const client = useApolloClient();
  const all = useWrites();
  const writes = useMemo(() => all.filter((write) => isOf(write, ticketId)), [all, ticketId]);

  /** Returns whether the form can be closed. */
  const conclude = (write: Write): boolean => {
    const { progress } = write;
    if (write.kind !== 'action' || progress.state !== 'settled') return progress.state === 'lost';
    const payload = progress.payload as ActPayload;
    if (payload.outcome !== 'APPLIED') return payload.outcome !== 'NOT_APPLIED';
    // The available actions have changed.
    if (movedTicketId(payload, ticketId) === undefined) void readTicket(client, ticketId);
    return true;
  };

  return {
    writes,
    isSending: writes.some(({ progress }) => progress.state === 'sending'),
    rejectionOf: (action) => {
      const last = writes.at(-1);
      if (last?.input.action !== action || last.progress.state !== 'settled') return undefined;
      return last.progress.payload.outcome === 'NOT_APPLIED' ? last.progress.payload : undefined;
    },
    begin: async (action, formInput) => {
      // Ignores a second click while the first write is being sent.
      if (allWrites().some((write) => isOf(write, ticketId) && write.progress.state === 'sending')) return false;
      clearKnownOutcomes(ticketId);
      return conclude(await beginAction(client, { ticketId, ticket, action, formInput }));
    },
    sendAgain: (write) => void sendAgain(client, write).then(conclude),
    clearKnown: () => clearKnownOutcomes(ticketId),
  };
}

function isOf(write: Write, ticketId: string): write is ActionWrite {
  return write.kind === 'action' && write.ticketId === ticketId;
}

/** Keeps unknown outcomes until the user has checked the ticket. */
export function clearKnownOutcomes(ticketId: string): void {
  removeWrites(
    (write) => isOf(write, ticketId) && write.progress.state !== 'sending' && (write.isSeen || !isUnknown(write)),
  );
}
