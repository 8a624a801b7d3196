/** The tickets of all vendors, newest first: a table on wide screens, cards on narrow ones. */
import type { Ref } from 'react';
import { describeError } from '../session/refusal.ts';
import type { VendorView } from '../vendors/use-vendors.ts';
import { Rows, type RowsHandle } from './rows.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import { isInTrouble, Notice, SourceNotices } from './source-notices.tsx';
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
  const notices = Number(hasFailedNotice) + board.sources.filter(isInTrouble).length;
  // The head is a row as well.
  const rowsBefore = 1 + notices;
  return (
    <div className="scroller">
      {/* The roles are said aloud: a browser forgets them where a style makes cards of the rows. */}
      <table
        className="tickets"
        role="table"
        aria-label="Tickets, newest first"
        aria-busy={isLoading || isReloading}
        // How many there are in all is not known while more can be loaded.
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
          <Rows handle={rows} {...{ tickets, vendors, selection, open, rowsBefore }} />
        )}
        {isLoadingMore && (
          <tbody role="rowgroup">
            <SkeletonRows count={4} />
          </tbody>
        )}
      </table>
      {error && tickets.length === 0 ? <Failure board={board} /> : null}
      {!isLoading && !error && tickets.length === 0 && <p className="empty">{whyEmpty(board)}</p>}
      {hasMore && (
        <div className="more">
          {moreError ? <p role="alert">The next tickets could not be loaded. {describeError(moreError)}</p> : null}
          <button type="button" className="button" onClick={loadMore} disabled={isLoadingMore}>
            {isLoadingMore ? 'Loading…' : 'Show more'}
          </button>
        </div>
      )}
      {!hasMore && tickets.length > 0 && <p className="end muted">That is all.</p>}
    </div>
  );
}

const COLUMNS = [
  ['status', 'Status'],
  ['title', 'Ticket'],
  ['vendor', 'Vendor'],
  ['created', 'Created'],
  ['updated', 'Changed'],
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
        {COLUMNS.map(([name, word]) => (
          <th key={name} role="columnheader" scope="col" className={`cell-${name}`}>
            {word}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function whyEmpty({ sources }: BoardState): string {
  const isAnswered = sources.some(({ problem }) => problem === null);
  return isAnswered
    ? 'No ticket fits. Take a filter away, or search for something else.'
    : 'There is no list to show. Search for a reference to find a single ticket.';
}

interface SelectAllProps {
  readonly board: BoardState;
  readonly selection: Selection;
}

function SelectAll({ board, selection: { ids, set, maySelect } }: SelectAllProps) {
  const tickets = board.tickets.filter(maySelect);
  const isAll = tickets.length > 0 && tickets.every(({ id }) => ids.has(id));
  return (
    <label className="check">
      <input
        type="checkbox"
        aria-label="Select all that are shown"
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
