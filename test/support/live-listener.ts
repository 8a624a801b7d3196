/** Subscribes to live updates below the resolvers, and reads events in the order in which they arrive. */
import { expect, onTestFinished } from 'vitest';
import type { Sources } from '../../datasources/index.ts';
import type { ChangeFeed, Subscriber, TicketChange, WatchFilter, WatchQuery } from '../../datasources/live/index.ts';

export interface Listener {
  readonly feed: ChangeFeed;
  /** All events so far. */
  readonly events: TicketChange[];
  /** Resolves to the next event that was not returned yet. */
  next(): Promise<TicketChange>;
  /** Resolves to the events until the first that fits, this one included. */
  until(fits: (change: TicketChange) => boolean): Promise<readonly TicketChange[]>;
  close(): void;
}

export const ANY_TICKET: WatchFilter = {
  vendors: null,
  sources: null,
  categories: null,
  search: null,
  reference: null,
  view: null,
  archived: false,
  group: null,
};

export interface ListenOptions extends Partial<WatchQuery> {
  readonly subscriber?: Subscriber;
  readonly denialFor?: Parameters<NonNullable<Sources['live']>['subscribe']>[2];
}

/** Closed after the test. */
export function listen({ live }: Pick<Sources, 'live'>, options: ListenOptions): Listener {
  const { ids = null, filter = null, after = null, subscriber = {}, denialFor = () => undefined } = options;
  return listenTo(live!.subscribe({ ids, filter, after }, subscriber, denialFor));
}

export function listenTo(feed: ChangeFeed): Listener {
  const events: TicketChange[] = [];
  const iterator = feed[Symbol.asyncIterator]();
  let taken = 0;
  const next = async (): Promise<TicketChange> => {
    await expect.poll(() => events.length).toBeGreaterThan(taken);
    return events[taken++]!;
  };
  void (async () => {
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) events.push(result.value);
  })();
  onTestFinished(() => feed.close());
  return {
    feed,
    events,
    next,
    async until(fits) {
      const seen: TicketChange[] = [];
      do seen.push(await next());
      while (!fits(seen.at(-1)!));
      return seen;
    },
    close: () => feed.close(),
  };
}

export const kindsOf = (events: readonly TicketChange[]): string[] => events.map(({ kind }) => kind);
