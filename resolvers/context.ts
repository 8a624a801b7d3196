/** What resolvers get of the incoming request. The server's own context has more; resolvers import nothing of it. */
import type { RequestSources } from '../datasources/index.ts';

export interface ResolverContext {
  readonly sources: RequestSources;
}
