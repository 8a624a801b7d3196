/** Going through the rows by keyboard: the focus is the place, or the open ticket if one is open. */
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { current, go } from '../address.ts';
import { useKeys } from '../keyboard.ts';
import type { Selection } from './use-selection.ts';

export interface RowActions {
  readonly tickets: readonly BoardTicketFragment[];
  readonly selection: Selection;
  show(id: string, takesFocus: boolean): void;
  reload(): void;
  close(): void;
}

export function useRowKeys({ tickets, selection, show, reload, close }: RowActions): void {
  const step = (by: 1 | -1): void => {
    const open = current().ticket;
    const place = tickets.findIndex(({ id }) => id === (open ?? idOf(document.activeElement)));
    const next = tickets[place < 0 ? 0 : place + by];
    if (!next) return;
    if (open !== undefined) go({ ticket: next.id }, { replace: true });
    show(next.id, open === undefined);
  };
  const stepInBoard = (event: KeyboardEvent, by: 1 | -1): void => {
    if (!isInBoard(document.activeElement)) return;
    event.preventDefault();
    step(by);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: (event) => stepInBoard(event, 1),
    ArrowUp: (event) => stepInBoard(event, -1),
    x: () => {
      const id = idOf(document.activeElement) ?? current().ticket;
      const ticket = tickets.find((one) => one.id === id);
      if (ticket && selection.maySelect(ticket)) selection.toggle(ticket.id);
    },
    r: reload,
    Escape: close,
  });
}

/** Elsewhere the arrows scroll, e.g. a long ticket. */
function isInBoard(element: Element | null): boolean {
  if (element === null || element === document.body) return current().ticket === undefined;
  return element.closest('#board') !== null;
}

function idOf(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>('[data-row]')?.dataset['row'];
}
