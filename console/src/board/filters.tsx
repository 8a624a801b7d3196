/** Which statuses are shown, and how much of the list there is. */
import { current, go, useAddress } from '../address.ts';
import { CATEGORIES, categoryWord, count } from '../words.ts';
import type { BoardState } from './use-board.ts';

interface FiltersProps {
  readonly board: BoardState;
}

export function Filters({ board }: FiltersProps) {
  const { categories, vendors, search } = useAddress();
  const isFiltered = categories.length > 0 || vendors.length > 0 || search !== '';
  return (
    <div className="filters">
      <div className="chips" role="group" aria-label="Status">
        {CATEGORIES.map((category) => {
          const isChosen = categories.includes(category);
          const next = isChosen ? categories.filter((other) => other !== category) : [...categories, category];
          return (
            <button
              key={category}
              type="button"
              className="chip"
              data-category={category}
              aria-pressed={isChosen}
              onClick={() => go({ categories: next })}
            >
              {categoryWord(category)}
            </button>
          );
        })}
        {isFiltered && (
          <button type="button" className="chip clear" onClick={() => go({ categories: [], vendors: [], search: '' })}>
            Clear filters
          </button>
        )}
      </div>
      <div className="board-state">
        <p role="status">
          {/* Another text is another element: one that only grew would count as having moved. */}
          <span key={describe(board)}>{describe(board)}</span>
        </p>
        <button type="button" className="button quiet" onClick={board.reload} aria-keyshortcuts="r">
          Reload
        </button>
      </div>
    </div>
  );
}

/** Words of the address that filter nothing. */
export function IgnoredWords() {
  const { ignored } = useAddress();
  if (ignored.length === 0) return null;
  const words = ignored.map((word) => `“${word.slice(0, 40)}”`).join(', ');
  return (
    <p className="address-note" role="status">
      {words} in the address {ignored.length === 1 ? 'is' : 'are'} neither a vendor nor a status here, and filtered
      nothing.{' '}
      <button type="button" className="link" onClick={() => go(current(), { replace: true })}>
        Dismiss
      </button>
    </p>
  );
}

function describe({ tickets, isLoading, isReloading, isLoadingMore, hasMore, error }: BoardState): string {
  if (isLoading || isReloading || isLoadingMore) return 'Loading…';
  if (error) return 'Not loaded';
  return hasMore ? `${count(tickets.length, 'ticket')}, more follow` : count(tickets.length, 'ticket');
}
