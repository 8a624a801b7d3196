/** Shared by the commands that watch a stream: how they are interrupted, and what they print when it is cut. */
import type { TicketgraphError } from '../client/index.ts';
import { note, paint, plain } from './output.ts';

/** Interrupted by Ctrl-C or SIGTERM, or by the end of the process that reads the lines. */
export function stopOnSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  process.stdout.once('error', () => stopping.abort());
  return stopping.signal;
}

export function warnOfRetry({ message, code }: TicketgraphError, delayMs: number): void {
  const seconds = (delayMs / 1_000).toFixed(1);
  note(`${paint('yellow', 'warning:', process.stderr)} ${plain(message)} (${code}). Resuming in ${seconds} s.`);
}
