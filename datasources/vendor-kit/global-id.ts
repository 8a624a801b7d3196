/** Global ids: `<vendor key>:<native id, verbatim>`, readable on purpose. */
import type { Vendor } from '../contract.ts';
import { invalidInput } from './failure.ts';

/** Where in the input something stands: names, and places in lists. Made for each id, so texts are made of it later. */
export type FieldPath = readonly (string | number)[];

/** The `Vendor` enum value of a vendor key: its capitals. */
export function toVendorEnum(key: string): string {
  return key.toUpperCase();
}

export function toGlobalId(key: string, nativeId: string): string {
  return `${key}:${nativeId}`;
}

/**
 * Takes an id apart and checks it by its vendor's pattern, before any call.
 *
 * @param field path of the input that held it, for the problem's `field`.
 * @throws Failure `invalid-input` naming what is wrong with it.
 */
export function parseGlobalId<V extends Pick<Vendor, 'key' | 'nativeId'>>(
  id: string,
  vendors: ReadonlyMap<string, V>,
  field: FieldPath = [],
): { vendor: V; nativeId: string } {
  const colon = id.indexOf(':');
  const vendor = colon < 0 ? undefined : vendors.get(id.slice(0, colon));
  if (!vendor) {
    const known = [...vendors.keys()].map((key) => `${key}:`).join(', ');
    throw invalidInput(
      `The id ${show(id)} names no known vendor; ids start with one of ${known}.`,
      ...field.map(String),
    );
  }
  const nativeId = id.slice(colon + 1);
  const { pattern, maximumLength, example } = vendor.nativeId;
  if (nativeId.length > maximumLength || !pattern.test(nativeId)) {
    throw invalidInput(
      `The id ${show(id)} is not one that ${vendor.key} gives out; they look like ${vendor.key}:${example}.`,
      ...field.map(String),
    );
  }
  return { vendor, nativeId };
}

/** What an id of a caller's stands for, in the vendor's one spelling of it. */
export interface TicketName<V, C> {
  readonly vendor: V;
  /** Undefined if the vendor is not configured; then the ids are as the caller spelled them. */
  readonly connection: C | undefined;
  readonly id: string;
  readonly nativeId: string;
}

/**
 * As `parseGlobalId`, with the spelling that all spellings of the same ticket share.
 *
 * @throws Failure `invalid-input` naming what is wrong with the id.
 */
export function resolveGlobalId<
  V extends Pick<Vendor, 'key' | 'nativeId'>,
  C extends { readonly canonical?: (nativeId: string) => string },
>(id: string, vendors: ReadonlyMap<string, V>, connected: ReadonlyMap<string, C>, field?: FieldPath): TicketName<V, C> {
  const { vendor, nativeId: spelled } = parseGlobalId(id, vendors, field);
  const connection = connected.get(vendor.key);
  const nativeId = connection?.canonical ? connection.canonical(spelled) : spelled;
  return { vendor, connection, id: nativeId === spelled ? id : toGlobalId(vendor.key, nativeId), nativeId };
}

/** A caller's text, safe to repeat in a sentence: short, printable, quoted. */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, '?');
}
