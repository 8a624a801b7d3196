/** What a job would do, counted by a dry run, and the confirmation. The safe button has the focus. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { amount, ticketCount } from './describe.ts';
import { planJob, type JobInput, type Plan } from './send.ts';

interface PlanDialogProps {
  /** What the job does, e.g. `Closed`. */
  readonly label: string;
  readonly input: JobInput;
  onClose(): void;
  onConfirm(): void;
}

export function PlanDialog({ label, input, onClose, onConfirm }: PlanDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { plan, problem } = usePlan(input);
  useEffect(() => dialog.current?.showModal(), []);
  const writes = plan?.sources.reduce((sum, { tickets }) => sum + tickets, 0) ?? 0;
  // Tickets of a source that was not counted are in no number.
  const isUseless = plan !== undefined && writes === 0 && plan.complete;
  return (
    <dialog
      ref={dialog}
      className="dialog plan"
      role="alertdialog"
      aria-labelledby="plan-title"
      aria-describedby="plan-text"
      onClose={onClose}
    >
      <div className="stack">
        <h2 id="plan-title">{titleFor(label, plan, writes)}</h2>
        <div id="plan-text" className="stack plan-text" role="status">
          {!plan && problem === undefined && <p>Nothing is changed yet. This may take some seconds.</p>}
          {problem !== undefined && <p>Could not count the tickets: {problem}</p>}
          {plan && <PlanText plan={plan} isFilter={'filter' in input.tickets} />}
        </div>
        <div className="buttons">
          <button type="button" className="button" autoFocus onClick={() => dialog.current?.close()}>
            Back
          </button>
          {plan && !isUseless && (
            <button
              type="button"
              className="button danger"
              data-once
              onClick={() => {
                dialog.current?.close();
                onConfirm();
              }}
            >
              Yes, set {plan.complete ? ticketCount(writes) : 'all that fit'}
            </button>
          )}
        </div>
      </div>
    </dialog>
  );
}

function usePlan(input: JobInput): { readonly plan?: Plan; readonly problem?: string } {
  const client = useApolloClient();
  const [result, setResult] = useState<{ readonly plan?: Plan; readonly problem?: string }>({});
  useEffect(() => {
    const aborter = new AbortController();
    planJob(client, input, aborter.signal).then(
      (plan) => aborter.signal.aborted || setResult({ plan }),
      (error: unknown) => aborter.signal.aborted || setResult({ problem: (error as Error).message }),
    );
    return () => aborter.abort();
  }, [client, input]);
  return result;
}

function titleFor(label: string, plan: Plan | undefined, writes: number): string {
  if (!plan) return `Counting the tickets for “${label}”`;
  if (!plan.complete) return `Set all tickets that fit, ${amount(writes)} or more, to “${label}”?`;
  return writes === 0 ? `No ticket can be set to “${label}”` : `Set ${ticketCount(writes)} to “${label}”?`;
}

/** Reasons that are listed. */
const MAX_REASONS = 5;

function PlanText({ plan, isFilter }: { readonly plan: Plan; readonly isFilter: boolean }) {
  const reasons = reasonsOf(plan);
  return (
    <>
      <dl className="plan-counts" aria-label="Tickets of each source">
        {plan.sources.map(({ source, tickets }) => (
          <div key={source.id}>
            <dt>{source.name}</dt>
            <dd>{plan.complete ? ticketCount(tickets) : `${ticketCount(tickets)} or more`}</dd>
          </div>
        ))}
        {plan.rejected > 0 && (
          <div data-outcome="NOT_APPLIED">
            <dt>Would be rejected</dt>
            <dd>{plan.complete ? ticketCount(plan.rejected) : `${ticketCount(plan.rejected)} or more`}</dd>
          </div>
        )}
      </dl>
      {reasons.length > 0 && (
        <ul className="plan-reasons" aria-label="Why tickets would be rejected" tabIndex={0}>
          {reasons.slice(0, MAX_REASONS).map(({ message, ids }) => (
            <li key={message}>
              {message} <span className="muted">{listIds(ids)}</span>
            </li>
          ))}
          {reasons.length > MAX_REASONS && <li>And {reasons.length - MAX_REASONS} more reasons.</li>}
        </ul>
      )}
      {!plan.complete && (
        <p>
          Not all tickets could be counted: there are too many, or a source did not respond. The job finds all of them
          before it changes the first; if it cannot, it fails and changes nothing.
        </p>
      )}
      {isFilter && (
        <p className="muted">
          The job takes the tickets that fit when it starts. Vendors without a list have none in it.
        </p>
      )}
      <p className="muted">It runs in the background, and cannot be undone here.</p>
    </>
  );
}

interface Reason {
  readonly message: string;
  readonly ids: readonly string[];
}

/** The same reason of several tickets is listed once. */
function reasonsOf({ problems }: Plan): readonly Reason[] {
  const byMessage = Map.groupBy(problems, ({ message }) => message);
  return [...byMessage].map(([message, all]) => ({ message, ids: all.flatMap(({ ticketId }) => ticketId ?? []) }));
}

function listIds(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const shown = ids.slice(0, 3).join(', ');
  return ids.length > 3 ? `(${shown}, …)` : `(${shown})`;
}
