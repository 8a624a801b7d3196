/** The open ticket: its head, actions, outcomes and vendor-specific fields. */
import { skipToken, useApolloClient, useFragment, useQuery } from '@apollo/client/react';
import { memo, useState } from 'react';
import {
  BoardTicketFragmentDoc,
  OneTicketDocument,
  TicketWithoutActionsDocument,
  type BoardTicketFragment,
  type TicketDetailsFragment,
} from '../__generated__/documents.ts';
import { useLiveTicket } from '../live/use-live-ticket.ts';
import { codeOf, describeError } from '../session/errors.ts';
import { findView, type VendorView } from '../vendors/use-vendors.ts';
import { findProblemLabel } from '../labels.ts';
import { checkTicket } from '../writes/send.ts';
import { Actions } from './actions.tsx';
import { OutcomeNotes } from './outcome-note.tsx';
import { VendorFields } from './vendor-fields.tsx';
import { PaneHead } from './pane-head.tsx';
import { useTicketWrites } from './use-ticket-writes.ts';

interface TicketPaneProps {
  readonly id: string;
  readonly vendors: readonly VendorView[];
  onClose(): void;
}

export const TicketPane = memo(function TicketPane({ id, vendors, onClose }: TicketPaneProps) {
  const client = useApolloClient();
  const { data, previousData, error, loading, refetch } = useQuery(OneTicketDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  });
  const [isChecking, setChecking] = useState(false);
  // Keeps the previous data if a reload fails.
  const shownData = data ?? (error ? previousData : undefined);
  const ticket = shownData?.ticket;
  const withoutActions = useTicketWithoutActions(id, error !== undefined && !ticket);
  const cached = useCachedTicket(id);
  const check = (): void => {
    setChecking(true);
    void checkTicket(client, id)
      // On failure, the query of this pane shows the error.
      .then((wasRead) => (wasRead ? undefined : refetch().catch(() => undefined)))
      .finally(() => setChecking(false));
  };
  // The query shows the error. Only the user starts a retry.
  const retry = (): void => void refetch().catch(() => undefined);
  // Its actions may be others now.
  useLiveTicket(id, retry);
  const ticketWrites = useTicketWrites(id, ticket ?? cached);
  const shownTicket = ticket ?? withoutActions;
  const isMissing = !error && shownData !== undefined && !ticket;
  return (
    <aside className="pane" aria-labelledby="ticket-title" aria-busy={loading}>
      <PaneHead
        ticket={shownTicket ?? cached}
        id={id}
        fallbackTitle={loading && !isMissing ? 'Loading…' : headlineOf(id, error, vendors)}
        vendors={vendors}
        onClose={onClose}
      />
      {error && <ErrorMessage text={describeError(error)} onRetry={retry} />}
      {isMissing && <ErrorMessage text="The vendor has no such ticket." onRetry={retry} />}
      {ticket && (
        <div className="pane-body">
          <Actions ticket={ticket} ticketWrites={ticketWrites} />
        </div>
      )}
      <OutcomeNotes ticketWrites={ticketWrites} isChecking={loading || isChecking} onCheck={check} />
      {shownTicket && (
        <div className="pane-body">
          <VendorFields ticket={shownTicket} />
        </div>
      )}
      {!shownTicket && !error && !shownData && <Skeleton />}
    </aside>
  );
});

/** The title if there is no ticket to show. */
function headlineOf(id: string, error: unknown, vendors: readonly VendorView[]): string {
  if (!error) return 'Ticket not found';
  const code = codeOf(error);
  if (code === 'INVALID_INPUT') return 'Invalid ticket id';
  const label = findProblemLabel(code);
  if (label === undefined) return 'Could not load the ticket';
  const sourceId = id.slice(0, Math.max(0, id.indexOf(':')));
  const vendor = findView(vendors, sourceId)?.name;
  return vendor === undefined ? label : `${vendor}: ${label}`;
}

/**
 * Reads the ticket without its actions, which may need another vendor call and may fail alone. Not cached: if this read
 * fails, too, a cached null would mean that the ticket does not exist.
 */
function useTicketWithoutActions(id: string, isWanted: boolean): TicketDetailsFragment | undefined {
  const { data } = useQuery(
    TicketWithoutActionsDocument,
    isWanted ? { variables: { id }, fetchPolicy: 'no-cache', errorPolicy: 'all' } : skipToken,
  );
  return isWanted ? (data?.ticket ?? undefined) : undefined;
}

/** The fields that the board has already loaded. */
function useCachedTicket(id: string): BoardTicketFragment | undefined {
  const { data, complete } = useFragment({ fragment: BoardTicketFragmentDoc, from: id });
  return complete ? data : undefined;
}

interface ErrorMessageProps {
  readonly text: string;
  onRetry(): void;
}

function ErrorMessage({ text, onRetry }: ErrorMessageProps) {
  return (
    <div className="pane-body" role="alert">
      <p>{text}</p>
      <div className="buttons">
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <div className="pane-body" aria-hidden="true">
      <div className="bones">
        {Array.from({ length: 9 }, (_, index) => (
          <i key={index} className="bone" />
        ))}
      </div>
    </div>
  );
}
