/**
 * One press does one thing. A key that is held repeats itself, and a double click is two clicks: neither may send
 * anything twice, nor answer a question that has only just appeared.
 */

/** Things that a key presses, as opposed to fields that it types into. */
const PRESSED = 'button, a[href], summary, select, input:not([type=text], [type=search], [type=password])';

/** Where a second click of the same double click, or a key still held, must do nothing. */
const ONCE = '[data-once], [type=submit]';

export function ignoreRepeats(): void {
  let pressedIn: EventTarget | null = null;
  document.addEventListener(
    'keydown',
    (event) => {
      if (!event.repeat) {
        pressedIn = event.target;
        return;
      }
      if (event.key !== 'Enter' && event.key !== ' ') return;
      // The focus has moved since the key went down: the press belongs to where it was then.
      const hasMoved = event.target !== pressedIn;
      const isPress = event.target instanceof Element && event.target.matches(PRESSED);
      const isSubmission = event.key === 'Enter' && event.target instanceof HTMLInputElement;
      if (hasMoved || isPress || isSubmission) event.preventDefault();
    },
    { capture: true },
  );
  document.addEventListener(
    'click',
    (event) => {
      if (event.detail < 2 || !(event.target instanceof Element) || !event.target.closest(ONCE)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}
