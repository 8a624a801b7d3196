/** Small total functions over requests as values. */
import type { UpstreamAnswer, UpstreamRequest } from '../contract.ts';

/** The request with headers added. `secrets` names those that must never be shown. */
export function withHeaders(
  request: UpstreamRequest,
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): UpstreamRequest {
  return {
    ...request,
    headers: { ...request.headers, ...headers },
    secrets: [...(request.secrets ?? []), ...secrets],
  };
}

/** The request with query parameters added at the end. `secrets` names those that must never be shown. */
export function withQuery(
  request: UpstreamRequest,
  query: readonly (readonly [string, string])[],
  secrets: readonly string[] = [],
): UpstreamRequest {
  return {
    ...request,
    query: [...(request.query ?? []), ...query],
    secrets: [...(request.secrets ?? []), ...secrets],
  };
}

/** The fields that have a value: what a caller left out is left out of the request as well. */
export function onlyGiven<Value>(
  fields: Readonly<Record<string, Value>>,
): Readonly<Record<string, NonNullable<Value>>> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Record<string, NonNullable<Value>>;
}

/** Path and query as they go over the wire. A query is encoded as WHATWG URLs do it. */
export function toTarget({ path, query }: Pick<UpstreamRequest, 'path' | 'query'>): string {
  if (!query || query.length === 0) return path;
  return `${path}?${toForm(query)}`;
}

/** `application/x-www-form-urlencoded`, in the order given. https://url.spec.whatwg.org/#urlencoded-serializing */
export function toForm(fields: readonly (readonly [string, string])[]): string {
  return new URLSearchParams(fields as [string, string][]).toString();
}

/** The media type of an answer in lower case without parameters; empty where it names none. */
export function mediaType(answer: UpstreamAnswer): string {
  const value = answer.headers['content-type'];
  return typeof value === 'string' ? value.split(';', 1)[0]!.trim().toLowerCase() : '';
}
