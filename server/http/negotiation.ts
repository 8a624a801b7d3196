/** Which media type an answer has: https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types */
import Negotiator from 'negotiator';

const JSON_TYPE = 'application/json; charset=utf-8';

/** In the order and the spelling of Apollo Server, which negotiates among the same. */
const MEDIA_TYPES = [
  JSON_TYPE,
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

export interface Negotiated {
  /** Undefined if the client accepts none that an answer can have. */
  readonly mediaType: string | undefined;
  /**
   * Whether it is `application/json` and the client asked for it by name. In that media type a status of 400 says that
   * the answer may not be GraphQL's: https://graphql.github.io/graphql-over-http/draft/#sec-application-json
   */
  readonly isPlainJson: boolean;
}

const MAX_KNOWN = 100;
const known = new Map<string | undefined, Negotiated>();

/** @param accept the header of the request. */
export function negotiate(accept: string | undefined): Negotiated {
  const before = known.get(accept);
  if (before) return before;
  const mediaType = accept ? new Negotiator({ headers: { accept } }).mediaType(MEDIA_TYPES) : JSON_TYPE;
  const isNamed = accept?.toLowerCase().includes('application/json') ?? false;
  const negotiated = { mediaType, isPlainJson: isNamed && mediaType === JSON_TYPE };
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(accept, negotiated);
  return negotiated;
}

/** The media type for an error, whatever the client accepts. */
export function errorMediaType(accept: string | undefined): string {
  return negotiate(accept).mediaType ?? JSON_TYPE;
}
