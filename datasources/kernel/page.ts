/** Pages of a vendor's list. */
import type { Page } from '../contract.ts';
import { asObject, readList } from './reading.ts';

/** The page of a filter that none of the vendor's tickets can fit: known without asking. */
export const EMPTY_PAGE: Page = { tickets: [], totalCount: 0, unapplied: [] };

/** How a vendor wraps the lists that it sends. */
export interface Envelope {
  /** Members that may hold the list; the first that holds anything is taken. */
  readonly lists: readonly string[];
  /** Members that an envelope may have beside the list: with these alone it is an empty list. Omit to allow any. */
  readonly others?: readonly string[];
}

/** A list as it came. */
export interface Listed<Entry> {
  /** What could be read. */
  readonly entries: readonly Entry[];
  /** How many entries came, also those that could not be read. */
  readonly rows: number;
  /** What came with the list; empty for a bare list. */
  readonly envelope: Readonly<Record<string, unknown>>;
}

/**
 * Reads a list, bare or in its envelope, in any of the spellings that `readList` knows.
 *
 * @param toEntry undefined for what is no entry; such are passed over.
 * @returns undefined if the body is no list, or if not one of its entries can be read: then it is misread, not empty.
 */
export function readListed<Entry>(
  body: unknown,
  envelope: Envelope,
  toEntry: (value: unknown) => Entry | undefined,
): Listed<Entry> | undefined {
  // Undefined is what `parseJson` makes of text that is no JSON.
  if (body === undefined) return undefined;
  const object = asObject(body);
  const name = object && findMember(object, envelope.lists);
  if (object && name !== undefined) return readRows(readList(object[name]), object, toEntry);
  const rows = readList(body);
  const listed = readRows(rows, BARE, toEntry);
  return listed || !object || rows?.[0] !== object ? listed : readEmpty(object, envelope);
}

function readEmpty(object: Readonly<Record<string, unknown>>, { others }: Envelope): Listed<never> | undefined {
  const isEmpty = !others || Object.keys(object).every((key) => others.includes(key));
  return isEmpty ? { entries: [], rows: 0, envelope: object } : undefined;
}

const BARE = {};

function findMember(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  let empty: string | undefined;
  for (const name of names) {
    if (!Object.hasOwn(object, name)) continue;
    if (object[name] !== null && object[name] !== '') return name;
    empty ??= name;
  }
  return empty;
}

function readRows<Entry>(
  rows: readonly unknown[] | undefined,
  envelope: Readonly<Record<string, unknown>>,
  toEntry: (value: unknown) => Entry | undefined,
): Listed<Entry> | undefined {
  if (!rows) return undefined;
  const entries: Entry[] = [];
  for (const row of rows) {
    const entry = toEntry(row);
    if (entry !== undefined) entries.push(entry);
  }
  return entries.length === 0 && rows.length > 0 ? undefined : { entries, rows: rows.length, envelope };
}
