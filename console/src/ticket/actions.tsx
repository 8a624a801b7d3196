/** What may be done with the ticket now, as buttons; the one that was pressed shows its form. */
import { useRef, useState } from 'react';
import type { WholeTicketFragment } from '../__generated__/documents.ts';
import { ActionForm } from './action-form.tsx';
import { draftedAction, dropDraft } from './drafts.ts';
import type { AttemptState } from './use-attempt.ts';

interface ActionsProps {
  readonly ticket: WholeTicketFragment;
  readonly attempt: AttemptState;
}

export function Actions({ ticket, attempt }: ActionsProps) {
  const [chosenName, choose] = useState<string | undefined>(() => draftedAction(ticket.id));
  const buttons = useRef<HTMLDivElement>(null);
  const actions = ticket.availableActions;
  const chosen = actions.find(({ name }) => name === chosenName);
  // A form that opens by itself, because text was left in it, does not take the focus.
  const isPressed = useRef(false);
  const press = (name: string): void => {
    attempt.forget();
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
      {actions.length === 0 && <p className="muted">Nothing is on offer to you for this ticket now.</p>}
      <div ref={buttons} className="action-buttons">
        {actions.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-expanded={name === chosen?.name}
            data-once
            disabled={attempt.isSending}
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
          isSending={attempt.isSending}
          refusal={attempt.refusalOf(chosen.name)}
          onSend={(given) => {
            void attempt.begin(chosen, given).then((isOver) => {
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
