/** The ticket that is open: what it is, what may be done with it now, and all that its vendor says of it. */
import { skipToken, useFragment, useQuery } from '@apollo/client/react';
import {
  BoardTicketFragmentDoc,
  OneTicketDocument,
  TicketAloneDocument,
  type BoardTicketFragment,
  type ToldTicketFragment,
} from '../__generated__/documents.ts';
import { describeError } from '../session/refusal.ts';
import type { VendorView } from '../vendors/use-vendors.ts';
import { Actions } from './actions.tsx';
import { OutcomeNote } from './outcome-note.tsx';
import { OwnFields } from './own-fields.tsx';
import { PaneHead } from './pane-head.tsx';
import { useAttempt } from './use-attempt.ts';

interface TicketPaneProps {
  readonly id: string;
  readonly vendors: readonly VendorView[];
  onClose(): void;
}

export function TicketPane({ id, vendors, onClose }: TicketPaneProps) {
  const { data, error, loading, refetch } = useQuery(OneTicketDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  });
  const ticket = data?.ticket;
  const alone = useTicketAlone(id, error !== undefined && !ticket);
  const known = useKnownTicket(id);
  // What failed to load is told below; a second look is a person's decision.
  const look = (): void => void refetch().catch(() => undefined);
  const attempt = useAttempt(id, ticket ?? known, look);
  const told = ticket ?? alone;
  return (
    <aside className="pane" aria-labelledby="ticket-title" aria-busy={loading}>
      <PaneHead ticket={told ?? known} id={id} isLoading={loading} vendors={vendors} onClose={onClose} />
      {ticket && (
        <div className="pane-body">
          <Actions ticket={ticket} attempt={attempt} />
        </div>
      )}
      <OutcomeNote attempt={attempt} isLooking={loading} onLook={look} />
      {!ticket && (error !== undefined || data !== undefined) && <Missing error={error} onLook={look} />}
      {told && (
        <div className="pane-body">
          <OwnFields ticket={told} />
        </div>
      )}
      {!told && !error && !data && <Bones />}
    </aside>
  );
}

/**
 * What may be done is asked of the vendor besides the ticket, and may fail where the ticket does not. Where both do, the
 * null of this answer must not be kept: it would stand for a ticket that does not exist, in place of the failure.
 */
function useTicketAlone(id: string, isWanted: boolean): ToldTicketFragment | undefined {
  const { data } = useQuery(
    TicketAloneDocument,
    isWanted ? { variables: { id }, fetchPolicy: 'no-cache', errorPolicy: 'all' } : skipToken,
  );
  return isWanted ? (data?.ticket ?? undefined) : undefined;
}

/** What the board has shown of it already is there at once. */
function useKnownTicket(id: string): BoardTicketFragment | undefined {
  const { data, complete } = useFragment({ fragment: BoardTicketFragmentDoc, from: id });
  return complete ? data : undefined;
}

interface MissingProps {
  readonly error: unknown;
  onLook(): void;
}

function Missing({ error, onLook }: MissingProps) {
  return (
    <div className="pane-body" role="alert">
      <p>{error ? describeError(error) : 'Its vendor has no such ticket.'}</p>
      <div className="buttons">
        <button type="button" className="button" onClick={onLook}>
          Try again
        </button>
      </div>
    </div>
  );
}

function Bones() {
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
