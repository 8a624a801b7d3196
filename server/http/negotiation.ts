/** The media type of a response: https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types */
import Negotiator from 'negotiator';

const JSON_TYPE = 'application/json; charset=utf-8';

/** In the order and the spelling of Apollo Server, which negotiates among the same. */
const MEDIA_TYPES = [
  JSON_TYPE,
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

export interface Negotiated {
  /** `undefined` if the client accepts none of them. */
  readonly mediaType: string | undefined;
  /**
   * Whether it is `application/json` and the client named it. In that media type, clients take a 400 for a response
   * that may not come from the GraphQL server: https://graphql.github.io/graphql-over-http/draft/#sec-application-json
   */
  readonly isPlainJson: boolean;
}

const MAX_CACHED = 100;
const cache = new Map<string | undefined, Negotiated>();

/** @param accept the header of the request. */
export function negotiate(accept: string | undefined): Negotiated {
  const cached = cache.get(accept);
  if (cached) return cached;
  const mediaType = accept ? new Negotiator({ headers: { accept } }).mediaType(MEDIA_TYPES) : JSON_TYPE;
  const isNamed = accept?.toLowerCase().includes('application/json') ?? false;
  const negotiated = { mediaType, isPlainJson: isNamed && mediaType === JSON_TYPE };
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(accept, negotiated);
  return negotiated;
}

/** The media type of an error. Defaults to JSON if the client accepts none. */
export function errorMediaType(accept: string | undefined): string {
  return negotiate(accept).mediaType ?? JSON_TYPE;
}
