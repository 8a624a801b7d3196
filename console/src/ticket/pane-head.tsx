/** What every ticket has, at the top of the one that is open. */
import { useEffect, useRef } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { Status } from '../board/status.tsx';
import { Time } from '../time.tsx';
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';

interface PaneHeadProps {
  readonly ticket: BoardTicketFragment | undefined;
  readonly id: string;
  readonly isLoading: boolean;
  readonly vendors: readonly VendorView[];
  onClose(): void;
}

export function PaneHead({ ticket, id, isLoading, vendors, onClose }: PaneHeadProps) {
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
        {ticket ? (ticket.title ?? ticket.reference) : isLoading ? 'Loading…' : 'No ticket here'}
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
