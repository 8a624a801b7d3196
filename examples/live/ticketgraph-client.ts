/**
 * Watches tickets with the package's own client, which resumes by itself.
 *
 *   node examples/live/ticketgraph-client.ts http://127.0.0.1:4000/graphql omnidesk:858462
 *
 * In your own project, import from 'ticketgraph-client'.
 */
import { createTicketgraph } from '../../client/index.ts';
import { describeChange } from './format-change.ts';

export async function watch(
  url: string,
  ids: readonly string[],
  onChange: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ticketgraph = createTicketgraph({ url });
  try {
    for await (const change of ticketgraph.watch({ ids }, { signal })) onChange(describeChange(change));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

if (import.meta.main) {
  const [url = 'http://127.0.0.1:4000/graphql', ...ids] = process.argv.slice(2);
  await watch(url, ids, console.log, new AbortController().signal);
}
