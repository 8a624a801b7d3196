/** `ticketgraph bulk results`: the result of each ticket of a bulk job, as it is received. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TicketgraphError, type BulkResultLine, type BulkResultsOptions as Filter } from '../../client/index.ts';
import { withJobErrors } from '../bulk-jobs/job.ts';
import { CommandError, EXIT } from '../exit.ts';
import { plain } from '../output.ts';
import { openServer, type ServerOptions } from '../server.ts';

export interface BulkResultsOptions extends ServerOptions {
  readonly format?: 'table' | 'ndjson' | 'csv';
  readonly outcome?: NonNullable<Filter['outcomes']>;
  readonly output?: string;
}

export async function bulkResults(id: string, options: BulkResultsOptions): Promise<void> {
  const { output } = options;
  process.exitCode = EXIT.done;
  try {
    await withJobErrors(id, options, async () => {
      const results = Readable.from(await open(id, options));
      if (output === undefined) await pipeline(results, process.stdout, { end: false });
      else await pipeline(results, createWriteStream(output));
    });
  } catch (error) {
    // The process that reads stdout has read enough.
    if (isSystemError(error) && error.code === 'EPIPE') return;
    if (output !== undefined && isSystemError(error)) {
      throw new CommandError(EXIT.usage, `Cannot write ${output}: ${error.code}.`);
    }
    throw error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Opened before anything is written, so that no empty file remains of a job that does not exist. */
async function open(id: string, options: BulkResultsOptions): Promise<AsyncIterable<string | Uint8Array>> {
  const { json, format = json ? 'ndjson' : 'table', outcome: outcomes = [] } = options;
  const server = openServer(options);
  if (format !== 'table') return chunksOf(await server.openBulkResults(id, format, { outcomes }));
  const lines = server.bulkResults(id, { outcomes });
  const first = await lines.next();
  return rowsOf(first.done ? [] : [first.value], lines);
}

/** @throws TicketgraphError if the file is incomplete */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (cause) {
    throw incomplete(cause);
  }
}

function incomplete(cause: unknown): unknown {
  if (cause instanceof TicketgraphError) return cause;
  return new CommandError(
    EXIT.server,
    'The connection was lost: the results are incomplete.',
    'Run the command again.',
  );
}

/** Results whose width decides that of the columns. */
const SAMPLE = 200;

/** Columns as in other tables, but printed as the results arrive. */
async function* rowsOf(
  sample: BulkResultLine[],
  lines: AsyncIterator<BulkResultLine, unknown>,
): AsyncGenerator<string> {
  const isLast = await fill(sample, lines);
  const rows = sample.map(toRow);
  const widths = HEAD.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column]!)].map(({ length }) => length)),
  );
  const format = (row: readonly string[]): string =>
    `${row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()}\n`;
  yield format(HEAD);
  yield rows.map(format).join('');
  while (!isLast) {
    const next = await lines.next();
    if (next.done) return;
    yield format(toRow(next.value));
  }
}

const HEAD = ['TICKET', 'OUTCOME', 'CODE', 'MESSAGE'];

/** Returns whether there are no further results. */
async function fill(sample: BulkResultLine[], lines: AsyncIterator<BulkResultLine, unknown>): Promise<boolean> {
  while (sample.length < SAMPLE) {
    const next = await lines.next();
    if (next.done) return true;
    sample.push(next.value);
  }
  return false;
}

function toRow({ ticketId, outcome, code, message }: BulkResultLine): string[] {
  return [ticketId, outcome, code, message].map((cell) => (cell === null || cell === '' ? '-' : plain(cell)));
}
