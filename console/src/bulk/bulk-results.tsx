/** How far a bulk write is, and what became of each ticket. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { BoardTicketFragmentDoc, type BoardTicketFragment } from '../__generated__/documents.ts';
import { go } from '../address.ts';
import { sayWhy } from '../ticket/reasons.tsx';
import { categoryWord } from '../words.ts';
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
  const answered = lines.filter(({ kind }) => kind !== 'WAITING').length;
  const canResume = !bulk.isRunning && bulk.parts.some(isUnfinished);
  const place = useRef<HTMLDivElement>(null);
  // The form that was sent is gone: here is where the person goes on.
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className="bulk-results">
      <div className="bulk-progress">
        <label>
          <span>
            {categoryWord(bulk.status)}: {answered} of {lines.length}
          </span>
          <progress max={lines.length} value={answered} />
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
        {(bulk.isRunning ? lines : byNeed(lines)).map((line) => (
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
  readonly why: string;
}

const WORDS: Readonly<Record<Kind, string>> = {
  APPLIED: 'Done',
  NOT_APPLIED: 'Not done',
  UNKNOWN: 'Not known',
  WAITING: 'Waiting',
};

function toLines({ input, progress }: StatusWrite): readonly Line[] {
  const all = (kind: Kind, why = ''): readonly Line[] => input.ticketIds.map((id) => ({ id, kind, why }));
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

/** A payload without results was refused as a whole. */
function toLinesOfPayload(
  { results, problems }: StatusPayload,
  all: (kind: Kind, why: string) => readonly Line[],
): readonly Line[] {
  if (results.length === 0) return all('NOT_APPLIED', problems.map(({ message }) => message).join(' '));
  return results.map(({ ticketId, outcome, problem }) => ({
    id: ticketId,
    kind: outcome === 'PARTIAL' ? 'UNKNOWN' : outcome,
    why: problem ? sayWhy(problem) : '',
  }));
}

/** What wants somebody's attention comes first. */
function byNeed(lines: readonly Line[]): readonly Line[] {
  const order: readonly Kind[] = ['UNKNOWN', 'NOT_APPLIED', 'WAITING', 'APPLIED'];
  return lines.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

function summarise(lines: readonly Line[]): string {
  const number = (kind: Kind): number => lines.filter((line) => line.kind === kind).length;
  const parts = (['APPLIED', 'NOT_APPLIED', 'UNKNOWN', 'WAITING'] as const)
    .filter((kind) => number(kind) > 0)
    .map((kind) => `${number(kind)} ${WORDS[kind].toLowerCase()}`);
  const advice = number('UNKNOWN') > 0 ? ' Look at those that are not known before you do anything again.' : '';
  return `${parts.join(', ')}.${advice}`;
}

function ResultLine({ line: { id, kind, why } }: { readonly line: Line }) {
  const client = useApolloClient();
  const ticket = client.readFragment<BoardTicketFragment>({ id, fragment: BoardTicketFragmentDoc });
  return (
    <li data-outcome={kind}>
      <span className="bulk-word">{WORDS[kind]}</span>
      <button type="button" className="link" onClick={() => go({ ticket: id })}>
        {ticket?.reference ?? id}
      </button>
      <span className="bulk-why">{why === '' ? ticket?.title : why}</span>
    </li>
  );
}
