/** One bulk job: its progress, its sources, downloads and results. */
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { OneBulkJobDocument, type OneBulkJobQuery, type Outcome } from '../__generated__/documents.ts';
import { hrefOf } from '../address.ts';
import { followLink } from '../follow-link.ts';
import { codeOf, describeError } from '../session/errors.ts';
import { formatReason } from '../ticket/reasons.tsx';
import { Time } from '../time.tsx';
import { CancelButton } from './cancel-button.tsx';
import { amount, clockTime, finishedOf, hasEnded, stateLabel, ticketCount } from './describe.ts';
import { saveResults } from './download.ts';
import { useFollow } from './follow.ts';
import { JobResults } from './job-results.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { JobsPaneHead } from './jobs-pane-head.tsx';
import { findStart, useStarts } from './starts.ts';
import { useRate } from './use-rate.ts';

interface JobViewProps {
  readonly id: string;
  onClose(): void;
}

type Job = NonNullable<OneBulkJobQuery['bulkJob']>;

export function JobView({ id, onClose }: JobViewProps) {
  const { data, error, loading, refetch } = useQuery(OneBulkJobDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  });
  const label = findStart(useStarts(), id)?.label;
  const job = data?.bulkJob;
  useFollow(job && !hasEnded(job) ? id : undefined);
  return (
    <aside className="pane" aria-labelledby="jobs-title" aria-busy={loading}>
      <JobsPaneHead title={label === undefined ? 'Bulk job' : `Set to “${label}”`} onClose={onClose}>
        <a
          href={hrefOf({ jobs: '', ticket: undefined })}
          onClick={(event) => followLink(event, { jobs: '', ticket: undefined })}
        >
          All bulk jobs
        </a>
      </JobsPaneHead>
      <div className="pane-body">
        {!job && !error && loading && <p className="muted">Loading…</p>}
        {error && !job && (
          <div role="alert" className="stack">
            <p>{codeOf(error) === 'INVALID_INPUT' ? 'This is not the id of a bulk job.' : describeError(error)}</p>
            <div className="buttons">
              <button type="button" className="button" onClick={() => void refetch().catch(() => undefined)}>
                Try again
              </button>
            </div>
          </div>
        )}
        {data?.bulkJob === null && (
          <p role="alert">You have no such bulk job. It was deleted, or somebody else has started it.</p>
        )}
        {job && <JobDetails job={job} label={label ?? 'Bulk job'} />}
      </div>
    </aside>
  );
}

function JobDetails({ job, label }: { readonly job: Job; readonly label: string }) {
  // What comes or goes while the job is watched keeps its space, so that nothing moves.
  const [isWatched] = useState(!hasEnded(job));
  const notes = notesFor(job);
  return (
    <>
      <section className="stack" aria-label="Progress">
        <ProgressBar job={job} label={label} />
        <Facts job={job} />
      </section>
      <Sources job={job} />
      {(isWatched || notes.length > 0) && (
        <ul className="job-notes" aria-label="What needs attention" tabIndex={notes.length > 0 ? 0 : undefined}>
          {notes.map(({ tone, text }) => (
            <li key={text} data-outcome={tone}>
              {text}
            </li>
          ))}
        </ul>
      )}
      <div className="buttons job-buttons">
        <Downloads job={job} />
        {isWatched && <CancelButton job={job} className="button" />}
      </div>
      <JobResults job={job} />
    </>
  );
}

interface Note {
  readonly tone: Outcome;
  readonly text: string;
}

/** Why the job failed or was stopped, which sources are paused and why, and that outcomes are unknown. */
function notesFor({ problem, unknown, sources }: Job): readonly Note[] {
  const pauses = sources.flatMap(({ source, pausedUntil, problem: reason }) =>
    pausedUntil === null
      ? []
      : `${source.name} is paused until ${clockTime(pausedUntil)}: ${reason ? formatReason(reason) : ''}`,
  );
  return [
    ...(problem ? [{ tone: 'NOT_APPLIED', text: formatReason(problem) } as const] : []),
    ...pauses.map((text) => ({ tone: 'UNKNOWN', text }) as const),
    ...(unknown > 0 ? [{ tone: 'UNKNOWN', text: unknownText(unknown) } as const] : []),
  ];
}

function unknownText(unknown: number): string {
  const verb = unknown === 1 ? 'was' : 'were';
  return `We do not know whether ${ticketCount(unknown)} ${verb} changed. Check before another job names them.`;
}

function Facts({ job }: { readonly job: Job }) {
  const rate = useRate(job);
  return (
    <dl className="job-facts">
      <Fact name="State">{stateLabel(job.state)}</Fact>
      <Fact name={job.state === 'GATHERING' ? 'Found so far' : 'Finished'}>
        {job.state === 'GATHERING' ? amount(job.total) : `${amount(finishedOf(job))} of ${amount(job.total)}`}
      </Fact>
      <Fact name="Done">{amount(job.applied)}</Fact>
      <Fact name="Not done">{amount(job.notApplied)}</Fact>
      <Fact name="Unknown">{amount(job.unknown)}</Fact>
      <Fact name="Waiting">{amount(job.waiting + job.inFlight)}</Fact>
      <Fact name="Started">
        <Time at={job.createdAt} />
      </Fact>
      {hasEnded(job) ? (
        <Fact name="Ended">
          <Time at={job.endedAt} />
        </Fact>
      ) : (
        <Fact name="Ends about">{job.expectedEnd === null ? '—' : clockTime(job.expectedEnd)}</Fact>
      )}
      <Fact name="Rate">{rate === undefined ? '—' : formatRate(rate)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function formatRate(rate: number): string {
  return `${rate >= 10 ? amount(Math.round(rate)) : rate.toFixed(1)} per second`;
}

const SOURCE_COLUMNS = ['Source', 'Done', 'Not done', 'Unknown', 'Waiting'];

function Sources({ job: { sources } }: { readonly job: Job }) {
  return (
    <table className="job-sources" aria-label="Sources">
      <thead>
        <tr>
          {SOURCE_COLUMNS.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sources.map(({ source, applied, notApplied, unknown, waiting, inFlight, pausedUntil }) => (
          <tr key={source.id} data-paused={pausedUntil !== null}>
            <th scope="row">{source.name}</th>
            {[applied, notApplied, unknown, waiting + inFlight].map((number, index) => (
              <td key={SOURCE_COLUMNS[index + 1]}>
                {/* Replaced rather than changed: text that is aligned at its end would count as a layout shift. */}
                <span key={number}>{amount(number)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const FORMATS = [
  ['CSV', 'csvPath'],
  ['NDJSON', 'ndjsonPath'],
] as const;

function Downloads({ job }: { readonly job: Job }) {
  const [loading, setLoading] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const save = (path: string): void => {
    if (loading !== undefined) return;
    setLoading(path);
    setProblem(undefined);
    saveResults(path)
      .catch((error: unknown) => setProblem((error as Error).message))
      .finally(() => setLoading(undefined));
  };
  return (
    <>
      {FORMATS.map(([format, field]) => (
        <button
          key={format}
          type="button"
          className="button"
          aria-busy={loading === job[field]}
          onClick={() => save(job[field])}
        >
          Download {format}
        </button>
      ))}
      {problem !== undefined && (
        <p className="field-error" role="alert">
          Not downloaded: {problem}
        </p>
      )}
    </>
  );
}
