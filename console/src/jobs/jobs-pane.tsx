/** Beside the board: the list of bulk jobs, or one of them with its results. */
import { useEffect } from 'react';
import type { BulkJobPartsFragment } from '../__generated__/documents.ts';
import { hrefOf } from '../address.ts';
import { followLink } from '../follow-link.ts';
import { describeError } from '../session/errors.ts';
import { Time } from '../time.tsx';
import { describeProgress, hasEnded, stateLabel, ticketCount } from './describe.ts';
import { useFollow } from './follow.ts';
import { JobView } from './job-view.tsx';
import { JobsPaneHead } from './jobs-pane-head.tsx';
import { findStart, useStarts } from './starts.ts';
import { useJobs } from './use-jobs.ts';

interface JobsPaneProps {
  /** Id of the job, or `''` for the list. */
  readonly open: string;
  onClose(): void;
}

export function JobsPane({ open, onClose }: JobsPaneProps) {
  return open === '' ? <JobList onClose={onClose} /> : <JobView key={open} id={open} onClose={onClose} />;
}

function JobList({ onClose }: Pick<JobsPaneProps, 'onClose'>) {
  const { jobs, hasMore, isLoading, isLoadingMore, error, loadMore, reload } = useJobs();
  // Other tabs and other programs of the same caller start jobs as well.
  useEffect(reload, []);
  return (
    <aside className="pane" aria-labelledby="jobs-title" aria-busy={isLoading}>
      <JobsPaneHead title="Bulk jobs" onClose={onClose}>
        <span className="muted small">Newest first. The server deletes jobs some days after their end.</span>
      </JobsPaneHead>
      <div className="pane-body">
        {error !== undefined && (
          <div role="alert" className="stack">
            <p>{describeError(error)}</p>
            <div className="buttons">
              <button type="button" className="button" onClick={reload}>
                Try again
              </button>
            </div>
          </div>
        )}
        {!error && !isLoading && jobs.length === 0 && (
          <p className="muted">
            No bulk jobs. To start one, select more than 100 tickets, or all that fit the filter, and set a status.
          </p>
        )}
        {isLoading && <p className="muted">Loading…</p>}
        {jobs.length > 0 && (
          <ul className="job-list" aria-label="Bulk jobs, newest first">
            {jobs.map((job) => (
              <JobItem key={job.id} job={job} />
            ))}
          </ul>
        )}
        {hasMore && (
          <div className="buttons">
            <button type="button" className="button" onClick={loadMore}>
              {isLoadingMore ? 'Loading…' : 'Show more'}
            </button>
          </div>
        )}
      </div>
    </aside>
  );
}

function JobItem({ job }: { readonly job: BulkJobPartsFragment }) {
  const label = findStart(useStarts(), job.id)?.label;
  useFollow(hasEnded(job) ? undefined : job.id);
  return (
    <li className="job-item" data-outcome={toneOf(job)}>
      <div className="job-item-line">
        <a
          href={hrefOf({ jobs: job.id, ticket: undefined })}
          onClick={(event) => followLink(event, { jobs: job.id, ticket: undefined })}
        >
          {label === undefined ? ticketCount(job.total) : `${label}: ${ticketCount(job.total)}`}
        </a>
        <strong>{stateLabel(job.state)}</strong>
      </div>
      <p className="job-item-text">{describeProgress(job)}</p>
      <p className="small">
        Started <Time at={job.createdAt} />
      </p>
    </li>
  );
}

/** The colours of outcomes, by the worst of the job. `undefined` while it runs. */
function toneOf(job: BulkJobPartsFragment): string | undefined {
  if (job.state === 'FAILED') return 'NOT_APPLIED';
  if (job.unknown > 0) return 'UNKNOWN';
  if (job.notApplied > 0) return 'NOT_APPLIED';
  return job.state === 'DONE' ? 'APPLIED' : undefined;
}
