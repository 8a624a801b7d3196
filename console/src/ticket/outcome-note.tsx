/** What became of an action, in words, with what to do about it. */
import { useEffect, useRef } from 'react';
import { go } from '../address.ts';
import { placeAfter } from '../writes/send.ts';
import type { ActionWrite, ActPayload, Write } from '../writes/write.ts';
import { hasLiveKey, isUnknown } from '../writes/write.ts';
import { Reasons } from './reasons.tsx';
import type { AttemptState } from './use-attempt.ts';

interface OutcomeNotesProps {
  readonly attempt: AttemptState;
  readonly isLooking: boolean;
  onLook(): void;
}

/** The place is always there, so that what comes into it is read aloud. */
export function OutcomeNotes({ attempt, isLooking, onLook }: OutcomeNotesProps) {
  const place = useRef<HTMLDivElement>(null);
  const last = attempt.writes.at(-1);
  const wasSending = useRef(false);
  // The form that was sent is gone: here is where the person goes on.
  useEffect(() => {
    if (wasSending.current && !attempt.isSending) place.current?.querySelector<HTMLElement>('.outcome')?.focus();
    wasSending.current = attempt.isSending;
  }, [attempt.isSending, last]);
  return (
    <div ref={place} role="status" className="outcome-place">
      {attempt.writes
        .filter(({ progress }) => progress.state !== 'sending')
        .toReversed()
        .map((write) => (
          <div key={write.key} tabIndex={-1} className="outcome" data-outcome={kindOf(write)}>
            <Words write={write} />
            <div className="buttons">
              {canSendAgain(write) && (
                <button type="button" className="button" onClick={() => attempt.sendAgain(write)}>
                  Send again
                </button>
              )}
              <NewPlace write={write} />
              {isUnknown(write) && (
                <button type="button" className="button" disabled={isLooking} onClick={onLook}>
                  {isLooking ? 'Looking…' : 'Look at the ticket again'}
                </button>
              )}
            </div>
          </div>
        ))}
    </div>
  );
}

export function Words({ write }: { readonly write: ActionWrite }) {
  const { label, progress } = write;
  switch (progress.state) {
    case 'waiting':
    case 'sending':
      return (
        <p>
          <strong>“{label}” is being sent.</strong>
        </p>
      );
    case 'lost':
      return (
        <>
          <p>
            <strong>No answer came: it is not known whether “{label}” was done.</strong>
          </p>
          <p>{progress.message}</p>
          {hasLiveKey(write) ? (
            <p>
              “Send again” repeats the same request under the same key. However often you press it, it is done once.
            </p>
          ) : (
            <p>{EXPIRED}</p>
          )}
        </>
      );
    case 'refused':
      return (
        <>
          <p>
            <strong>“{label}” was not sent.</strong>
          </p>
          <p>{progress.message}</p>
        </>
      );
    case 'settled':
      return <Settled label={label} payload={progress.payload} />;
  }
}

function Settled({ label, payload }: { readonly label: string; readonly payload: ActPayload }) {
  return (
    <>
      <p>
        <strong>{HEADLINES[payload.outcome](label)}</strong>
      </p>
      <Reasons problems={payload.problems} />
      {payload.outcome === 'UNKNOWN' && (
        <p>
          If the ticket is as you wanted, it was done. If not, the action may still be under way. Wait a moment and look
          again before you do it again.
        </p>
      )}
      {payload.reconciled && <p>No usable answer came, but a look at the ticket shows that it was done.</p>}
      {payload.replayed && <p>This is the answer of the first time. Nothing was sent again.</p>}
    </>
  );
}

/** Some vendors keep a ticket elsewhere afterwards, under another id. */
function NewPlace({ write: { progress, ticketId } }: { readonly write: ActionWrite }) {
  const place = progress.state === 'settled' ? placeAfter(progress.payload, ticketId) : undefined;
  if (place === undefined) return null;
  return (
    <button type="button" className="button" onClick={() => go({ ticket: place })}>
      Go on with {place}
    </button>
  );
}

const EXPIRED =
  'It was sent more than 23 hours ago, and its key expires after 24: sent again, it could be done twice. Look at the ticket.';

const HEADLINES: Readonly<Record<ActPayload['outcome'], (label: string) => string>> = {
  APPLIED: (label) => `“${label}” is done.`,
  NOT_APPLIED: (label) => `“${label}” was not done. Nothing has changed.`,
  UNKNOWN: (label) => `We do not know whether “${label}” was done.`,
  PARTIAL: (label) => `“${label}” was done in part.`,
};

/** What it is shown as: one of the outcomes, or that it is on its way. */
export function kindOf(write: Write): string {
  const { progress } = write;
  if (progress.state === 'waiting' || progress.state === 'sending') return 'WAITING';
  if (isUnknown(write)) return 'UNKNOWN';
  return progress.state === 'settled' ? progress.payload.outcome : 'NOT_APPLIED';
}

export function canSendAgain(write: ActionWrite): boolean {
  const { progress } = write;
  if (!hasLiveKey(write)) return false;
  if (progress.state === 'lost') return true;
  return (
    progress.state === 'settled' &&
    progress.payload.outcome === 'NOT_APPLIED' &&
    progress.payload.problems.some(({ retryable }) => retryable)
  );
}
