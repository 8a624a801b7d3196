/** Progress of a bulk write, and the result of each ticket. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { BoardTicketFragmentDoc, type BoardTicketFragment } from '../__generated__/documents.ts';
import { navigate } from '../address.ts';
import { formatReason } from '../ticket/reasons.tsx';
import { categoryLabel } from '../labels.ts';
import type { StatusPayload, StatusWrite } from '../writes/write.ts';
import { isUnfinished, type Bulk } from './use-bulk.ts';

interface BulkResultsProps {
  readonly bulk: Bulk;
  onStop(): void;
  onResume(): void;
  onClose(): void;
}

export function BulkResults({ bulk, onStop, onResume, onClose }: BulkResultsProps) {
  const lines = bulk.parts.flatMap(toLines);
  const completed = lines.filter(({ kind }) => kind !== 'WAITING').length;
  const canResume = !bulk.isRunning && bulk.parts.some(isUnfinished);
  const container = useRef<HTMLDivElement>(null);
  // The submitted form has been removed, so the focus moves here.
  useEffect(() => container.current?.focus(), []);
  return (
    <div ref={container} tabIndex={-1} className="bulk-results">
      <div className="bulk-progress">
        <label>
          <span>
            {categoryLabel(bulk.status)}: {completed} of {lines.length}
          </span>
          <progress max={lines.length} value={completed} />
        </label>
        <p role="status">{bulk.isRunning ? '' : summarise(lines)}</p>
        <div className="buttons">
          {bulk.isRunning && (
            <button type="button" className="button" onClick={onStop}>
              Stop
            </button>
          )}
          {canResume && (
            <button type="button" className="button" onClick={onResume}>
              Send the rest
            </button>
          )}
          {!bulk.isRunning && (
            <button type="button" className="button quiet" onClick={onClose}>
              Close
            </button>
          )}
        </div>
      </div>
      <ul className="bulk-lines" tabIndex={0} aria-label="Result for each ticket">
        {(bulk.isRunning ? lines : byUrgency(lines)).map((line) => (
          <ResultLine key={line.id} line={line} />
        ))}
      </ul>
    </div>
  );
}

type Kind = 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN' | 'WAITING';

interface Line {
  readonly id: string;
  readonly kind: Kind;
  readonly reason: string;
}

const KIND_LABELS: Readonly<Record<Kind, string>> = {
  APPLIED: 'Done',
  NOT_APPLIED: 'Not done',
  UNKNOWN: 'Unknown',
  WAITING: 'Waiting',
};

function toLines({ input, progress }: StatusWrite): readonly Line[] {
  const all = (kind: Kind, reason = ''): readonly Line[] => input.ticketIds.map((id) => ({ id, kind, reason }));
  switch (progress.state) {
    case 'waiting':
    case 'sending':
      return all('WAITING');
    case 'lost':
      return all('UNKNOWN', progress.message);
    case 'refused':
      return all('NOT_APPLIED', progress.message);
    case 'settled':
      return toLinesOfPayload(progress.payload, all);
  }
}

/** A payload without results was rejected as a whole. */
function toLinesOfPayload(
  { results, problems }: StatusPayload,
  all: (kind: Kind, reason: string) => readonly Line[],
): readonly Line[] {
  if (results.length === 0) return all('NOT_APPLIED', problems.map(({ message }) => message).join(' '));
  return results.map(({ ticketId, outcome, problem }) => ({
    id: ticketId,
    kind: outcome === 'PARTIAL' ? 'UNKNOWN' : outcome,
    reason: problem ? formatReason(problem) : '',
  }));
}

/** Sorts results that need attention first. */
function byUrgency(lines: readonly Line[]): readonly Line[] {
  const order: readonly Kind[] = ['UNKNOWN', 'NOT_APPLIED', 'WAITING', 'APPLIED'];
  return lines.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

function summarise(lines: readonly Line[]): string {
  const number = (kind: Kind): number => lines.filter((line) => line.kind === kind).length;
  const parts = (['APPLIED', 'NOT_APPLIED', 'UNKNOWN', 'WAITING'] as const)
    .filter((kind) => number(kind) > 0)
    .map((kind) => `${number(kind)} ${KIND_LABELS[kind].toLowerCase()}`);
  const advice = number('UNKNOWN') > 0 ? ' Check the unknown ones before you retry.' : '';
  return `${parts.join(', ')}.${advice}`;
}

function ResultLine({ line: { id, kind, reason } }: { readonly line: Line }) {
  const client = useApolloClient();
  const ticket = client.readFragment<BoardTicketFragment>({ id, fragment: BoardTicketFragmentDoc });
  return (
    <li data-outcome={kind}>
      <span className="bulk-word">{KIND_LABELS[kind]}</span>
      <button type="button" className="link" onClick={() => navigate({ ticket: id })}>
        {ticket?.reference ?? id}
      </button>
      <span className="bulk-why">{reason === '' ? ticket?.title : reason}</span>
    </li>
  );
}
