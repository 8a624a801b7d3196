/** `ticketgraph tickets`: the merged tickets of all vendors. Prints a warning for each vendor that failed. */
import {
  TicketsDocument,
  type StatusCategory,
  type TicketFilter,
  type TicketPageFragment,
  type Vendor,
} from '../../client/index.ts';
import { EXIT } from '../exit.ts';
import { note, paint, plain, printJson, printTable } from '../output.ts';
import { createProgress } from '../progress.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';
import { statusText } from '../ticket-text.ts';

export interface TicketsOptions extends ServerOptions {
  readonly vendor?: readonly Vendor[];
  readonly category?: readonly StatusCategory[];
  readonly search?: string;
  readonly reference?: string;
  readonly view?: string;
  readonly archived?: boolean;
  readonly first: number;
  readonly after?: string;
  readonly all?: boolean;
}

type Tickets = TicketPageFragment['nodes'];
type Source = TicketPageFragment['sources'][number];

interface Listing {
  readonly tickets: Tickets;
  readonly pageInfo: TicketPageFragment['pageInfo'];
  /** One for each vendor, with a problem if any page had one. */
  readonly sources: readonly Source[];
}

export async function tickets(options: TicketsOptions): Promise<void> {
  const listing = await withCommandErrors(options, () => list(options));
  const failed = listing.sources.filter((source) => source.problem && isFailure(source, options));
  if (options.json) printJson(listing);
  else printListing(listing);
  for (const { vendor, problem } of failed) {
    note(`${paint('yellow', 'warning:', process.stderr)} ${vendor}: ${plain(problem!.message)} (${problem!.code})`);
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
  const sources = new Map<Vendor, Source>();
  let after = options.after ?? null;
  for (;;) {
    // Without a latency limit: a script cannot reload the page later.
    const { tickets: page } = await server.request(TicketsDocument, { first, after, filter, patienceMs: 0 });
    found.push(...page.nodes);
    for (const source of page.sources) if (!sources.get(source.vendor)?.problem) sources.set(source.vendor, source);
    progress.show(found.length);
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!options.all || !hasNextPage || endCursor === null) {
      progress.end();
      return { tickets: found, pageInfo: page.pageInfo, sources: [...sources.values()] };
    }
    after = endCursor;
  }
}

function toFilter({ vendor, category, search, reference, view, archived }: TicketsOptions): TicketFilter {
  return {
    ...(vendor && { vendors: vendor }),
    ...(category && { categories: category }),
    ...(search !== undefined && { search }),
    ...(reference !== undefined && { reference }),
    ...(view !== undefined && { view }),
    ...(archived && { archived }),
  };
}

/** A vendor without a list is a failure only if it was named with `--vendor`. */
function isFailure({ vendor, problem }: Source, options: TicketsOptions): boolean {
  return problem?.code !== 'UNSUPPORTED' || (options.vendor ?? []).includes(vendor);
}

function printListing({ tickets: found, pageInfo }: Listing): void {
  const rows = found.map(({ id, status, title, updatedAt }) => [id, statusText(status), title, updatedAt]);
  printTable(['ID', 'STATUS', 'TITLE', 'UPDATED'], rows);
  if (pageInfo.hasNextPage) note(`More tickets available: use --all, or --after ${pageInfo.endCursor ?? ''}`);
}
