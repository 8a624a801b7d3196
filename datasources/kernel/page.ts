/** Pages of a vendor's list. */
import type { Page } from '../contract.ts';

/** The page of a filter that none of the vendor's tickets can fit: known without asking. */
export const EMPTY_PAGE: Page = { tickets: [], rowCount: 0, totalCount: 0, unapplied: [], isWhole: true };

/** Where the readable entries of a list were among its rows; see `Page`. */
export type RowPlaces = Pick<Page, 'rowCount' | 'rowIndexes'>;

/** The readable entries of a list. Unreadable ones are skipped, and counted. */
export function readRows<Item>(
  entries: readonly unknown[],
  read: (entry: unknown) => Item | undefined,
): RowPlaces & { readonly items: readonly Item[] } {
  const items: Item[] = [];
  let rowIndexes: number[] | undefined;
  for (let index = 0; index < entries.length; index += 1) {
    const item = read(entries[index]);
    if (item === undefined) rowIndexes ??= items.map((_, place) => place);
    else if (items.push(item) && rowIndexes) rowIndexes.push(index);
  }
  return { items, rowCount: entries.length, rowIndexes };
}
