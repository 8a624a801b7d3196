/** Asks before something that cannot be taken back. The safe choice has the focus. */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says that does it. */
  readonly yes: string;
}

interface Asked extends Question {
  answer(isMeant: boolean): void;
}

let asked: Asked | undefined;
const listeners = new Set<() => void>();

function show(next: Asked | undefined): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** Resolves with whether the person means it. A second question meanwhile is answered with no. */
export function confirm(question: Question): Promise<boolean> {
  if (asked) return Promise.resolve(false);
  return new Promise((resolve) => {
    show({
      ...question,
      answer(isMeant) {
        show(undefined);
        resolve(isMeant);
      },
    });
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Confirmation() {
  const question = useSyncExternalStore(subscribe, () => asked);
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
      onClose={() => asked?.answer(false)}
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
              {question.yes}
            </button>
          </div>
        </div>
      )}
    </dialog>
  );
}
