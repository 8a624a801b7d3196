/**
 * Writes whose ticket is not open: those under way, and those whose outcome has not been seen yet. What is unknown stays
 * until somebody looks at the ticket or dismisses it.
 */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { go } from '../address.ts';
import { canSendAgain, kindOf, Words } from '../ticket/outcome-note.tsx';
import { categoryWord, count } from '../words.ts';
import { lookAt, sendAgain } from './send.ts';
import { isOpenQuestion, removeWrites, useWrites } from './store.ts';
import { hasLiveKey, isUnknown, unknownTicketsOf, type ActionWrite, type StatusWrite, type Write } from './write.ts';

interface TrayProps {
  /** The ticket that is open: its outcomes stand beside it. */
  readonly open: string | undefined;
}

export function Tray({ open }: TrayProps) {
  const writes = useWrites().filter(
    (write) => isOpenQuestion(write) && !(write.kind === 'action' && write.ticketId === open),
  );
  const [isUnfolded, setUnfolded] = useState(() => window.matchMedia('(width >= 860px)').matches);
  const finished = writes.filter(isFinished);
  return (
    <section className="tray" aria-label="Outcomes" data-empty={writes.length === 0}>
      {/* Always there, so that what comes into it is read aloud. */}
      <div className="tray-line">
        <p role="status">{writes.length > 0 && summarise(writes)}</p>
        {writes.length > 0 && (
          <div className="buttons">
            {finished.length > 0 && (
              <button type="button" className="button quiet" onClick={() => removeWrites(isIn(finished))}>
                Clear what is finished
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
    [number('UNKNOWN'), 'not known'],
    [number('WAITING'), 'under way'],
    [number('NOT_APPLIED'), 'not done'],
    [number('PARTIAL'), 'done in part'],
    [number('APPLIED'), 'done'],
  ] as const;
  return parts
    .filter(([many]) => many > 0)
    .map(([many, word]) => `${many} ${word}`)
    .join(', ');
}

function ActionItem({ write }: { readonly write: ActionWrite }) {
  const client = useApolloClient();
  const isWaiting = write.progress.state === 'sending';
  return (
    <li className="tray-item" data-outcome={kindOf(write)}>
      <p className="reference">{write.reference}</p>
      <Words write={write} />
      <div className="buttons">
        <LookButton ticketId={write.ticketId} />
        {(canSendAgain(write) || (isUnknown(write) && hasLiveKey(write))) && (
          <button type="button" className="button" title={SAME_KEY} onClick={() => void sendAgain(client, write)}>
            {write.progress.state === 'settled' && isUnknown(write) ? 'Ask again' : 'Send again'}
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

const SAME_KEY = 'The same request under the same key: it is never done twice.';

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
            ? `“${categoryWord(status)}” is being sent for ${count(write.input.ticketIds.length, 'ticket')}.`
            : `We do not know whether “${categoryWord(status)}” was done for ${count(ids.length, 'ticket')}.`}
        </strong>
      </p>
      {!isWaiting && (
        <>
          <ul className="tray-tickets">
            {ids.map((id) => (
              <li key={id}>
                <LookButton ticketId={id} label={id} />
              </li>
            ))}
          </ul>
          <div className="buttons">
            {hasLiveKey(write) && (
              <button type="button" className="button" title={SAME_KEY} onClick={() => void sendAgain(client, write)}>
                Ask again
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

function LookButton({
  ticketId,
  label = 'Look at the ticket',
}: {
  readonly ticketId: string;
  readonly label?: string;
}) {
  const client = useApolloClient();
  const look = (): void => {
    go({ ticket: ticketId });
    void lookAt(client, ticketId);
  };
  return (
    <button type="button" className="button" onClick={look}>
      {label}
    </button>
  );
}
