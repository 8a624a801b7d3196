/**
 * Pending writes and unseen outcomes of tickets that are not open. An unknown outcome stays until the user checks the
 * ticket or dismisses it.
 */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { navigate } from '../address.ts';
import { canSendAgain, kindOf, OutcomeText } from '../ticket/outcome-note.tsx';
import { categoryLabel, count } from '../labels.ts';
import { checkTicket, sendAgain } from './send.ts';
import { needsAttention, removeWrites, useWrites } from './store.ts';
import { hasLiveKey, isUnknown, unknownTicketsOf, type ActionWrite, type StatusWrite, type Write } from './write.ts';

interface TrayProps {
  /** Id of the open ticket, whose outcomes are shown beside it. */
  readonly open: string | undefined;
}

export function Tray({ open }: TrayProps) {
  const writes = useWrites().filter(
    (write) => needsAttention(write) && !(write.kind === 'action' && write.ticketId === open),
  );
  const [isUnfolded, setUnfolded] = useState(() => window.matchMedia('(width >= 860px)').matches);
  const finished = writes.filter(isFinished);
  return (
    <section className="tray" aria-label="Outcomes" data-empty={writes.length === 0}>
      {/* Always rendered, so that screen readers announce changes. */}
      <div className="tray-line">
        <p role="status">{writes.length > 0 && summarise(writes)}</p>
        {writes.length > 0 && (
          <div className="buttons">
            {finished.length > 0 && (
              <button type="button" className="button quiet" onClick={() => removeWrites(isIn(finished))}>
                Clear finished
              </button>
            )}
            <button
              type="button"
              className="button quiet"
              aria-expanded={isUnfolded}
              onClick={() => setUnfolded(!isUnfolded)}
            >
              {isUnfolded ? 'Hide' : 'Show'}
            </button>
          </div>
        )}
      </div>
      {writes.length > 0 && isUnfolded && (
        <ul className="tray-list" tabIndex={0} aria-label="Each outcome">
          {writes
            .toReversed()
            .map((write) =>
              write.kind === 'action' ? (
                <ActionItem key={write.key} write={write} />
              ) : (
                <StatusItem key={write.key} write={write} />
              ),
            )}
        </ul>
      )}
    </section>
  );
}

function isFinished(write: Write): boolean {
  return (write.progress.state === 'settled' || write.progress.state === 'refused') && !isUnknown(write);
}

function isIn(writes: readonly Write[]): (write: Write) => boolean {
  const keys = new Set(writes.map(({ key }) => key));
  return ({ key }) => keys.has(key);
}

function summarise(writes: readonly Write[]): string {
  const kinds = writes.map(kindOf);
  const number = (kind: string): number => kinds.filter((other) => other === kind).length;
  const parts = [
    [number('UNKNOWN'), 'unknown'],
    [number('WAITING'), 'in progress'],
    [number('NOT_APPLIED'), 'not done'],
    [number('PARTIAL'), 'partly done'],
    [number('APPLIED'), 'done'],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, label]) => `${amount} ${label}`)
    .join(', ');
}

function ActionItem({ write }: { readonly write: ActionWrite }) {
  const client = useApolloClient();
  const isWaiting = write.progress.state === 'sending';
  return (
    <li className="tray-item" data-outcome={kindOf(write)}>
      <p className="reference">{write.reference}</p>
      <OutcomeText write={write} />
      <div className="buttons">
        <CheckButton ticketId={write.ticketId} />
        {(canSendAgain(write) || (isUnknown(write) && hasLiveKey(write))) && (
          <button type="button" className="button" title={SAME_KEY} onClick={() => void sendAgain(client, write)}>
            {write.progress.state === 'settled' && isUnknown(write) ? 'Ask the server again' : 'Send again'}
          </button>
        )}
        {!isWaiting && (
          <button type="button" className="button quiet" onClick={() => removeWrites(isIn([write]))}>
            Dismiss
          </button>
        )}
      </div>
    </li>
  );
}

const SAME_KEY = 'Repeats the same request under the same key, so it is never applied twice.';

function StatusItem({ write }: { readonly write: StatusWrite }) {
  const client = useApolloClient();
  const { status } = write.input;
  const ids = unknownTicketsOf(write);
  const isWaiting = write.progress.state === 'sending';
  return (
    <li className="tray-item" data-outcome={isWaiting ? 'WAITING' : 'UNKNOWN'}>
      <p>
        <strong>
          {isWaiting
            ? `“${categoryLabel(status)}” is being sent for ${count(write.input.ticketIds.length, 'ticket')}.`
            : `We do not know whether “${categoryLabel(status)}” was done for ${count(ids.length, 'ticket')}.`}
        </strong>
      </p>
      {!isWaiting && (
        <>
          <ul className="tray-tickets">
            {ids.map((id) => (
              <li key={id}>
                <CheckButton ticketId={id} label={id} />
              </li>
            ))}
          </ul>
          <div className="buttons">
            {hasLiveKey(write) && (
              <button type="button" className="button" title={SAME_KEY} onClick={() => void sendAgain(client, write)}>
                Ask the server again
              </button>
            )}
            <button type="button" className="button quiet" onClick={() => removeWrites(isIn([write]))}>
              Dismiss
            </button>
          </div>
        </>
      )}
    </li>
  );
}

function CheckButton({ ticketId, label = 'Check the ticket' }: { readonly ticketId: string; readonly label?: string }) {
  const client = useApolloClient();
  const check = (): void => {
    navigate({ ticket: ticketId });
    void checkTicket(client, ticketId);
  };
  return (
    <button type="button" className="button" onClick={check}>
      {label}
    </button>
  );
}
