/** Confirmation dialog for actions that cannot be undone. The safe button has the focus. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { createListeners } from './listeners.ts';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** Label of the button that confirms. */
  readonly confirmLabel: string;
}

interface PendingQuestion extends Question {
  answer(isConfirmed: boolean): void;
}

let pending: PendingQuestion | undefined;
const listeners = createListeners();

function show(next: PendingQuestion | undefined): void {
  pending = next;
  listeners.notify();
}

/** Resolves to whether the user confirmed. Resolves to false if another dialog is already open. */
export function confirm(question: Question): Promise<boolean> {
  if (pending) return Promise.resolve(false);
  return new Promise((resolve) => {
    show({
      ...question,
      answer(isConfirmed) {
        show(undefined);
        resolve(isConfirmed);
      },
    });
  });
}

export function Confirmation() {
  const question = useSyncExternalStore(listeners.subscribe, () => pending);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (question) dialog.current?.showModal();
    else dialog.current?.close();
  }, [question]);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      role="alertdialog"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      onClose={() => pending?.answer(false)}
    >
      {question && (
        <div className="stack">
          <h2 id="confirm-title">{question.title}</h2>
          <p id="confirm-text">{question.text}</p>
          <div className="buttons">
            <button type="button" className="button" autoFocus onClick={() => question.answer(false)}>
              Back
            </button>
            <button type="button" className="button danger" data-once onClick={() => question.answer(true)}>
              {question.confirmLabel}
            </button>
          </div>
        </div>
      )}
    </dialog>
  );
}
