/** The tickets of a bulk job: the options of a filter, or the lines of a file or of stdin, which are uploaded. */
import { createReadStream } from 'node:fs';
import { TicketgraphError, type BulkTicketsInput } from '../../client/index.ts';
import { CommandError, EXIT } from '../exit.ts';
import { note, plain } from '../output.ts';
import { openServer, withCommandErrors, type ServerOptions } from '../server.ts';
import { toFilter, type FilterOptions } from '../ticket-filter.ts';

/** @throws CommandError if there are none, or if they are named in two ways. Nothing was started. */
export async function prepareTickets(
  file: string | undefined,
  options: ServerOptions & FilterOptions,
): Promise<BulkTicketsInput> {
  const filter = toFilter(options);
  const isFiltered = Object.keys(filter).length > 0;
  if (isFiltered && file !== undefined) {
    throw new CommandError(EXIT.usage, 'A file and a filter were given.', 'Pass a file, or options such as --vendor.');
  }
  if (isFiltered) return { filter };
  if (file === undefined && process.stdin.isTTY) throw new CommandError(EXIT.usage, 'No tickets given.', NAME_TICKETS);
  return { uploadId: await upload(file === '-' ? undefined : file, options) };
}

const NAME_TICKETS = 'Pass a file, ids on stdin, or options such as --vendor.';

/** @param file omit for stdin */
async function upload(file: string | undefined, options: ServerOptions): Promise<string> {
  try {
    return await withCommandErrors(options, () => openServer(options).uploadTickets(linesOf(file)).catch(reportLines));
  } catch (error) {
    if (isFileError(error)) throw new CommandError(EXIT.usage, `Cannot read ${file ?? 'stdin'}: ${error.code}.`);
    throw error;
  }
  function reportLines(error: unknown): never {
    if (!(error instanceof TicketgraphError)) throw error;
    const { cause, lines, message } = error;
    if (isFileError(cause)) throw cause;
    if (lines.length === 0) throw error;
    const name = file ?? 'stdin';
    if (options.json) note(JSON.stringify({ lines }));
    else for (const bad of lines) note(`${name}:${bad.line}: ${plain(bad.message)}`);
    throw new CommandError(EXIT.usage, message, 'Correct the lines, and start the job again.');
  }
}

/** An error of the file system, not of the connection. */
function isFileError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && ['open', 'read'].includes(String(error.syscall));
}

/** Lines end with a line feed alone: JSON may contain the other characters that end lines. */
async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of file === undefined ? process.stdin : createReadStream(file)) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
