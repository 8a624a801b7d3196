/** The tickets of all vendors, newest first: a table on wide screens, cards on narrow screens. */
import type { Ref } from 'react';
import { describeError } from '../session/errors.ts';
import type { VendorView } from '../vendors/use-vendors.ts';
import { Rows, type RowsHandle } from './rows.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import { hasProblem, Notice, SourceNotices } from './source-notices.tsx';
import type { BoardState } from './use-board.ts';
import type { Selection } from './use-selection.ts';

interface BoardProps {
  readonly board: BoardState;
  readonly vendors: readonly VendorView[];
  readonly selection: Selection;
  readonly open: string | undefined;
  readonly rows: Ref<RowsHandle>;
}

export function Board({ board, vendors, selection, open, rows }: BoardProps) {
  const { tickets, isLoading, isReloading, isLoadingMore, hasMore, error, moreError, loadMore, reload } = board;
  const hasFailedNotice = error !== undefined && tickets.length > 0;
  const notices = Number(hasFailedNotice) + board.sources.filter(hasProblem).length;
  // The header is a row, too.
  const rowsBefore = 1 + notices;
  return (
    <div className="scroller">
      {/* Explicit roles, because browsers drop table semantics if CSS changes `display`. */}
      <table
        className="tickets"
        role="table"
        aria-label="Tickets, newest first"
        aria-busy={isLoading || isReloading}
        // The total is unknown while there are more pages.
        aria-rowcount={hasMore ? -1 : rowsBefore + tickets.length}
      >
        <Head board={board} selection={selection} />
        {notices > 0 && (
          <tbody role="rowgroup">
            {hasFailedNotice && <Notice text={describeError(error)} onRetry={reload} />}
            <SourceNotices board={board} vendors={vendors} />
          </tbody>
        )}
        {isLoading ? (
          <tbody role="rowgroup">
            <SkeletonRows count={12} />
          </tbody>
        ) : (
          <Rows handle={rows} left={board.live.left} {...{ tickets, vendors, selection, open, rowsBefore }} />
        )}
        {isLoadingMore && (
          <tbody role="rowgroup">
            <SkeletonRows count={4} />
          </tbody>
        )}
      </table>
      {error && tickets.length === 0 ? <Failure board={board} /> : null}
      {!isLoading && !error && tickets.length === 0 && <p className="empty">{emptyMessage(board)}</p>}
      {hasMore && (
        <div className="more">
          {moreError ? <p role="alert">Could not load more tickets. {describeError(moreError)}</p> : null}
          <button type="button" className="button" onClick={loadMore} disabled={isLoadingMore}>
            {isLoadingMore ? 'Loading…' : 'Show more'}
          </button>
        </div>
      )}
      {!hasMore && tickets.length > 0 && <p className="end muted">No more tickets.</p>}
    </div>
  );
}

const COLUMNS = [
  ['status', 'Status'],
  ['title', 'Ticket'],
  ['vendor', 'Vendor'],
  ['created', 'Created'],
  ['updated', 'Updated'],
] as const;

function Head({ board, selection }: SelectAllProps) {
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1} className={selection.isOffered ? 'has-all' : undefined}>
        <th role="columnheader" scope="col" className="cell-check">
          {selection.isOffered ? (
            <SelectAll board={board} selection={selection} />
          ) : (
            <span className="hidden">Selection</span>
          )}
        </th>
        {COLUMNS.map(([name, label]) => (
          <th key={name} role="columnheader" scope="col" className={`cell-${name}`}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function emptyMessage({ sources }: BoardState): string {
  if (sources.some(({ problem }) => problem === null)) return 'No tickets match. Remove a filter or change the search.';
  return sources.some(hasProblem)
    ? 'No tickets have loaded.'
    : 'No list available. Search for a reference to find a ticket.';
}

interface SelectAllProps {
  readonly board: BoardState;
  readonly selection: Selection;
}

function SelectAll({ board, selection: { ids, isAll: isEveryMatch, set, canSelect } }: SelectAllProps) {
  const tickets = board.tickets.filter(canSelect);
  const isAll = isEveryMatch || (tickets.length > 0 && tickets.every(({ id }) => ids.has(id)));
  return (
    <label className="check">
      <input
        type="checkbox"
        aria-label="Select all shown tickets"
        checked={isAll}
        ref={(input) => {
          if (input) input.indeterminate = ids.size > 0 && !isAll;
        }}
        onChange={() => set(isAll ? [] : tickets.map(({ id }) => id))}
      />
    </label>
  );
}

function Failure({ board: { error, reload } }: Pick<BoardProps, 'board'>) {
  return (
    <div className="empty" role="alert">
      <p>{describeError(error)}</p>
      <button type="button" className="button" onClick={reload}>
        Try again
      </button>
    </div>
  );
}
