/** Along the bottom of the page: the job that runs, and starts that have no job yet. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import type { BulkJobPartsFragment } from '../__generated__/documents.ts';
import { navigate } from '../address.ts';
import { returnToBoard } from '../board/return-to-board.ts';
import { CancelButton } from './cancel-button.tsx';
import { amount, announcement, describeProgress, finishedOf, hasEnded, stateLabel } from './describe.ts';
import { useFollow } from './follow.ts';
import { beginAgain } from './send.ts';
import { canRepeat, changeStart, findStart, removeStart, useStarts, type Start } from './starts.ts';
import { ProgressBar } from './progress-bar.tsx';
import { useJobs } from './use-jobs.ts';

export function JobsDock() {
  const { jobs } = useJobs();
  const starts = useStarts();
  const pending = starts.filter((one) => isPending(one, jobs));
  const shown = jobs.filter((job) => !hasEnded(job) || findStart(starts, job.id)?.isClosed === false);
  const job = shown.find((one) => !hasEnded(one)) ?? shown[0];
  const start = job && findStart(starts, job.id);
  useFollow(job && !hasEnded(job) ? job.id : undefined);
  const container = useFocusOnStart(pending);
  const isEmpty = pending.length === 0 && !job;
  return (
    <section
      ref={container}
      tabIndex={-1}
      className="jobs-dock"
      aria-label="Bulk jobs in progress"
      data-empty={isEmpty}
    >
      {/* Always rendered, so that screen readers announce changes. */}
      <p className="hidden" role="status">
        {job && announcement(job, start?.label ?? 'Bulk job')}
      </p>
      {pending.map((one) => (
        <PendingStart key={one.key} start={one} />
      ))}
      {job && <JobLine job={job} start={start} others={shown.length - 1} />}
    </section>
  );
}

/** Whether there is no job to show: not started, or not in the list yet, so that one line replaces the other. */
function isPending({ progress, isClosed }: Start, jobs: readonly BulkJobPartsFragment[]): boolean {
  if (progress.state !== 'started') return true;
  return !isClosed && !jobs.some(({ id }) => id === progress.jobId);
}

/** The form that was submitted is removed, so the focus moves here. Not after a reload. */
function useFocusOnStart(pending: readonly Start[]) {
  const container = useRef<HTMLElement>(null);
  const sending = pending.find(({ progress }) => progress.state === 'sending')?.key;
  useEffect(() => {
    if (sending !== undefined) container.current?.focus();
  }, [sending]);
  return container;
}

interface JobLineProps {
  readonly job: BulkJobPartsFragment;
  /** `undefined` if another tab has started it. */
  readonly start: Start | undefined;
  /** Number of further jobs that are not shown here. */
  readonly others: number;
}

function JobLine({ job, start, others }: JobLineProps) {
  const close = (): void => {
    if (start) returnToBoard(() => changeStart(start.key, { isClosed: true }));
  };
  const text = describeProgress(job);
  return (
    <div className="job-line">
      <div className="job-progress">
        <span className="job-name">
          {start?.label ?? 'Bulk job'}: {stateLabel(job.state)}
        </span>
        <ProgressBar job={job} label={start?.label ?? 'Bulk job'} />
        <span className="job-figure">
          {job.state === 'GATHERING' ? '' : `${amount(finishedOf(job))} of ${amount(job.total)}`}
        </span>
      </div>
      <p className="job-text" title={text}>
        {text}
      </p>
      <div className="buttons">
        {others > 0 && (
          <button type="button" className="button quiet" onClick={() => navigate({ jobs: '', ticket: undefined })}>
            {others} more
          </button>
        )}
        <button type="button" className="button" onClick={() => navigate({ jobs: job.id, ticket: undefined })}>
          Details
        </button>
        {hasEnded(job) ? (
          <button type="button" className="button quiet job-end" onClick={close}>
            Close
          </button>
        ) : (
          <CancelButton job={job} className="button quiet job-end" />
        )}
      </div>
    </div>
  );
}

function PendingStart({ start }: { readonly start: Start }) {
  const client = useApolloClient();
  const { label, progress } = start;
  const isWaiting = progress.state === 'sending';
  const dismiss = (): void =>
    returnToBoard(() =>
      progress.state === 'started' ? changeStart(start.key, { isClosed: true }) : removeStart(start.key),
    );
  return (
    <div className="job-line" data-outcome={OUTCOMES[progress.state]}>
      <p className="job-start" role={OUTCOMES[progress.state] && 'alert'}>
        <strong>{HEADS[progress.state](label)}</strong> {'message' in progress ? progress.message : ''}
      </p>
      <div className="buttons">
        {progress.state === 'lost' && canRepeat(start) && (
          <button type="button" className="button" title={SAME_KEY} onClick={() => void beginAgain(client, start)}>
            Send again
          </button>
        )}
        {(progress.state === 'lost' || progress.state === 'started') && (
          <button type="button" className="button" onClick={() => navigate({ jobs: '', ticket: undefined })}>
            Show the jobs
          </button>
        )}
        {!isWaiting && (
          <button type="button" className="button quiet" onClick={dismiss}>
            Dismiss
          </button>
        )}
      </div>
    </div>
  );
}

const SAME_KEY = 'Repeats the same request under the same key, which gives the same job.';

const OUTCOMES = { sending: undefined, lost: 'UNKNOWN', refused: 'NOT_APPLIED', started: undefined } as const;

const HEADS: Readonly<Record<Start['progress']['state'], (label: string) => string>> = {
  sending: (label) => `The job “${label}” is being started.`,
  lost: (label) => `No response: we do not know whether the job “${label}” was started.`,
  refused: (label) => `The job “${label}” was not started.`,
  started: (label) => `The job “${label}” was started.`,
};
