/** One row for each ticket near the viewport. */
import { memo, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { flushSync } from 'react-dom';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { hrefOf } from '../address.ts';
import { followLink } from '../follow-link.ts';
import { useChangedFields } from '../live/changed-fields.ts';
import { Time } from '../time.tsx';
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { Status } from './status.tsx';
import type { Selection } from './use-selection.ts';
import { useRowMarks } from './use-row-marks.ts';
import { useRowWindow } from './use-row-window.ts';

/** Access to rows by ticket, including rows that are not rendered at the moment. */
export interface RowsHandle {
  /** Scrolls to the ticket's row, and gives it the focus if wanted. */
  show(id: string, takesFocus: boolean): void;
}

interface RowsProps {
  readonly tickets: readonly BoardTicketFragment[];
  readonly vendors: readonly VendorView[];
  readonly selection: Selection;
  readonly open: string | undefined;
  /** Ids of tickets that no longer match the filter. */
  readonly left: ReadonlySet<string>;
  /** Rows of the table before the first ticket. */
  readonly rowsBefore: number;
  readonly handle: Ref<RowsHandle>;
}

export function Rows({ tickets, vendors, selection, open, left, rowsBefore, handle }: RowsProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const marks = useRowMarks();
  const changed = useChangedFields();
  const [focused, setFocused] = useState<string>();
  const indexes = useMemo(() => new Map(tickets.map(({ id }, index) => [id, index])), [tickets]);
  const pinned = indexes.get(focused ?? open ?? '') ?? -1;
  const {
    rows: windowRows,
    bottomGapPx,
    measure,
  } = useRowWindow(tickets.length, (index) => tickets[index]!.id, pinned, body);
  useImperativeHandle(handle, () => ({
    show(id, takesFocus) {
      // Synchronously, so that the row exists before it is scrolled to.
      flushSync(() => setFocused(id));
      const row = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
      if (takesFocus) row?.querySelector('a')?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    },
  }));
  return (
    <tbody
      ref={body}
      role="rowgroup"
      onFocus={({ target }) => setFocused(target.closest<HTMLElement>('[data-row]')?.dataset['row'])}
    >
      {/* A flat list, so that React matches rows by key at any position. */}
      {windowRows.flatMap(({ index, gapPx }) => {
        const ticket = tickets[index];
        if (!ticket) return [];
        return [
          gapPx > 0 && <Gap key={`before ${ticket.id}`} heightPx={gapPx} />,
          <Row
            key={ticket.id}
            ticket={ticket}
            href={hrefOf({ ticket: ticket.id })}
            index={index}
            ariaIndex={rowsBefore + index + 1}
            vendor={nameOf(vendors, ticket.vendor, ticket.sourceSystem.id)}
            mark={marks.get(ticket.id)}
            hasLeft={left.has(ticket.id)}
            hasChanged={changed.has(ticket.id)}
            canSelect={selection.canSelect(ticket)}
            isSelected={selection.ids.has(ticket.id) || (selection.isAll && selection.canSelect(ticket))}
            isAllSelected={selection.isAll}
            isOpen={ticket.id === open}
            onToggle={selection.toggle}
            measure={measure}
          />,
        ];
      })}
      {bottomGapPx > 0 && <Gap heightPx={bottomGapPx} />}
    </tbody>
  );
}

/** Placeholder with the height of the omitted rows. */
function Gap({ heightPx }: { readonly heightPx: number }) {
  return (
    <tr className="gap" aria-hidden="true" style={{ height: heightPx }}>
      <td colSpan={6} />
    </tr>
  );
}

interface RowProps {
  readonly ticket: BoardTicketFragment;
  readonly href: string;
  readonly index: number;
  readonly ariaIndex: number;
  readonly vendor: string;
  /** The state of a write to it, e.g. that it is being sent. */
  readonly mark: string | undefined;
  /** Whether it no longer matches the filter. */
  readonly hasLeft: boolean;
  /** Whether it has just changed. */
  readonly hasChanged: boolean;
  readonly canSelect: boolean;
  readonly isSelected: boolean;
  /** Whether all tickets that fit the filter are selected, so that single ones cannot be deselected. */
  readonly isAllSelected: boolean;
  readonly isOpen: boolean;
  onToggle(id: string): void;
  readonly measure: (row: HTMLElement | null) => void;
}

/** Memoized: renders only if a prop of this row changes. */
const Row = memo(function Row(props: RowProps) {
  const { ticket, href, index, ariaIndex, vendor, mark, hasLeft, hasChanged } = props;
  const { canSelect, isSelected, isAllSelected, isOpen, onToggle, measure } = props;
  const { id, reference, status, createdAt, updatedAt } = ticket;
  const title = titleOf(ticket);
  return (
    <tr
      ref={measure}
      role="row"
      aria-rowindex={ariaIndex}
      className="row"
      data-index={index}
      data-row={id}
      data-selected={isSelected}
      data-open={isOpen}
      data-changed={hasChanged}
    >
      <td role="cell" className="cell-check">
        {canSelect && (
          <label className="check">
            <input
              type="checkbox"
              aria-label={`Select ${reference}`}
              checked={isSelected}
              disabled={isAllSelected}
              onChange={() => onToggle(id)}
            />
          </label>
        )}
      </td>
      <td role="cell" className="cell-status">
        <Status status={status} />
      </td>
      <td role="cell" className="cell-title">
        <a href={href} aria-current={isOpen} onClick={(event) => followLink(event, { ticket: id })}>
          {title ?? reference}
        </a>
        <span className="reference">
          {mark !== undefined && <strong className="row-mark">{mark} · </strong>}
          {title === undefined ? 'no title' : reference}
          {/* Last, so that nothing moves. */}
          {hasLeft && <strong className="row-mark"> · no longer matches</strong>}
        </span>
      </td>
      <td role="cell" className="cell-vendor" title={vendor}>
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
});

/** Returns the title, or `undefined` if it is missing or blank. */
export function titleOf({ title }: Pick<BoardTicketFragment, 'title'>): string | undefined {
  const text = title?.trim() ?? '';
  return text === '' ? undefined : text;
}
