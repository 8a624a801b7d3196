/** The tickets of all vendors, newest first: a table on wide screens, cards on narrow ones. */
import { describeError } from '../session/refusal.ts';
import type { VendorView } from '../vendors/use-vendors.ts';
import { Rows } from './rows.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import { Notice, SourceNotices } from './source-notices.tsx';
import type { BoardState } from './use-board.ts';
import type { Selection } from './use-selection.ts';

interface BoardProps {
  readonly board: BoardState;
  readonly vendors: readonly VendorView[];
  readonly selection: Selection;
  readonly open: string | undefined;
}

export function Board({ board, vendors, selection, open }: BoardProps) {
  const { tickets, isLoading, isReloading, isLoadingMore, hasMore, error, moreError, loadMore, reload } = board;
  return (
    <div className="scroller">
      {/* The roles are said aloud: a browser forgets them where a style makes cards of the rows. */}
      <table className="tickets" role="table" aria-label="Tickets, newest first" aria-busy={isLoading || isReloading}>
        <Head board={board} selection={selection} />
        <tbody role="rowgroup">
          {error && tickets.length > 0 ? <Notice text={describeError(error)} onRetry={reload} /> : null}
          <SourceNotices board={board} vendors={vendors} />
          {isLoading ? (
            <SkeletonRows count={12} />
          ) : (
            <Rows tickets={tickets} vendors={vendors} selection={selection} open={open} />
          )}
          {isLoadingMore && <SkeletonRows count={4} />}
        </tbody>
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
      <tr role="row">
        <th role="columnheader" scope="col" className="cell-check">
          <SelectAll board={board} selection={selection} />
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

function SelectAll({ board: { tickets }, selection: { ids, set } }: SelectAllProps) {
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
