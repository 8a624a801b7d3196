/** One row for each ticket. */
import type { MouseEvent } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { go, hrefOf } from '../address.ts';
import { Time } from '../time.tsx';
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { Status } from './status.tsx';
import type { Selection } from './use-selection.ts';

interface RowsProps {
  readonly tickets: readonly BoardTicketFragment[];
  readonly vendors: readonly VendorView[];
  readonly selection: Selection;
  readonly open: string | undefined;
}

export function Rows({ tickets, vendors, selection, open }: RowsProps) {
  return tickets.map((ticket) => (
    <Row
      key={ticket.id}
      ticket={ticket}
      vendor={nameOf(vendors, ticket.vendor)}
      isSelected={selection.ids.has(ticket.id)}
      isOpen={ticket.id === open}
      onToggle={selection.toggle}
    />
  ));
}

interface RowProps {
  readonly ticket: BoardTicketFragment;
  readonly vendor: string;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  onToggle(id: string): void;
}

function Row({ ticket, vendor, isSelected, isOpen, onToggle }: RowProps) {
  const { id, reference, title, status, createdAt, updatedAt } = ticket;
  return (
    <tr role="row" className="row" data-row={id} data-selected={isSelected} data-open={isOpen}>
      <td role="cell" className="cell-check">
        <label className="check">
          <input
            type="checkbox"
            aria-label={`Select ${reference}`}
            checked={isSelected}
            onChange={() => onToggle(id)}
          />
        </label>
      </td>
      <td role="cell" className="cell-status">
        <Status status={status} />
      </td>
      <td role="cell" className="cell-title">
        <a href={hrefOf({ ticket: id })} aria-current={isOpen} onClick={(event) => follow(event, id)}>
          {title ?? reference}
        </a>
        <span className="reference">{title === null ? 'no title' : reference}</span>
      </td>
      <td role="cell" className="cell-vendor">
        {vendor}
      </td>
      <td role="cell" className="cell-created">
        <Time at={createdAt} />
      </td>
      <td role="cell" className="cell-updated">
        <Time at={updatedAt} />
      </td>
    </tr>
  );
}

/** Another tab, or a copy of the address, is the browser's own business. */
function follow(event: MouseEvent, id: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go({ ticket: id });
}
