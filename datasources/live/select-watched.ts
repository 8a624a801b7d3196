/** What a subscriber watches, by source, and why some of it cannot be watched. */
import type { FailureDetails, TicketSource } from '../contract.ts';
import { toListFilter } from '../reads/list-tickets.ts';
import { selectSources } from '../reads/select-sources.ts';
import type { Connected } from '../upstream/connect-source.ts';
import { Failure, notConfigured } from '../vendor-kit/failure.ts';
import { resolveGlobalId } from '../vendor-kit/global-id.ts';
import type { WatchFilter, WatchQuery } from './change.ts';
import { rejectionOf } from './read-watched.ts';
import type { SourceFilter } from './watch.ts';

export interface WatchedTicket {
  /** Canonical global id. */
  readonly id: string;
  readonly nativeId: string;
}

/** What is watched at one source. */
export interface WatchedPart {
  readonly connected: Connected;
  /** Empty with a filter. */
  readonly tickets: readonly WatchedTicket[];
  readonly filter: SourceFilter | undefined;
}

export interface WatchedParts {
  readonly parts: readonly WatchedPart[];
  /** By the key of the source. */
  readonly failures: ReadonlyMap<string, FailureDetails>;
}

interface AllSources {
  readonly known: ReadonlyMap<string, TicketSource>;
  readonly connected: ReadonlyMap<string, Connected>;
}

type DenialFor = (sourceKey: string) => FailureDetails | undefined;

/** @throws Failure for an invalid query, or if nothing of it can be watched for want of rights or settings */
export function selectWatched(
  { ids, filter }: Pick<WatchQuery, 'ids' | 'filter'>,
  sources: AllSources,
  denialFor: DenialFor,
): WatchedParts {
  const selected = filter ? selectListed(filter, sources) : selectTickets(ids ?? [], sources);
  const parts: WatchedPart[] = [];
  const failures = new Map<string, FailureDetails>();
  let isAnyReadable = false;
  for (const { source, ...part } of selected) {
    const connected = sources.connected.get(source.key);
    const denial = denialFor(source.key) ?? (connected ? undefined : notConfigured(source));
    isAnyReadable ||= denial === undefined;
    const failure = denial ?? (part.filter && rejectionOf(connected!, part.filter));
    if (failure) failures.set(source.key, failure);
    else parts.push({ connected: connected!, ...part });
  }
  const [first] = failures;
  if (!isAnyReadable && first) throw new Failure(first[1], undefined, first[0]);
  return { parts, failures };
}

interface Selected extends Omit<WatchedPart, 'connected'> {
  readonly source: TicketSource;
}

function selectTickets(ids: readonly string[], { known, connected }: AllSources): readonly Selected[] {
  const named = ids.map((id, index) => resolveGlobalId(id, known, connected, ['ids', index]));
  const bySource = Map.groupBy(named, ({ source }) => source);
  return Array.from(bySource, ([source, all]) => {
    const tickets = new Map(all.map(({ id, nativeId }) => [id, { id, nativeId }]));
    return { source, tickets: [...tickets.values()], filter: undefined };
  });
}

/** All listed sources, also those that cannot list this filter. */
function selectListed(query: WatchFilter, { known, connected }: AllSources): readonly Selected[] {
  const filter = { reference: query.reference, filter: toListFilter(query) };
  return selectSources(known, connected, query.vendors, query.sources).map((source) => {
    return { source, tickets: [], filter };
  });
}
