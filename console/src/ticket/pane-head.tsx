/** The head of the open ticket: the fields that all tickets have. */
import { useEffect, useRef } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { Breakable } from '../breakable.tsx';
import { titleOf } from '../board/rows.tsx';
import { Status } from '../board/status.tsx';
import { Time } from '../time.tsx';
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';

interface PaneHeadProps {
  readonly ticket: BoardTicketFragment | undefined;
  readonly id: string;
  /** Shown instead of the title while there is no ticket. */
  readonly fallbackTitle: string;
  readonly vendors: readonly VendorView[];
  onClose(): void;
}

export function PaneHead({ ticket, id, fallbackTitle, vendors, onClose }: PaneHeadProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <header className="pane-head">
      <div className="pane-line">
        <span className="reference" title={id}>
          {ticket ? `${nameOf(vendors, ticket.vendor, ticket.sourceSystem.id)} · ${ticket.reference}` : id}
        </span>
        <button type="button" className="button quiet icon" aria-label="Close the ticket" onClick={onClose}>
          <span aria-hidden="true">✕</span>
        </button>
      </div>
      <h2 id="ticket-title" ref={title} tabIndex={-1}>
        {ticket ? <Breakable text={titleOf(ticket) ?? ticket.reference} /> : fallbackTitle}
      </h2>
      <dl className="pane-facts">
        <div>
          <dt>Status</dt>
          <dd>{ticket && <Status status={ticket.status} />}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>{ticket && <Time at={ticket.createdAt} />}</dd>
        </div>
        <div>
          <dt>Updated</dt>
          <dd>{ticket && <Time at={ticket.updatedAt} />}</dd>
        </div>
      </dl>
    </header>
  );
}
