/** The available actions as buttons. The selected one shows its form. */
import { useRef, useState } from 'react';
import type { TicketWithActionsFragment } from '../__generated__/documents.ts';
import { ActionForm } from './action-form.tsx';
import { draftedAction, dropDraft } from './drafts.ts';
import { usePlaces } from './use-places.ts';
import type { TicketWrites } from './use-ticket-writes.ts';

interface ActionsProps {
  readonly ticket: TicketWithActionsFragment;
  readonly ticketWrites: TicketWrites;
}

export function Actions({ ticket, ticketWrites }: ActionsProps) {
  const [chosenName, choose] = useState<string | undefined>(() => draftedAction(ticket.id));
  const buttons = useRef<HTMLDivElement>(null);
  const actions = ticket.availableActions;
  const places = usePlaces(actions);
  const chosen = actions.find(({ name }) => name === chosenName);
  // A form that opens because of a saved draft does not take the focus.
  const isPressed = useRef(false);
  const press = (name: string): void => {
    ticketWrites.clearKnown();
    isPressed.current = true;
    choose(name === chosenName ? undefined : name);
  };
  const cancel = (): void => {
    buttons.current?.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
    choose(undefined);
  };
  return (
    <section aria-labelledby="actions-title" className="actions">
      <h3 id="actions-title">Actions</h3>
      <div ref={buttons} className="action-buttons">
        {places.length === 0 && <p className="muted">No actions available.</p>}
        {places.map(({ name, label, isAvailable }) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-expanded={name === chosen?.name}
            data-once
            disabled={ticketWrites.isSending || !isAvailable}
            title={isAvailable ? undefined : 'Not available any more: the ticket has changed.'}
            onClick={() => press(name)}
          >
            {label}
          </button>
        ))}
      </div>
      {chosen && (
        <ActionForm
          key={chosen.name}
          ticketId={ticket.id}
          reference={ticket.reference}
          takesFocus={isPressed.current}
          action={chosen}
          isSending={ticketWrites.isSending}
          rejection={ticketWrites.rejectionOf(chosen.name)}
          onSend={(formInput) => {
            void ticketWrites.begin(chosen, formInput).then((isOver) => {
              if (!isOver) return;
              dropDraft(ticket.id);
              choose(undefined);
            });
          }}
          onCancel={cancel}
        />
      )}
    </section>
  );
}
