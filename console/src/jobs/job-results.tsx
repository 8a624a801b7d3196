/** The results of a job, by outcome and page. They are those of the time when they were loaded, and of its end. */
import { NetworkStatus } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import {
  BoardTicketFragmentDoc,
  BulkResultsDocument,
  type BoardTicketFragment,
  type BulkJobPartsFragment,
  type BulkResultsQuery,
  type Outcome,
} from '../__generated__/documents.ts';
import { hrefOf } from '../address.ts';
import { followLink } from '../follow-link.ts';
import { describeError } from '../session/errors.ts';
import { formatReason } from '../ticket/reasons.tsx';
import { hasEnded } from './describe.ts';

const PAGE_SIZE = 50;

const FILTERS = [
  ['All', undefined],
  ['Unknown', 'UNKNOWN'],
  ['Not done', 'NOT_APPLIED'],
  ['Done', 'APPLIED'],
] as const satisfies readonly (readonly [string, Outcome | undefined])[];

type Result = NonNullable<BulkResultsQuery['bulkJob']>['results']['nodes'][number];

export function JobResults({ job }: { readonly job: BulkJobPartsFragment }) {
  const [outcome, setOutcome] = useState<Outcome>();
  const { data, previousData, error, networkStatus, fetchMore, refetch } = useQuery(BulkResultsDocument, {
    variables: { id: job.id, first: PAGE_SIZE, outcomes: outcome === undefined ? null : [outcome] },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
    notifyOnNetworkStatusChange: true,
  });
  // `error` reports the failure.
  const reload = (): void => void refetch().catch(() => undefined);
  useReloadAtEnd(job, reload);
  const page = (data ?? previousData)?.bulkJob?.results;
  const isLoading = networkStatus !== NetworkStatus.ready && networkStatus !== NetworkStatus.error;
  const loadMore = (): void =>
    void fetchMore({ variables: { after: page?.pageInfo.endCursor } }).catch(() => undefined);
  return (
    <section className="stack" aria-labelledby="job-results">
      <div className="pane-line job-results-head">
        <h3 id="job-results">Results</h3>
        {!hasEnded(job) && (
          <button type="button" className="button quiet" onClick={reload}>
            Reload the results
          </button>
        )}
      </div>
      <div className="chips" role="group" aria-label="Outcome">
        {FILTERS.map(([label, value]) => (
          <button
            key={label}
            type="button"
            className="chip"
            aria-pressed={outcome === value}
            onClick={() => setOutcome(value)}
          >
            {label}
          </button>
        ))}
      </div>
      {error && (
        <div role="alert" className="stack">
          <p>Could not load the results. {describeError(error)}</p>
          <div className="buttons">
            <button type="button" className="button" onClick={reload}>
              Try again
            </button>
          </div>
        </div>
      )}
      <p className="hidden" role="status">
        {isLoading ? 'Loading the results.' : `${page?.nodes.length ?? 0} results shown.`}
      </p>
      {page?.nodes.length === 0 && !isLoading && <p className="muted">No results with this outcome.</p>}
      {page && page.nodes.length > 0 && (
        <ul className="bulk-lines job-results" aria-label="Result for each ticket" aria-busy={isLoading}>
          {page.nodes.map((result, index) => (
            // A ticket may be named twice.
            <ResultLine key={`${index} ${result.ticketId}`} result={result} />
          ))}
        </ul>
      )}
      {page?.pageInfo.hasNextPage && (
        <div className="buttons">
          <button type="button" className="button" onClick={loadMore}>
            {networkStatus === NetworkStatus.fetchMore ? 'Loading…' : 'Show more results'}
          </button>
        </div>
      )}
    </section>
  );
}

/** Waiting results have outcomes then. */
function useReloadAtEnd(job: BulkJobPartsFragment, reload: () => void): void {
  const wasRunning = useRef(!hasEnded(job));
  useEffect(() => {
    if (wasRunning.current && hasEnded(job)) reload();
    wasRunning.current = !hasEnded(job);
  }, [job.endedAt]);
}

const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  APPLIED: 'Done',
  NOT_APPLIED: 'Not done',
  UNKNOWN: 'Unknown',
  PARTIAL: 'Partly done',
};

function ResultLine({ result: { ticketId, outcome, inFlight, reconciled, problem } }: { readonly result: Result }) {
  const client = useApolloClient();
  const ticket = client.readFragment<BoardTicketFragment>({ id: ticketId, fragment: BoardTicketFragmentDoc });
  const waiting = inFlight ? 'Being sent' : 'Waiting';
  const reason = problem ? formatReason(problem) : reconciled ? 'Established by reading the ticket.' : ticket?.title;
  return (
    <li data-outcome={outcome ?? 'WAITING'}>
      <span className="bulk-word">{outcome === null ? waiting : OUTCOME_LABELS[outcome]}</span>
      <a href={hrefOf({ ticket: ticketId })} onClick={(event) => followLink(event, { ticket: ticketId })}>
        {ticket?.reference ?? ticketId}
      </a>
      <span className="bulk-why">{reason}</span>
    </li>
  );
}
