/** The part of the request's context that resolvers use. The server's own type has more; resolvers do not import it. */
import type { RequestSources } from '../datasources/index.ts';

export interface ResolverContext {
  readonly sources: RequestSources;
}
