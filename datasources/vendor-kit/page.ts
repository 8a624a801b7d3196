/** Pages of a vendor's list. */
import type { Page } from '../contract.ts';
import { asObject, readList } from './coerce.ts';

/** The page of a filter that none of the vendor's tickets can fit: known without asking. */
export const EMPTY_PAGE: Page = { tickets: [], rowCount: 0, totalCount: 0, unapplied: [], isWhole: true };

/**
 * Most tickets to ask for at once: what the vendor documents, or as many as an answer can hold.
 *
 * @param bytesOfTicket a generous estimate of one ticket in a list.
 */
export function pageLimitOf(documented: number, bytesOfTicket: number, maximumBytes = Infinity): number {
  return Math.max(1, Math.min(documented, Math.floor(maximumBytes / bytesOfTicket)));
}

/** Where the readable entries of a list were among its rows; see `Page`. */
export type RowPlaces = Pick<Page, 'rowCount' | 'rowIndexes'>;

/** The readable entries of a list. Unreadable ones are skipped, and counted. */
export interface Rows<Item> extends RowPlaces {
  readonly items: readonly Item[];
}

function readRows<Item>(entries: readonly unknown[], read: (entry: unknown) => Item | undefined): Rows<Item> {
  const items: Item[] = [];
  let rowIndexes: number[] | undefined;
  for (let index = 0; index < entries.length; index += 1) {
    const item = read(entries[index]);
    if (item === undefined) rowIndexes ??= items.map((_, place) => place);
    else if (items.push(item) && rowIndexes) rowIndexes.push(index);
  }
  return { items, rowCount: entries.length, rowIndexes };
}

/** Whether not one entry of a list could be read: then it is misread, not empty. */
export function isMisread({ items, rowCount }: Rows<unknown>): boolean {
  return items.length === 0 && rowCount > 0;
}

/** How a vendor wraps the lists that it sends. */
export interface Envelope {
  /** Members that may hold the list; the first that holds anything is taken. */
  readonly lists: readonly string[];
  /** Members that an envelope may have beside the list: with these alone it is an empty list. Omit to allow any. */
  readonly others?: readonly string[];
}

/** A list as it came. */
export interface Listed<Item> extends Rows<Item> {
  /** What came with the list; empty for a bare list. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

const BARE = {};

/**
 * Reads a list, bare or in its envelope, in any of the spellings that `readList` knows.
 *
 * @param read undefined for what is no entry; such are skipped, and counted.
 * @returns undefined if the body is no list.
 */
export function readListed<Item>(
  body: unknown,
  envelope: Envelope,
  read: (value: unknown) => Item | undefined,
): Listed<Item> | undefined {
  // Undefined is what `parseJson` makes of text that is no JSON.
  if (body === undefined) return undefined;
  const object = asObject(body);
  const name = object && findMember(object, envelope.lists);
  if (object && name !== undefined) return readMember(object[name], object, read);
  const entries = readList(body);
  if (!entries) return undefined;
  const rows = readRows(entries, read);
  // A single object is one entry, or an envelope without a list.
  if (object && entries[0] === object && isMisread(rows)) return readEmpty(object, envelope);
  return { ...rows, envelope: BARE };
}

function readMember<Item>(
  value: unknown,
  envelope: Listed<Item>['envelope'],
  read: (value: unknown) => Item | undefined,
): Listed<Item> | undefined {
  const entries = readList(value);
  if (!entries) return undefined;
  const rows = readRows(entries, read);
  // One object that is no entry is no list either.
  return entries[0] === value && isMisread(rows) ? undefined : { ...rows, envelope };
}

function readEmpty(object: Readonly<Record<string, unknown>>, { others }: Envelope): Listed<never> | undefined {
  const isEmpty = !others || Object.keys(object).every((key) => others.includes(key));
  return isEmpty ? { items: [], rowCount: 0, envelope: object } : undefined;
}

function findMember(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  let empty: string | undefined;
  for (const name of names) {
    if (!Object.hasOwn(object, name)) continue;
    if (object[name] !== null && object[name] !== '') return name;
    empty ??= name;
  }
  return empty;
}
