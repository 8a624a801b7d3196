/**
 * Ignores key repeat and double clicks, so that they never send a request twice or confirm a dialog that has just opened.
 */

/** Elements that a key activates, unlike text fields. */
const PRESSABLE = 'button, a[href], summary, select, input:not([type=text], [type=search], [type=password])';

/** Elements for which the second click of a double click is ignored. */
const SINGLE_CLICK = '[data-once], [type=submit]';

export function ignoreRepeats(): void {
  let keyDownTarget: EventTarget | null = null;
  document.addEventListener(
    'keydown',
    (event) => {
      if (!event.repeat) {
        keyDownTarget = event.target;
        return;
      }
      if (event.key !== 'Enter' && event.key !== ' ') return;
      // The focus has moved since the key was pressed, so the press was not meant for this element.
      const hasMoved = event.target !== keyDownTarget;
      const isPress = event.target instanceof Element && event.target.matches(PRESSABLE);
      const isSubmission = event.key === 'Enter' && event.target instanceof HTMLInputElement;
      if (hasMoved || isPress || isSubmission) event.preventDefault();
    },
    { capture: true },
  );
  document.addEventListener(
    'click',
    (event) => {
      if (event.detail < 2 || !(event.target instanceof Element) || !event.target.closest(SINGLE_CLICK)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}
