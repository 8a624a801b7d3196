/** Global ids: `<vendor key>:<native id, verbatim>`, readable on purpose. */
import type { Vendor } from '../contract.ts';
import { invalidInput } from './failure.ts';

/** Path of an input: names and list indexes. Converted to text only for an error. */
export type FieldPath = readonly (string | number)[];

/** Returns the `Vendor` enum value of a vendor key: the key in capitals. */
export function toVendorEnum(key: string): string {
  return key.toUpperCase();
}

export function toGlobalId(key: string, nativeId: string): string {
  return `${key}:${nativeId}`;
}

/** Whether a text has the form of the vendor's ids. */
export function isNativeId({ nativeId }: Pick<Vendor, 'nativeId'>, text: string): boolean {
  return text.length <= nativeId.maximumLength && nativeId.pattern.test(text);
}

/**
 * Splits an id and checks it against its vendor's pattern, before any call.
 *
 * @param field path of the input, for the problem's `field`
 * @throws Failure `invalid-input` if the id is invalid.
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
  if (!isNativeId(vendor, nativeId)) {
    const { example } = vendor.nativeId;
    throw invalidInput(
      `The id ${show(id)} is not one that ${vendor.key} gives out; they look like ${vendor.key}:${example}.`,
      ...field.map(String),
    );
  }
  return { vendor, nativeId };
}

/** A caller's id, in the vendor's canonical spelling. */
export interface TicketName<V, C> {
  readonly vendor: V;
  /** Undefined if the vendor is not configured. Then the ids are spelled as the caller did. */
  readonly connection: C | undefined;
  readonly id: string;
  readonly nativeId: string;
}

/**
 * Like `parseGlobalId`, with the canonical spelling of the ticket.
 *
 * @throws Failure `invalid-input` if the id is invalid.
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

/** Quotes a caller's text for a message: short and printable. */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, '?');
}
