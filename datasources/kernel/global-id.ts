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

/** A caller's text, safe to repeat in a sentence: short, printable, quoted. */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, '?');
}
