/** The ticket that is open: what it is, what may be done with it now, and all that its vendor says of it. */
import { useFragment, useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { BoardTicketFragmentDoc, OneTicketDocument, type BoardTicketFragment } from '../__generated__/documents.ts';
import { Status } from '../board/status.tsx';
import { describeError } from '../session/refusal.ts';
import { Time } from '../time.tsx';
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { Actions } from './actions.tsx';
import { OutcomeNote } from './outcome-note.tsx';
import { OwnFields } from './own-fields.tsx';
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
  const known = useKnownTicket(id);
  const ticket = data?.ticket;
  // What failed to load is told below; a second look is a person's decision.
  const look = (): void => void refetch().catch(() => undefined);
  const attempt = useAttempt(id, ticket ?? known, look);
  return (
    <aside className="pane" aria-labelledby="ticket-title" aria-busy={loading}>
      <Head ticket={ticket ?? known} id={id} vendors={vendors} onClose={onClose} />
      {ticket && (
        <div className="pane-body">
          <Actions ticket={ticket} attempt={attempt} />
        </div>
      )}
      <OutcomeNote attempt={attempt} isLooking={loading} onLook={look} />
      {ticket ? (
        <div className="pane-body">
          <OwnFields ticket={ticket} />
        </div>
      ) : error || data ? (
        <div className="pane-body" role="alert">
          <p>{error ? describeError(error) : 'Its vendor has no such ticket.'}</p>
          <button type="button" className="button" onClick={look}>
            Try again
          </button>
        </div>
      ) : (
        <Bones />
      )}
    </aside>
  );
}

/** What the board has shown of it already is there at once. */
function useKnownTicket(id: string): BoardTicketFragment | undefined {
  const { data, complete } = useFragment({ fragment: BoardTicketFragmentDoc, from: id });
  return complete ? data : undefined;
}

interface HeadProps {
  readonly ticket: BoardTicketFragment | undefined;
  readonly id: string;
  readonly vendors: readonly VendorView[];
  onClose(): void;
}

function Head({ ticket, id, vendors, onClose }: HeadProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <header className="pane-head">
      <div className="pane-line">
        <span className="reference" title={id}>
          {ticket ? `${nameOf(vendors, ticket.vendor)} · ${ticket.reference}` : id}
        </span>
        <button type="button" className="button quiet icon" aria-label="Close the ticket" onClick={onClose}>
          <span aria-hidden="true">✕</span>
        </button>
      </div>
      <h2 id="ticket-title" ref={title} tabIndex={-1}>
        {ticket ? (ticket.title ?? ticket.reference) : 'Loading…'}
      </h2>
      <dl className="pane-facts">
        <div>
          <dt>Status</dt>
          <dd>{ticket && <Status status={ticket.status} />}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>{ticket && <Time at={ticket.createdAt} otherwise="not told" />}</dd>
        </div>
        <div>
          <dt>Changed</dt>
          <dd>{ticket && <Time at={ticket.updatedAt} otherwise="not told" />}</dd>
        </div>
      </dl>
    </header>
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
