/** Keyboard navigation through the rows, from the open ticket or the focused row. */
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { current, navigate } from '../address.ts';
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
  const moveBy = (by: 1 | -1): void => {
    const open = current().ticket;
    const index = tickets.findIndex(({ id }) => id === (open ?? idOf(document.activeElement)));
    const next = tickets[index < 0 ? 0 : index + by];
    if (!next) return;
    if (open !== undefined) navigate({ ticket: next.id }, { replace: true });
    show(next.id, open === undefined);
  };
  const moveInBoard = (event: KeyboardEvent, by: 1 | -1): void => {
    if (!isInBoard(document.activeElement)) return;
    event.preventDefault();
    moveBy(by);
  };
  useKeys({
    j: () => moveBy(1),
    k: () => moveBy(-1),
    ArrowDown: (event) => moveInBoard(event, 1),
    ArrowUp: (event) => moveInBoard(event, -1),
    x: () => {
      const id = idOf(document.activeElement) ?? current().ticket;
      const ticket = tickets.find((one) => one.id === id);
      if (ticket && !selection.isAll && selection.canSelect(ticket)) selection.toggle(ticket.id);
    },
    r: reload,
    Escape: close,
  });
}

/** Outside the board, the arrow keys scroll, e.g. a long ticket. */
function isInBoard(element: Element | null): boolean {
  if (element === null || element === document.body) return current().ticket === undefined;
  return element.closest('#board') !== null;
}

function idOf(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>('[data-row]')?.dataset['row'];
}
