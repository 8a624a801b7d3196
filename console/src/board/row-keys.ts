/** Going through the rows by keyboard: the focus is the place, or the open ticket where one is open. */
import { current, go } from '../address.ts';
import { useKeys } from '../keyboard.ts';

export interface RowActions {
  toggle(id: string): void;
  reload(): void;
  close(): void;
}

export function useRowKeys({ toggle, reload, close }: RowActions): void {
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => {
      const id = idOf(document.activeElement) ?? current().ticket;
      if (id !== undefined) toggle(id);
    },
    r: reload,
    Escape: close,
  });
}

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const open = current().ticket;
  const place = rows.findIndex((row) => row.dataset['row'] === (open ?? idOf(document.activeElement)));
  const next = rows[place < 0 ? 0 : place + by];
  const id = next?.dataset['row'];
  if (!next || id === undefined) return;
  if (open === undefined) linkOf(next)?.focus();
  else go({ ticket: id }, { replace: true });
  next.scrollIntoView({ block: 'nearest' });
}

function idOf(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>('[data-row]')?.dataset['row'];
}

function linkOf(row: HTMLElement): HTMLElement | null {
  return row.querySelector('a');
}

/** Where the person was before the ticket was opened. */
export function focusRow(id: string): void {
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  if (row) linkOf(row)?.focus();
}
