/** The dialog that lists the keyboard shortcuts. */
import { useRef } from 'react';
import { useKeys } from './keyboard.ts';

const SHORTCUTS = [
  ['j or ↓', 'next ticket'],
  ['k or ↑', 'previous ticket'],
  ['Enter', 'open the ticket'],
  ['x', 'select or deselect the ticket'],
  ['r', 'reload the board'],
  ['b', 'show the bulk jobs'],
  ['/', 'search'],
  ['Esc', 'close the ticket'],
  ['?', 'show this list'],
] as const;

export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (): void => dialog.current?.showModal();
  useKeys({ '?': open });
  return (
    <>
      <button
        type="button"
        className="button quiet icon"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
        onClick={open}
      >
        <span aria-hidden="true">?</span>
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="shortcuts-title" closedby="any">
        <div className="stack">
          <h2 id="shortcuts-title">Keyboard</h2>
          <dl className="keys">
            {SHORTCUTS.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
          <div className="buttons">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
