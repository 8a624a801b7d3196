/** What is done with the tickets that are selected: a status for all of them, and a result for each. */
import { useState, type SyntheticEvent } from 'react';
import type { Selection } from '../board/use-selection.ts';
import { CATEGORIES, categoryWord, count, isCategory } from '../words.ts';
import { BulkResults } from './bulk-results.tsx';
import { useBulk, type Part } from './use-bulk.ts';

interface BulkBarProps {
  readonly selection: Selection;
}

export function BulkBar({ selection }: BulkBarProps) {
  const bulk = useBulk((parts) => selection.set(toTryAgain(parts)));
  const isRunning = bulk.bulk?.isRunning ?? false;
  if (selection.ids.size === 0 && !bulk.bulk) return null;
  return (
    <section className="bulk" aria-label="Selected tickets">
      {bulk.bulk && (
        <BulkResults bulk={bulk.bulk} onStop={bulk.stop} onResume={bulk.resume} onClose={() => leave(bulk.forget)} />
      )}
      {!isRunning && selection.ids.size > 0 && (
        <BulkForm
          selection={selection}
          onBegin={(status, comment) => bulk.begin([...selection.ids], status, comment)}
        />
      )}
    </section>
  );
}

/** The bar may go: the person goes on at the board. */
function leave(act: () => void): void {
  document.getElementById('board')?.focus();
  act();
}

/** What was refused stays selected. What is not known does not: it wants a look first, not another try. */
function toTryAgain(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ state, ids, results }) => {
    if (state === 'lost') return [];
    if (state !== 'answered') return ids;
    return results.filter(({ outcome }) => outcome === 'NOT_APPLIED').map(({ ticketId }) => ticketId);
  });
}

interface BulkFormProps {
  readonly selection: Selection;
  onBegin(status: Parameters<typeof categoryWord>[0], comment: string): void;
}

function BulkForm({ selection, onBegin }: BulkFormProps) {
  const [status, setStatus] = useState('');
  const [comment, setComment] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (isCategory(status)) onBegin(status, comment.trim());
  };
  return (
    <form className="bulk-form" onSubmit={submit} aria-label="Set a status">
      <p className="bulk-count" role="status">
        {count(selection.ids.size, 'ticket')} selected
      </p>
      <label className="bulk-field">
        <span>Status</span>
        <select value={status} required onChange={({ target }) => setStatus(target.value)}>
          <option value="">Choose…</option>
          {CATEGORIES.map((category) => (
            <option key={category} value={category}>
              {categoryWord(category)}
            </option>
          ))}
        </select>
      </label>
      <label className="bulk-field grows">
        <span>Comment</span>
        <input
          type="text"
          value={comment}
          placeholder="optional"
          autoComplete="off"
          onChange={({ target }) => setComment(target.value)}
        />
      </label>
      <div className="buttons">
        <button type="submit" className="button primary">
          Set status
        </button>
        <button type="button" className="button quiet" onClick={() => leave(() => selection.set([]))}>
          Clear
        </button>
      </div>
    </form>
  );
}
