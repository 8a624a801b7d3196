/** Global ids: `<source key>:<native id, verbatim>`, readable on purpose. */
import type { TicketSource, Vendor } from '../contract.ts';
import { invalidInput } from './failure.ts';

/** Path of an input: names and list indexes. Converted to text only for an error. */
export type FieldPath = readonly (string | number)[];

/** What `parseGlobalId` needs to know of a source. */
export type IdSource = Pick<TicketSource, 'key'> & { readonly vendor: Pick<Vendor, 'nativeId'> };

export function toGlobalId(sourceKey: string, nativeId: string): string {
  return `${sourceKey}:${nativeId}`;
}

/** The key of the source that an id names; empty if it names none. */
export function sourceKeyOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(':')));
}

/** Whether a text has the form of the vendor's ids. */
export function isNativeId({ nativeId }: Pick<Vendor, 'nativeId'>, text: string): boolean {
  return text.length <= nativeId.maximumLength && nativeId.pattern.test(text);
}

/**
 * Splits an id and checks it against the pattern of its source's vendor, before any call.
 *
 * @param sources the known ones, by key
 * @param field path of the input, for the problem's `field`
 * @throws Failure `invalid-input` if the id is invalid.
 */
export function parseGlobalId<Source extends IdSource>(
  id: string,
  sources: ReadonlyMap<string, Source>,
  field: FieldPath = [],
): { source: Source; nativeId: string } {
  const colon = id.indexOf(':');
  const source = colon < 0 ? undefined : sources.get(id.slice(0, colon));
  if (!source) {
    const known = [...sources.keys()].map((key) => `${key}:`).join(', ');
    throw invalidInput(
      `The id ${show(id)} names no known vendor; ids start with one of ${known}.`,
      ...field.map(String),
    );
  }
  const nativeId = id.slice(colon + 1);
  if (!isNativeId(source.vendor, nativeId)) {
    const { example } = source.vendor.nativeId;
    throw invalidInput(
      `The id ${show(id)} is not one that ${source.key} gives out; they look like ${source.key}:${example}.`,
      ...field.map(String),
    );
  }
  return { source, nativeId };
}

/** A caller's id, in the vendor's canonical spelling. */
export interface TicketName<Source, Connection> {
  readonly source: Source;
  /** Undefined if the source is not configured. Then the ids are spelled as the caller did. */
  readonly connection: Connection | undefined;
  readonly id: string;
  readonly nativeId: string;
}

/**
 * Like `parseGlobalId`, with the canonical spelling of the ticket.
 *
 * @throws Failure `invalid-input` if the id is invalid.
 */
export function resolveGlobalId<
  Source extends IdSource,
  Connection extends { readonly canonical?: (nativeId: string) => string },
>(
  id: string,
  sources: ReadonlyMap<string, Source>,
  connected: ReadonlyMap<string, Connection>,
  field?: FieldPath,
): TicketName<Source, Connection> {
  const { source, nativeId: spelled } = parseGlobalId(id, sources, field);
  const connection = connected.get(source.key);
  const nativeId = connection?.canonical ? connection.canonical(spelled) : spelled;
  return { source, connection, id: nativeId === spelled ? id : toGlobalId(source.key, nativeId), nativeId };
}

/** Quotes a caller's text for a message: short and printable. */
export function show(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, '?');
}
