/**
 * Sets the status of the selected tickets. Up to 100 are sent from here, with a result for each; more, and all that fit the
 * filter, become a bulk job of the server.
 */
import { useApolloClient } from '@apollo/client/react';
import { useState, type SyntheticEvent } from 'react';
import type { StatusCategory } from '../__generated__/documents.ts';
import { current } from '../address.ts';
import { returnToBoard } from '../board/return-to-board.ts';
import { toFilter } from '../board/use-board.ts';
import type { Selection } from '../board/use-selection.ts';
import { confirm } from '../confirm.tsx';
import { PlanDialog } from '../jobs/plan-dialog.tsx';
import { beginJob, type JobInput } from '../jobs/send.ts';
import { isStarting, useStarts } from '../jobs/starts.ts';
import { useJobs } from '../jobs/use-jobs.ts';
import { CATEGORIES, categoryLabel, count, isCategory } from '../labels.ts';
import { readKept, useKept } from '../session/kept.ts';
import type { StatusWrite } from '../writes/write.ts';
import { BulkResults } from './bulk-results.tsx';
import { useBulk } from './use-bulk.ts';

/** More tickets are a bulk job, if the caller may start one. */
const MAX_DIRECT = 100;

interface BulkBarProps {
  readonly selection: Selection;
  /** Whether more tickets fit the filter than are shown. */
  readonly hasMore: boolean;
}

export function BulkBar({ selection, hasMore }: BulkBarProps) {
  const bulk = useBulk((parts) => selection.set(retryableIds(parts)));
  // Kept while nothing is selected, so that a change of the filter does not discard typed text.
  const [draft, setDraft] = useState<Draft>(
    () => (readKept('bulk-draft') as Draft | undefined) ?? { status: '', comment: '' },
  );
  useKept('bulk-draft', draft);
  const { isOffered: hasJobs } = useJobs();
  const job = useNewJob(selection, () => setDraft(NO_DRAFT));
  useStarts();
  const isBusy = (bulk.bulk?.isRunning ?? false) || isStarting();
  const isJob = selection.isAll || (hasJobs && selection.ids.size > MAX_DIRECT);
  const hasSelection = selection.ids.size > 0 || selection.isAll;
  if (!hasSelection && !bulk.bulk) return null;
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
      {!isBusy && hasSelection && (
        <BulkForm
          selection={selection}
          canSelectAll={hasJobs && hasMore}
          isJob={isJob}
          draft={draft}
          onDraft={setDraft}
          onBegin={async (status, comment) => {
            if (isJob) job.plan(status, comment);
            else if (await confirmDirect(selection.ids.size, status)) {
              setDraft(NO_DRAFT);
              bulk.begin([...selection.ids], status, comment);
            }
          }}
        />
      )}
      {job.planned && <PlanDialog {...job.planned} onClose={job.discard} onConfirm={job.begin} />}
    </section>
  );
}

function confirmDirect(size: number, status: StatusCategory): Promise<boolean> {
  const amount = count(size, 'ticket');
  return confirm({
    title: `Set ${amount} to “${categoryLabel(status)}”?`,
    text: 'This changes each selected ticket and cannot be undone here.',
    confirmLabel: `Yes, set ${amount}`,
  });
}

interface PlannedJob {
  readonly label: string;
  readonly input: JobInput;
}

/** A job between its form and its start. What was selected stays selected unless the job may have started. */
function useNewJob(selection: Selection, onStarted: () => void) {
  const client = useApolloClient();
  const [planned, setPlanned] = useState<PlannedJob>();
  return {
    planned,
    plan(status: StatusCategory, comment: string) {
      const tickets = selection.isAll ? { filter: toFilter(current()) } : { ids: [...selection.ids] };
      const work = { setStatus: { status, ...(comment !== '' && { comment }) } };
      setPlanned({ label: categoryLabel(status), input: { work, tickets } });
    },
    discard: () => setPlanned(undefined),
    begin() {
      if (!planned) return;
      void beginJob(client, planned.label, planned.input).then((mayHaveStarted) => {
        if (!mayHaveStarted) return;
        selection.set([]);
        onStarted();
      });
    },
  };
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

const NO_DRAFT: Draft = { status: '', comment: '' };

interface BulkFormProps {
  readonly selection: Selection;
  /** Whether to offer all tickets that fit the filter. */
  readonly canSelectAll: boolean;
  readonly isJob: boolean;
  readonly draft: Draft;
  onDraft(draft: Draft): void;
  onBegin(status: StatusCategory, comment: string): Promise<void>;
}

function BulkForm({ selection, canSelectAll, isJob, draft, onDraft, onBegin }: BulkFormProps) {
  const { status, comment } = draft;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (isCategory(status)) void onBegin(status, comment.trim());
  };
  return (
    <form className="bulk-form" onSubmit={submit} aria-label="Set a status">
      <div className="bulk-count">
        <p role="status">
          {selection.isAll ? 'All that fit the filter' : `${count(selection.ids.size, 'ticket')} selected`}
          {isJob && <span className="muted small"> · a bulk job</span>}
        </p>
        {(canSelectAll || selection.isAll) && (
          <button type="button" className="link small" onClick={() => selection.setAll(!selection.isAll)}>
            {selection.isAll
              ? `Only the ${count(selection.ids.size, 'ticket')} selected`
              : 'Select all that fit the filter'}
          </button>
        )}
      </div>
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
