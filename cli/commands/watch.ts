/** `ticketgraph watch`: a line for each change of tickets, until it is interrupted. Resumes by itself after a cut. */
import type { TicketChange } from '../../client/index.ts';
import { CommandError, EXIT } from '../exit.ts';
import { plain, print } from '../output.ts';
import { openServer, withCommandErrors, type ServerOptions } from '../server.ts';
import { toFilter, type FilterOptions } from '../ticket-filter.ts';
import { stopOnSignal, warnOfRetry } from '../streams.ts';
import { sourceLabel, statusText } from '../ticket-text.ts';

export interface WatchOptions extends ServerOptions, FilterOptions {
  readonly after?: string;
  readonly count?: number;
}

/** @param ids the tickets, or empty for those that match the filter. */
export async function watch(ids: readonly string[], options: WatchOptions): Promise<void> {
  const filter = toFilter(options);
  if (ids.length > 0 && Object.keys(filter).length > 0) {
    throw new CommandError(EXIT.usage, 'Ids and a filter were given.', 'Pass ids, or options such as --vendor.');
  }
  const after = options.after ?? null;
  const stopping = stopOnSignal();
  try {
    await withCommandErrors(options, () =>
      printChanges(ids.length > 0 ? { ids, after } : { filter, after }, options, stopping),
    );
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
  process.exitCode = EXIT.done;
}

async function printChanges(
  variables: Parameters<ReturnType<typeof openServer>['watch']>[0],
  options: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  let wasOpen = false;
  const changes = openServer(options).watch(variables, {
    signal,
    onOpen: () => void (wasOpen = true),
    onRetry(error, delayMs) {
      // An address without a server is a mistake, unless there was one before.
      if (!wasOpen && (error.code === 'CONNECTION_FAILED' || error.code === 'NOT_GRAPHQL')) throw error;
      warnOfRetry(error, delayMs);
    },
  });
  let count = 0;
  for await (const change of changes) {
    print(options.json ? JSON.stringify(change) : toLine(change));
    count += 1;
    if (count === options.count) return;
  }
}

/** Time, ticket or source, kind, changed fields, title, status. */
function toLine({ observedAt, ticketId, kind, changed, ticket, source, problem, errors }: TicketChange): string {
  const about = ticketId ?? (source ? sourceLabel(source.vendor, source.id) : '-');
  const text = ticket?.title ?? problem?.message ?? errors[0]?.message ?? '-';
  const cells = [observedAt, about, kind, changed.join(',') || '-', text, ticket ? statusText(ticket.status) : '-'];
  return cells.map(plain).join('  ');
}
