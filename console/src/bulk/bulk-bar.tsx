/** Sets the status of the selected tickets, and shows a result for each. */
import { useState, type SyntheticEvent } from 'react';
import type { Selection } from '../board/use-selection.ts';
import { confirm } from '../confirm.tsx';
import { CATEGORIES, categoryLabel, count, isCategory } from '../labels.ts';
import { readKept, useKept } from '../session/kept.ts';
import type { StatusWrite } from '../writes/write.ts';
import { BulkResults } from './bulk-results.tsx';
import { useBulk } from './use-bulk.ts';

interface BulkBarProps {
  readonly selection: Selection;
}

export function BulkBar({ selection }: BulkBarProps) {
  const bulk = useBulk((parts) => selection.set(retryableIds(parts)));
  // Kept while nothing is selected, so that a change of the filter does not discard typed text.
  const [draft, setDraft] = useState<Draft>(
    () => (readKept('bulk-draft') as Draft | undefined) ?? { status: '', comment: '' },
  );
  useKept('bulk-draft', draft);
  const isRunning = bulk.bulk?.isRunning ?? false;
  if (selection.ids.size === 0 && !bulk.bulk) return null;
  return (
    <section className="bulk" aria-label="Selected tickets">
      {bulk.bulk && (
        <BulkResults
          bulk={bulk.bulk}
          onStop={bulk.stop}
          onResume={bulk.resume}
          onClose={() => returnToBoard(bulk.close)}
        />
      )}
      {!isRunning && selection.ids.size > 0 && (
        <BulkForm
          selection={selection}
          draft={draft}
          onDraft={setDraft}
          onBegin={(status, comment) => {
            setDraft({ status: '', comment: '' });
            bulk.begin([...selection.ids], status, comment);
          }}
        />
      )}
    </section>
  );
}

/** Moves the focus to the board, because the bar may be removed. */
function returnToBoard(act: () => void): void {
  document.getElementById('board')?.focus();
  act();
}

/** Rejected tickets stay selected. Unknown ones do not: the user should check them before a retry. */
function retryableIds(parts: readonly StatusWrite[]): readonly string[] {
  return parts.flatMap(({ input, progress }) => {
    if (progress.state === 'lost') return [];
    if (progress.state !== 'settled' || progress.payload.results.length === 0) return input.ticketIds;
    return progress.payload.results.filter(({ outcome }) => outcome === 'NOT_APPLIED').map(({ ticketId }) => ticketId);
  });
}

interface Draft {
  readonly status: string;
  readonly comment: string;
}

interface BulkFormProps {
  readonly selection: Selection;
  readonly draft: Draft;
  onDraft(draft: Draft): void;
  onBegin(status: Parameters<typeof categoryLabel>[0], comment: string): void;
}

function BulkForm({ selection, draft, onDraft, onBegin }: BulkFormProps) {
  const { status, comment } = draft;
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (!isCategory(status)) return;
    const amount = count(selection.ids.size, 'ticket');
    const isConfirmed = await confirm({
      title: `Set ${amount} to “${categoryLabel(status)}”?`,
      text: 'This changes each selected ticket and cannot be undone here.',
      confirmLabel: `Yes, set ${amount}`,
    });
    if (isConfirmed) onBegin(status, comment.trim());
  };
  return (
    <form className="bulk-form" onSubmit={(event) => void submit(event)} aria-label="Set a status">
      <p className="bulk-count" role="status">
        {count(selection.ids.size, 'ticket')} selected
      </p>
      <label className="bulk-field">
        <span>Status</span>
        <select value={status} required onChange={({ target }) => onDraft({ ...draft, status: target.value })}>
          <option value="">Choose…</option>
          {CATEGORIES.map((category) => (
            <option key={category} value={category}>
              {categoryLabel(category)}
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
          onChange={({ target }) => onDraft({ ...draft, comment: target.value })}
        />
      </label>
      <div className="buttons">
        <button type="submit" className="button primary">
          Set status
        </button>
        <button type="button" className="button quiet" onClick={() => returnToBoard(() => selection.set([]))}>
          Clear
        </button>
      </div>
    </form>
  );
}
