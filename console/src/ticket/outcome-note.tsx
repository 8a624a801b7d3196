/** What became of an action, in words, with what to do about it. */
import { useEffect, useRef } from 'react';
import { go } from '../address.ts';
import { Reasons } from './reasons.tsx';
import { placeAfter, type Attempt, type AttemptState, type Payload } from './use-attempt.ts';

interface OutcomeNoteProps {
  readonly attempt: AttemptState;
  readonly isLooking: boolean;
  onLook(): void;
}

/** The place is always there, so that what comes into it is read aloud. */
export function OutcomeNote({ attempt, isLooking, onLook }: OutcomeNoteProps) {
  const { current, sendAgain } = attempt;
  const note = useRef<HTMLDivElement>(null);
  const state = current?.state;
  // The form that was sent is gone: here is where the person goes on.
  useEffect(() => {
    if (state !== undefined && state !== 'sending') note.current?.focus();
  }, [state]);
  return (
    <div role="status" className="outcome-place">
      {current && current.state !== 'sending' && (
        <div ref={note} tabIndex={-1} className="outcome" data-outcome={kindOf(current)}>
          <Words attempt={current} />
          <div className="buttons">
            {canSendAgain(current) && (
              <button type="button" className="button" onClick={sendAgain}>
                Send again
              </button>
            )}
            <NewPlace attempt={current} />
            {mayHaveHappened(current) && (
              <button type="button" className="button" disabled={isLooking} onClick={onLook}>
                {isLooking ? 'Looking…' : 'Look at the ticket again'}
              </button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function Words({ attempt }: { readonly attempt: Attempt }) {
  const { label } = attempt.action;
  switch (attempt.state) {
    case 'sending':
      return null;
    case 'lost':
      return (
        <>
          <p>
            <strong>No answer came: it is not known whether “{label}” was done.</strong>
          </p>
          <p>{attempt.message}</p>
          <p>“Send again” repeats the same request under the same key. However often you press it, it is done once.</p>
        </>
      );
    case 'refused':
      return (
        <>
          <p>
            <strong>“{label}” was not sent.</strong>
          </p>
          <p>{attempt.message}</p>
        </>
      );
    case 'settled':
      return <Settled label={label} payload={attempt.payload} />;
  }
}

function Settled({ label, payload }: { readonly label: string; readonly payload: Payload }) {
  return (
    <>
      <p>
        <strong>{HEADLINES[payload.outcome](label)}</strong>
      </p>
      <Reasons problems={payload.problems} />
      {payload.outcome === 'UNKNOWN' && (
        <p>
          Where the ticket stands as you wanted, it was done. If not, it may still be under way. Wait a moment and look
          again before you do it anew.
        </p>
      )}
      {payload.reconciled && <p>No usable answer came, but a look at the ticket shows that it was done.</p>}
      {payload.replayed && <p>This is the answer of the first time. Nothing was sent again.</p>}
    </>
  );
}

/** Some vendors keep a ticket elsewhere afterwards, under another id. */
function NewPlace({ attempt }: { readonly attempt: Attempt }) {
  const place = attempt.state === 'settled' ? placeAfter(attempt.payload, attempt.input.ticketId) : undefined;
  if (place === undefined) return null;
  return (
    <button type="button" className="button" onClick={() => go({ ticket: place })}>
      Go on with {place}
    </button>
  );
}

const HEADLINES: Readonly<Record<Payload['outcome'], (label: string) => string>> = {
  APPLIED: (label) => `“${label}” is done.`,
  NOT_APPLIED: (label) => `“${label}” was not done. Nothing has changed.`,
  UNKNOWN: (label) => `We do not know whether “${label}” was done.`,
  PARTIAL: (label) => `“${label}” was done in part.`,
};

function kindOf(attempt: Attempt): string {
  if (attempt.state === 'settled') return attempt.payload.outcome;
  return attempt.state === 'lost' ? 'UNKNOWN' : 'NOT_APPLIED';
}

function canSendAgain(attempt: Attempt): boolean {
  if (attempt.state === 'lost') return true;
  return (
    attempt.state === 'settled' &&
    attempt.payload.outcome === 'NOT_APPLIED' &&
    attempt.payload.problems.some(({ retryable }) => retryable)
  );
}

function mayHaveHappened(attempt: Attempt): boolean {
  return attempt.state === 'lost' || (attempt.state === 'settled' && attempt.payload.outcome === 'UNKNOWN');
}
