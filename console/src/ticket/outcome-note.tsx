/** The outcome of an action, and what to do next. */
import { useEffect, useRef } from 'react';
import { navigate } from '../address.ts';
import { movedTicketId } from '../writes/send.ts';
import type { ActionWrite, ActPayload, Write } from '../writes/write.ts';
import { hasLiveKey, isUnknown } from '../writes/write.ts';
import { Reasons } from './reasons.tsx';
import type { TicketWrites } from './use-ticket-writes.ts';

interface OutcomeNotesProps {
  readonly ticketWrites: TicketWrites;
  readonly isChecking: boolean;
  onCheck(): void;
}

/** Always rendered, so that screen readers announce changes. */
export function OutcomeNotes({ ticketWrites, isChecking, onCheck }: OutcomeNotesProps) {
  const container = useRef<HTMLDivElement>(null);
  const last = ticketWrites.writes.at(-1);
  const wasSending = useRef(false);
  // The submitted form has been removed, so the focus moves here.
  useEffect(() => {
    if (wasSending.current && !ticketWrites.isSending)
      container.current?.querySelector<HTMLElement>('.outcome')?.focus();
    wasSending.current = ticketWrites.isSending;
  }, [ticketWrites.isSending, last]);
  return (
    <div ref={container} role="status" className="outcome-place">
      {ticketWrites.writes
        .filter(({ progress }) => progress.state !== 'sending')
        .toReversed()
        .map((write) => (
          <div key={write.key} tabIndex={-1} className="outcome" data-outcome={kindOf(write)}>
            <OutcomeText write={write} />
            <div className="buttons">
              {canSendAgain(write) && (
                <button type="button" className="button" onClick={() => ticketWrites.sendAgain(write)}>
                  Send again
                </button>
              )}
              <OpenMovedTicket write={write} />
              {isUnknown(write) && (
                <button type="button" className="button" disabled={isChecking} onClick={onCheck}>
                  {isChecking ? 'Checking…' : 'Check the ticket again'}
                </button>
              )}
            </div>
          </div>
        ))}
    </div>
  );
}

export function OutcomeText({ write }: { readonly write: ActionWrite }) {
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
            <strong>No response: we do not know whether “{label}” was done.</strong>
          </p>
          <p>{progress.message}</p>
          {hasLiveKey(write) ? (
            <p>“Send again” repeats the same request under the same key, so it is never applied twice.</p>
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
      return <PayloadText label={label} payload={progress.payload} />;
  }
}

function PayloadText({ label, payload }: { readonly label: string; readonly payload: ActPayload }) {
  return (
    <>
      <p>
        <strong>{HEADLINES[payload.outcome](label)}</strong>
      </p>
      <Reasons problems={payload.problems} />
      {payload.outcome === 'UNKNOWN' && (
        <p>
          If the ticket looks right, it was done. If not, the action may still be in progress: wait a moment and check
          again before you repeat it.
        </p>
      )}
      {payload.reconciled && <p>The response was unusable, but the ticket shows that it was done.</p>}
      {payload.replayed && <p>This is the stored result of the first attempt. Nothing was sent again.</p>}
    </>
  );
}

/** Some actions move the ticket to another id. */
function OpenMovedTicket({ write: { progress, ticketId } }: { readonly write: ActionWrite }) {
  const movedTo = progress.state === 'settled' ? movedTicketId(progress.payload, ticketId) : undefined;
  if (movedTo === undefined) return null;
  return (
    <button type="button" className="button" onClick={() => navigate({ ticket: movedTo })}>
      Open {movedTo}
    </button>
  );
}

const EXPIRED =
  'This was sent more than 23 hours ago and its key is about to expire: sending it again could apply it twice. Check the ticket.';

const HEADLINES: Readonly<Record<ActPayload['outcome'], (label: string) => string>> = {
  APPLIED: (label) => `“${label}” is done.`,
  NOT_APPLIED: (label) => `“${label}” was not done. Nothing has changed.`,
  UNKNOWN: (label) => `We do not know whether “${label}” was done.`,
  PARTIAL: (label) => `“${label}” was partly done.`,
};

/** The outcome, or `WAITING` if there is none yet. */
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
