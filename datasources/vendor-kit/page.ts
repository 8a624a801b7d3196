/** Pages of a vendor's list. */
import type { Page } from '../contract.ts';
import { asObject, readList } from './coerce.ts';

/** For a filter that none of the vendor's tickets can match. Saves the call. */
export const EMPTY_PAGE: Page = { tickets: [], rowCount: 0, totalCount: 0, unapplied: [], isWhole: true };

/**
 * Returns the most tickets to request at once: the documented maximum, or as many as an answer can hold.
 *
 * @param bytesOfTicket a generous estimate of one ticket in a list
 */
export function pageLimitOf(documented: number, bytesOfTicket: number, maximumBytes = Infinity): number {
  return Math.max(1, Math.min(documented, Math.floor(maximumBytes / bytesOfTicket)));
}

/** The places of the readable entries among the rows of a list; see `Page`. */
export type RowPlaces = Pick<Page, 'rowCount' | 'rowIndexes'>;

/** The readable entries of a list. Unreadable ones are skipped and counted. */
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

/** Returns whether no entry of a non-empty list is readable: the list is misread, not empty. */
export function isMisread({ items, rowCount }: Rows<unknown>): boolean {
  return items.length === 0 && rowCount > 0;
}

/** How a vendor wraps its lists. */
export interface Envelope {
  /** Members that may hold the list. The first non-empty one counts. */
  readonly lists: readonly string[];
  /** Other members of an envelope. An object with only these is an empty list. Omit to allow any. */
  readonly others?: readonly string[];
}

/** A list and its envelope. */
export interface Listed<Item> extends Rows<Item> {
  /** The envelope's members; empty for a bare list. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

const BARE = {};

/**
 * Reads a list, bare or in its envelope, in any form that `readList` accepts.
 *
 * @param read returns `undefined` for an unreadable entry, which is skipped and counted
 * @returns undefined if the body is not a list.
 */
export function readListed<Item>(
  body: unknown,
  envelope: Envelope,
  read: (value: unknown) => Item | undefined,
): Listed<Item> | undefined {
  // `parseJson` returns undefined for text that is not JSON.
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
  // A single unreadable object is not a list.
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
