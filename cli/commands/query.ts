/** `ticketgraph query`: sends any document and prints the data as JSON on stdout, and errors on stderr. */
import { OperationTypeNode, getOperationAST, type DocumentNode } from 'graphql';
import { TicketgraphError, type Settled, type TicketgraphProblem } from '../../client/index.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { isObject, parseJson } from '../json.ts';
import { note, paint, plain, print, printJson } from '../output.ts';
import { exitOfData } from '../query/outcomes.ts';
import { readOperation, type Operation } from '../query/operation.ts';
import { isUnsent, openServer, toCommandError, type ServerOptions } from '../server.ts';

export interface QueryOptions extends ServerOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operation?: string;
  /** Prints the response unchanged. Defaults to the data alone. */
  readonly raw?: boolean;
}

export async function query(document: string | undefined, options: QueryOptions): Promise<void> {
  const operation = await readOperation(document, options.operation);
  const response = await send(operation, options);
  if (options.raw) print(response.text);
  else if (response.data !== undefined) printJson(response.data);
  if (!options.raw) reportErrors(response.errors, options);
  process.exitCode = exitOf(response, operation);
}

interface Answer extends Settled<unknown> {
  /** The body as received. */
  readonly text: string;
}

/** Sends the text as it was given, so that it is that of a registered operation if the original is. */
async function send({ document, body }: Operation, options: QueryOptions): Promise<Answer> {
  let text = '';
  const { variables } = options;
  const server = openServer(options, async (url, init) => {
    const response = await fetch(url, { ...init, body: JSON.stringify({ ...body, ...(variables && { variables }) }) });
    text = await response.clone().text();
    return response;
  });
  try {
    const { data, errors } = await server.settle<unknown, Record<string, unknown>>(document);
    return { data, errors, text };
  } catch (error) {
    if (!(error instanceof TicketgraphError)) throw error;
    const isRejectedByServer = error.status !== null && error.code !== 'NOT_GRAPHQL';
    if (isRejectedByServer && isNullData(text)) return { data: error.data, errors: error.errors, text };
    if (options.raw && isRejectedByServer) print(text);
    throw toQueryError(error, document, options);
  }
}

/** Whether the operation was executed: a rejected one has no `data`. */
function isNullData(text: string): boolean {
  const body = parseJson(text);
  return isObject(body) && body['data'] === null;
}

function toQueryError(error: TicketgraphError, document: DocumentNode, options: QueryOptions): CommandError {
  const isRejected = error.outcome === 'NOT_APPLIED' || isUnsent(error);
  if (isWrite(document) && !isRejected) {
    const nextStep = 'Check the ticket. A repeat is safe only with the same idempotencyKey in the input.';
    return new CommandError(EXIT.unknown, `Outcome unknown: ${error.message}`, nextStep);
  }
  const { exitCode, message, nextStep } = toCommandError(error, options);
  if (error.code === 'OPERATION_NOT_REGISTERED') return new CommandError(exitCode, message, REGISTER);
  return error.errors.length === 1 ? new CommandError(exitCode, message, nextStep) : allOf(error, exitCode);
}

const REGISTER = 'Register it on the server: npm run operations:register.';

/** A document may have several mistakes. */
function allOf({ errors }: TicketgraphError, exitCode: ExitCode): CommandError {
  return new CommandError(exitCode, plain(errors.map(({ message, code }) => `${message} (${code})`).join(' ')));
}

function isWrite(document: DocumentNode): boolean {
  return getOperationAST(document)?.operation === OperationTypeNode.MUTATION;
}

function reportErrors(errors: readonly TicketgraphProblem[], { json }: QueryOptions): void {
  if (errors.length === 0) return;
  if (json) note(JSON.stringify({ errors }));
  else for (const problem of errors) note(`${paint('red', 'error:', process.stderr)} ${toLine(problem)}`);
}

function toLine({ message, code, vendor, path }: TicketgraphProblem): string {
  const where = path === null ? '' : ` at ${path.join('.')}`;
  return plain(`${vendor === null ? '' : `${vendor}: `}${message} (${code})${where}`);
}

function exitOf({ data, errors }: Answer, { document }: Operation): ExitCode {
  const exit = isWrite(document) ? exitOfData(data) : EXIT.done;
  return exit === EXIT.done && errors.length > 0 ? EXIT.notDone : exit;
}
