/** `ticketgraph tickets`: the merged tickets of all sources. Prints a warning for each source that failed. */
import { TicketsDocument, type TicketPageFragment } from '../../client/index.ts';
import { EXIT } from '../exit.ts';
import { note, paint, plain, printJson, printTable } from '../output.ts';
import { createProgress } from '../progress.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';
import { toFilter, type FilterOptions } from '../ticket-filter.ts';
import { sourceLabel, statusText } from '../ticket-text.ts';

export interface TicketsOptions extends ServerOptions, FilterOptions {
  readonly first: number;
  readonly after?: string;
  readonly all?: boolean;
}

type Tickets = TicketPageFragment['nodes'];
type Source = TicketPageFragment['sources'][number];

interface Listing {
  readonly tickets: Tickets;
  readonly pageInfo: TicketPageFragment['pageInfo'];
  /** One for each source, with a problem if any page had one. */
  readonly sources: readonly Source[];
}

export async function tickets(options: TicketsOptions): Promise<void> {
  const listing = await withCommandErrors(options, () => list(options));
  const failed = listing.sources.filter((source) => source.problem && isFailure(source, options));
  if (options.json) printJson(listing);
  else printListing(listing);
  for (const { vendor, source, problem } of failed) {
    const name = sourceLabel(vendor, source.id);
    note(`${paint('yellow', 'warning:', process.stderr)} ${name}: ${plain(problem!.message)} (${problem!.code})`);
  }
  process.exitCode = failed.length > 0 ? EXIT.notDone : EXIT.done;
}

/** The server's limit, used as the page size of `--all`. */
const MAX_PAGE_SIZE = 200;

async function list(options: TicketsOptions): Promise<Listing> {
  const server = openServer(options);
  const filter = toFilter(options);
  const first = options.all ? MAX_PAGE_SIZE : options.first;
  const progress = createProgress('tickets');
  const found: Tickets[number][] = [];
  const sources = new Map<string, Source>();
  let after = options.after ?? null;
  for (;;) {
    // Without a latency limit: a script cannot reload the page later.
    const { tickets: page } = await server.request(TicketsDocument, { first, after, filter, patienceMs: 0 });
    found.push(...page.nodes);
    for (const one of page.sources) if (!sources.get(one.source.id)?.problem) sources.set(one.source.id, one);
    progress.show(found.length);
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!options.all || !hasNextPage || endCursor === null) {
      progress.end();
      return { tickets: found, pageInfo: page.pageInfo, sources: [...sources.values()] };
    }
    after = endCursor;
  }
}

/** A source without a list is a failure only if it was named with `--source`, or its vendor with `--vendor`. */
function isFailure({ vendor, source, problem }: Source, options: TicketsOptions): boolean {
  const { vendor: vendors = [], source: sources = [] } = options;
  return problem?.code !== 'UNSUPPORTED' || vendors.includes(vendor) || sources.includes(source.id);
}

function printListing({ tickets: found, pageInfo, sources }: Listing): void {
  const showsSource = hasSeveralOfOneVendor(sources);
  const rows = found.map(({ id, sourceSystem, status, title, updatedAt }) => [
    id,
    ...(showsSource ? [sourceSystem.name] : []),
    ...[statusText(status), title, updatedAt],
  ]);
  printTable(['ID', ...(showsSource ? ['SOURCE'] : []), 'STATUS', 'TITLE', 'UPDATED'], rows);
  if (pageInfo.hasNextPage) note(`More tickets available: use --all, or --after ${pageInfo.endCursor ?? ''}`);
}

/** Whether the vendor alone does not say where a ticket is. */
function hasSeveralOfOneVendor(sources: readonly Source[]): boolean {
  return new Set(sources.map(({ vendor }) => vendor)).size < sources.length;
}
