/** The status filter with the number of loaded tickets of each status, and of all. */
import { current, navigate, useAddress } from '../address.ts';
import { CATEGORIES, categoryLabel, count } from '../labels.ts';
import type { BoardState } from './use-board.ts';

interface FiltersProps {
  readonly board: BoardState;
}

export function Filters({ board }: FiltersProps) {
  const { categories, vendors, sources, search } = useAddress();
  const counts = Map.groupBy(board.tickets, ({ status }) => status.category);
  const isFiltered = categories.length + vendors.length + sources.length > 0 || search !== '';
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
              title={`${counts.get(category)?.length ?? 0} of the loaded tickets`}
              onClick={() => navigate({ categories: next })}
            >
              {categoryLabel(category)}
              {/* Its place is kept: a chip that grows would move the others. */}
              <span className="chip-count" aria-hidden="true">
                {board.isLoading ? '' : (counts.get(category)?.length ?? 0)}
              </span>
            </button>
          );
        })}
        {isFiltered && (
          <button
            type="button"
            className="chip clear"
            onClick={() => navigate({ categories: [], vendors: [], sources: [], search: '' })}
          >
            Clear filters
          </button>
        )}
        {/* Takes its place from the start: on narrow pages it may be a line of its own. */}
        <span className="chips-note" data-shown={board.hasMore}>
          counts are of the loaded tickets
        </span>
      </div>
      <div className="board-state">
        <p role="status">
          {/* A key per text: a growing element would count as a layout shift. */}
          <span key={describe(board)}>{describe(board)}</span>
        </p>
        <button type="button" className="button quiet" onClick={board.reload} aria-keyshortcuts="r">
          Reload
        </button>
      </div>
    </div>
  );
}

/** A note on values in the URL that do not filter. */
export function IgnoredWords() {
  const { ignoredWords } = useAddress();
  if (ignoredWords.length === 0) return null;
  const words = ignoredWords.map((word) => `“${word.slice(0, 40)}”`).join(', ');
  return (
    <p className="address-note" role="status">
      Ignored in the address: {words}. Not a vendor, source or status.{' '}
      <button type="button" className="link" onClick={() => navigate(current(), { replace: true })}>
        Dismiss
      </button>
    </p>
  );
}

function describe({ tickets, isLoading, isReloading, isLoadingMore, hasMore, error }: BoardState): string {
  if (isLoading || isReloading || isLoadingMore) return 'Loading…';
  if (error) return 'Not loaded';
  return hasMore ? `${count(tickets.length, 'ticket')}, more available` : count(tickets.length, 'ticket');
}
