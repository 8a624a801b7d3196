/** The running server that a command talks to, and what to do where it cannot be talked to. */
import { createTicketgraph, TicketgraphError, type Ticketgraph } from '../client/index.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';

export interface ServerOptions {
  readonly url: string;
  readonly apiKey?: string;
  readonly token?: string;
  readonly json?: boolean;
}

export function openServer({ url, apiKey, token }: ServerOptions): Ticketgraph {
  const { username, password } = new URL(url);
  // Not quoted: what is wrong with it is that it holds a secret.
  if (username || password) {
    throw new CommandError(EXIT.usage, 'The address of the server holds a name or a password.', SIGN_IN);
  }
  const headers = {
    ...(apiKey && { 'x-api-key': secret('API key', apiKey) }),
    ...(token && { authorization: `Bearer ${secret('token', token)}` }),
  };
  return createTicketgraph({ url, headers });
}

const SIGN_IN =
  'Sign in with TICKETGRAPH_API_KEY or TICKETGRAPH_TOKEN in the environment, or with --api-key or --token.';

/** Refused here, as whoever refuses it later may quote it. */
function secret(what: string, value: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new CommandError(EXIT.usage, `The ${what} holds blanks or other characters that no header can carry.`, SIGN_IN);
}

/** Runs what asks the server; what the client throws comes out with the next step. */
export async function asking<Value>(options: ServerOptions, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TicketgraphError ? toCommandError(error, options) : error;
  }
}

/** The error of a request that gave nothing; a write that may have happened is the caller's to tell. */
export function toCommandError(error: TicketgraphError, options: ServerOptions): CommandError {
  const [exitCode, message, nextStep] = explain(error, options);
  return new CommandError(exitCode, message, nextStep);
}

type Explanation = readonly [exitCode: ExitCode, message: string, nextStep?: string];

function explain(error: TicketgraphError, options: ServerOptions): Explanation {
  const place = options.url;
  switch (error.code) {
    case 'CONNECTION_FAILED':
      return isUnsent(error)
        ? [EXIT.server, `No server answers at ${place}.`, START_IT]
        : [EXIT.server, `The connection to ${place} broke before the answer came.`, 'Try again, and look at its log.'];
    case 'NOT_GRAPHQL':
      return [
        EXIT.server,
        `What answers at ${place} is no ticketgraph: ${error.message}`,
        'Check --url: it ends in /graphql.',
      ];
    case 'UNAUTHENTICATED':
      return [EXIT.server, `The server at ${place} takes signed-in callers only.`, signInAdvice(options)];
    case 'OPERATION_NOT_REGISTERED':
      return [
        EXIT.server,
        error.message,
        'Register the documents below client/documents there: npm run operations:register.',
      ];
    case 'FORBIDDEN':
      return [EXIT.notDone, error.message, 'Ask whoever runs the server to grant it to you.'];
    case 'INVALID_INPUT':
      return [EXIT.usage, error.message, 'ticketgraph tickets shows what ids look like.'];
    case 'VENDOR_NOT_CONFIGURED':
      return [EXIT.notDone, error.message, 'ticketgraph doctor says which settings are missing.'];
    case 'VENDOR_UNAUTHENTICATED':
    case 'VENDOR_FORBIDDEN':
    case 'VENDOR_UNAVAILABLE':
    case 'VENDOR_TIMEOUT':
    case 'VENDOR_PROTOCOL':
      return [
        EXIT.notDone,
        withCode(error),
        'Where the server runs, ticketgraph doctor says what is wrong with the vendor.',
      ];
    default:
      return [error.vendor === null ? EXIT.server : EXIT.notDone, withCode(error), retryAdvice(error)];
  }
}

const START_IT = 'Start it with: ticketgraph serve. Or name another with --url or TICKETGRAPH_URL.';

function signInAdvice({ apiKey, token }: ServerOptions): string {
  return apiKey || token
    ? 'The API key or token that was given is not taken: look whether it is right, and still lives.'
    : SIGN_IN;
}

function withCode({ message, code, vendor }: TicketgraphError): string {
  return `${vendor === null ? '' : `${vendor}: `}${message} (${code})`;
}

function retryAdvice({ retryable, retryAfterSeconds }: TicketgraphError): string | undefined {
  if (!retryable) return undefined;
  return retryAfterSeconds === null ? 'Try again later.' : `Try again in ${retryAfterSeconds} seconds.`;
}

/**
 * With which a connection fails before it stands: codes, and what is said of a port that no browser would ask.
 * https://nodejs.org/api/errors.html#nodejs-error-codes, https://fetch.spec.whatwg.org/#port-blocking
 */
const UNSENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'bad port',
]);

/** Whether it is proven that nothing has reached the server. */
export function isUnsent(error: TicketgraphError): boolean {
  return error.outcome === 'NOT_APPLIED' || codesOf(error.cause).some((code) => UNSENT.has(code));
}

/** `fetch` says why in the cause of its error; of a name with several addresses, in the errors of that. */
function codesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return ['code' in error ? error.code : error.message, ...[error.cause, ...inner].flatMap(codesOf)];
}
