/** The part of the request's context that resolvers use. The server's own type has more; resolvers do not import it. */
import type { RequestSources } from '../datasources/index.ts';

export interface ResolverContext {
  readonly sources: RequestSources;
  /** The id of the last event that a client has received of a stream which it resumes. */
  readonly lastEventId?: string | undefined;
}
