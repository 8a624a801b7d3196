/**
 * The context of a subscription whose events are posted to a callback. It outlives the request: each event is executed with
 * sources that are opened for it, as in a stream.
 */
import type { ChangeFeed } from '../../../datasources/live/index.ts';
import type { ResolverContext } from '../../../resolvers/context.ts';
import type { OpenRequest } from '../incoming-request.ts';
import type { StreamRegistry } from './stream-registry.ts';

export interface CallbackStreamOptions<Context extends ResolverContext> {
  readonly callerId: string;
  readonly registry: StreamRegistry;
  /** Opens a context for one event. */
  openContext(): OpenRequest<Context>;
}

export function openCallbackContext<Context extends ResolverContext>({
  callerId,
  registry,
  openContext,
}: CallbackStreamOptions<Context>): Context {
  let open = openContext();
  const renew = (): void => {
    open.dispose();
    open = openContext();
  };
  const watch: ResolverContext['sources']['watch'] = (query) => {
    const feed = open.context.sources.watch(query);
    const remove = registry.add(callerId, { end: () => feed.close() });
    return withEach(feed, renew, () => {
      remove();
      open.dispose();
    });
  };
  return Object.create(open.context, {
    sources: { get: () => ({ ...open.context.sources, watch }), enumerable: true },
  }) as Context;
}

/** Calls `onEvent` before each event is handed on, and `onEnd` once. */
function withEach(feed: ChangeFeed, onEvent: () => void, onEnd: () => void): ChangeFeed {
  return {
    close: () => feed.close(),
    async *[Symbol.asyncIterator]() {
      try {
        for await (const change of feed) {
          onEvent();
          yield change;
        }
      } finally {
        feed.close();
        onEnd();
      }
    },
  };
}
