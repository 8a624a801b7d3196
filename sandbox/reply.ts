/** Reading requests and building responses, as far as it is the same for all simulations. */
import type { ReceivedRequest, CannedResponse } from './simulation.ts';

type Headers = Readonly<Record<string, string>>;

/** A received object whose values have not been checked. */
export type Unchecked = Readonly<Record<string, unknown>>;

export function json(status: number, value: unknown, headers: Headers = {}): CannedResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function text(status: number, body: string): CannedResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** Returns the media type of the body in lower case, without parameters. Empty if there is none. */
export function mediaTypeOf({ headers }: ReceivedRequest): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** A media type or range of an Accept header. */
export interface Accepted {
  readonly name: string;
  /** 0 to 1. Defaults to 1. */
  readonly quality: number;
}

/** Returns the media ranges in the order of the header. */
export function acceptedBy(accept: string): Accepted[] {
  return accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, quality: Number(quality?.slice(2) ?? 1) };
  });
}

/** Returns `undefined` if the text is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Decodes one path segment. Returns `undefined` if its percent-encoding is invalid. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
