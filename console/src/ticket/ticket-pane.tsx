/** The ticket that is open: what it is, what may be done with it now, and all that its vendor says of it. */
import { skipToken, useApolloClient, useFragment, useQuery } from '@apollo/client/react';
import { memo, useState } from 'react';
import {
  BoardTicketFragmentDoc,
  OneTicketDocument,
  TicketAloneDocument,
  type BoardTicketFragment,
  type ToldTicketFragment,
} from '../__generated__/documents.ts';
import { codeOf, describeError } from '../session/refusal.ts';
import type { VendorView } from '../vendors/use-vendors.ts';
import { stateWordOf } from '../words.ts';
import { lookAt } from '../writes/send.ts';
import { Actions } from './actions.tsx';
import { OutcomeNotes } from './outcome-note.tsx';
import { OwnFields } from './own-fields.tsx';
import { PaneHead } from './pane-head.tsx';
import { useAttempt } from './use-attempt.ts';

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
  const [isLooking, setLooking] = useState(false);
  // What was there stays if it cannot be read again.
  const answer = data ?? (error ? previousData : undefined);
  const ticket = answer?.ticket;
  const alone = useTicketAlone(id, error !== undefined && !ticket);
  const known = useKnownTicket(id);
  const look = (): void => {
    setLooking(true);
    void lookAt(client, id)
      // A failure is shown by the query of this pane.
      .then((isAnswered) => (isAnswered ? undefined : refetch().catch(() => undefined)))
      .finally(() => setLooking(false));
  };
  // What failed to load is shown below; a second look is a person's decision.
  const readAgain = (): void => void refetch().catch(() => undefined);
  const attempt = useAttempt(id, ticket ?? known);
  const told = ticket ?? alone;
  const isMissing = !error && answer !== undefined && !ticket;
  return (
    <aside className="pane" aria-labelledby="ticket-title" aria-busy={loading}>
      <PaneHead
        ticket={told ?? known}
        id={id}
        title={loading ? 'Loading…' : headlineOf(id, error, vendors)}
        vendors={vendors}
        onClose={onClose}
      />
      {error && <Trouble text={describeError(error)} onRetry={readAgain} />}
      {isMissing && <Trouble text="Its vendor has no such ticket." onRetry={readAgain} />}
      {ticket && (
        <div className="pane-body">
          <Actions ticket={ticket} attempt={attempt} />
        </div>
      )}
      <OutcomeNotes attempt={attempt} isLooking={loading || isLooking} onLook={look} />
      {told && (
        <div className="pane-body">
          <OwnFields ticket={told} />
        </div>
      )}
      {!told && !error && !answer && <Bones />}
    </aside>
  );
});

/** What stands in the place of the title if there is no ticket to show. */
function headlineOf(id: string, error: unknown, vendors: readonly VendorView[]): string {
  if (!error) return 'No ticket here';
  const code = codeOf(error);
  if (code === 'INVALID_INPUT') return 'This is not the id of a ticket';
  const word = stateWordOf(code);
  if (word === undefined) return 'The ticket could not be loaded';
  const key = id.slice(0, Math.max(0, id.indexOf(':'))).toUpperCase();
  const vendor = vendors.find((one) => one.key === key)?.name;
  return vendor === undefined ? word : `${vendor}: ${word}`;
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

interface TroubleProps {
  readonly text: string;
  onRetry(): void;
}

function Trouble({ text, onRetry }: TroubleProps) {
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
