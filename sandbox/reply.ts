/** How simulations read a request and write an answer, as far as it is the same everywhere; nothing of any vendor's own. */
import type { ReceivedRequest, CannedResponse } from './simulation.ts';

type Headers = Readonly<Record<string, string>>;

/** An object that came in, its values not looked at yet. */
export type Unchecked = Readonly<Record<string, unknown>>;

export function json(status: number, value: unknown, headers: Headers = {}): CannedResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function text(status: number, body: string): CannedResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** The media type of the body in lower case, without its parameters; empty where none is named. */
export function mediaTypeOf({ headers }: ReceivedRequest): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** A media type or range that an Accept header names. */
export interface Accepted {
  readonly name: string;
  /** 0 to 1; 1 where it is not given. */
  readonly quality: number;
}

/** In the order in which they stand there. */
export function acceptedBy(accept: string): Accepted[] {
  return accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, quality: Number(quality?.slice(2) ?? 1) };
  });
}

/** Undefined where it is not JSON. */
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

/** One segment of a path, decoded; undefined where its percent-encoding is broken. */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
