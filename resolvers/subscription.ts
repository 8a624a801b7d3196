import type { TicketChange as Change, WatchQuery } from '../datasources/live/index.ts';
import type { JobView } from '../datasources/bulk/index.ts';
import type { ResolverContext } from './context.ts';
import type { SubscriptionBulkJobChangedArgs, SubscriptionTicketChangedArgs } from '../schema/__generated__/types.ts';
import { invalidInput } from '../datasources/vendor-kit/failure.ts';
import { toJobKey } from './bulk.ts';
import { toFilter } from './filter.ts';
import { MAX_TICKETS } from './query.ts';

export const Subscription = {
  ticketChanged: {
    subscribe: (_: unknown, args: SubscriptionTicketChangedArgs, context: ResolverContext) =>
      context.sources.watch(toWatchQuery(args, context.lastEventId)),
    resolve: (change: Change) => change,
  },
  bulkJobChanged: {
    subscribe: async (_: unknown, { id }: SubscriptionBulkJobChangedArgs, { sources }: ResolverContext) =>
      (await sources.bulk()).watch(toJobKey(id)),
    resolve: (job: JobView) => job,
  },
};

/** The id of the last event that a client has received is more recent than what its operation says. */
function toWatchQuery(
  { ids, filter, after }: Partial<SubscriptionTicketChangedArgs>,
  lastEventId: string | undefined,
): WatchQuery {
  if (!ids === !filter) throw invalidInput('Give exactly one of ids and filter.', 'ids');
  if (ids && (ids.length === 0 || ids.length > MAX_TICKETS)) {
    throw invalidInput(`ids must hold 1 to ${MAX_TICKETS} ids, not ${ids.length}.`, 'ids');
  }
  return { ids: ids ?? null, filter: filter ? toFilter(filter) : null, after: lastEventId ?? after ?? null };
}
