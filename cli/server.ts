/** Client for the server that a command calls, and advice for its errors. */
import { createTicketgraph, TicketgraphError, type Ticketgraph, type TicketgraphOptions } from '../client/index.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { createHeaders } from './profiles/credential.ts';
import { loginCommand } from './profiles/profile.ts';
import { isUrlOf, type SelectedProfile } from './profiles/select.ts';
import { sourceLabel } from './ticket-text.ts';

export interface ServerOptions {
  readonly url: string;
  readonly apiKey?: string;
  readonly token?: string;
  readonly json?: boolean;
  /** Supplies the sign-in if there is neither a key nor a token. Its URL is `url`, unless another one was given. */
  readonly selected?: SelectedProfile;
}

/** @param fetch defaults to the global one. */
export function openServer(options: ServerOptions, fetch?: TicketgraphOptions['fetch']): Ticketgraph {
  return createTicketgraph({ url: options.url, headers: readHeaders(options), ...(fetch && { fetch }) });
}

function readHeaders(options: ServerOptions): NonNullable<TicketgraphOptions['headers']> {
  const { url, apiKey, token } = options;
  const { username, password } = new URL(url);
  // The URL is not quoted, because it contains a secret.
  if (username || password) {
    throw new CommandError(EXIT.usage, "The server's URL contains a user name or a password.", SIGN_IN);
  }
  const profile = findSignIn(options);
  if (profile) return createHeaders(profile);
  return {
    ...(apiKey && { 'x-api-key': headerSecret('API key', apiKey) }),
    ...(token && { authorization: `Bearer ${headerSecret('token', token)}` }),
  };
}

/**
 * Returns the profile whose credential is used. A credential is not sent to another server than the one that it was
 * obtained for.
 */
export function findSignIn({ url, apiKey, token, selected }: ServerOptions): SelectedProfile | undefined {
  return !apiKey && !token && selected?.credential && isUrlOf(selected, url) ? selected : undefined;
}

const SIGN_IN =
  'Run ticketgraph login, or sign in with TICKETGRAPH_API_KEY or TICKETGRAPH_TOKEN in the environment, or with --api-key ' +
  'or --token.';

/** Rejects invalid header values here, because a later error might quote the secret. */
export function headerSecret(what: string, value: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new CommandError(
    EXIT.usage,
    `The ${what} contains whitespace or other characters that are not allowed in a header.`,
    SIGN_IN,
  );
}

/** Runs requests to the server. Converts a `TicketgraphError` to a `CommandError` with the next step. */
export async function withCommandErrors<Value>(options: ServerOptions, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TicketgraphError ? toCommandError(error, options) : error;
  }
}

/** For requests without a result. Callers handle writes whose outcome is unknown themselves. */
export function toCommandError(error: TicketgraphError, options: ServerOptions): CommandError {
  // The profile could not be used, so no request was sent.
  if (error.cause instanceof CommandError) return error.cause;
  const [exitCode, message, nextStep] = explain(error, options);
  return new CommandError(exitCode, message, nextStep);
}

type Explanation = readonly [exitCode: ExitCode, message: string, nextStep?: string];

function explain(error: TicketgraphError, options: ServerOptions): Explanation {
  const { url } = options;
  switch (error.code) {
    case 'CONNECTION_FAILED':
      return isUnsent(error)
        ? [EXIT.server, `The server at ${url} is unreachable.`, START_ADVICE]
        : [
            EXIT.server,
            `The connection to ${url} was lost before the response arrived.`,
            "Retry, and check the server's log.",
          ];
    case 'NOT_GRAPHQL':
      return [
        EXIT.server,
        `No ticketgraph server at ${url}: ${error.message}`,
        'Check --url: it must end in /graphql.',
      ];
    case 'UNAUTHENTICATED':
      return [EXIT.server, `The server at ${url} requires authentication.`, signInAdvice(options)];
    case 'OPERATION_NOT_REGISTERED':
      return [
        EXIT.server,
        error.message,
        'Register the documents in client/documents on the server: npm run operations:register.',
      ];
    case 'FORBIDDEN':
      return [EXIT.notDone, error.message, "Ask the server's administrator for access."];
    case 'INVALID_INPUT':
      return [EXIT.usage, error.message, 'ticketgraph tickets shows valid ids.'];
    case 'VENDOR_NOT_CONFIGURED':
      return [EXIT.notDone, error.message, 'ticketgraph doctor shows which settings are missing.'];
    case 'VENDOR_UNAUTHENTICATED':
    case 'VENDOR_FORBIDDEN':
    case 'VENDOR_UNAVAILABLE':
    case 'VENDOR_TIMEOUT':
    case 'VENDOR_PROTOCOL':
      return [EXIT.notDone, withCode(error), "Run ticketgraph doctor with the server's settings to find the cause."];
    default:
      return [error.vendor === null ? EXIT.server : EXIT.notDone, withCode(error), retryAdvice(error)];
  }
}

const START_ADVICE = 'Start it with ticketgraph serve, or set --url or TICKETGRAPH_URL.';

function signInAdvice(options: ServerOptions): string {
  const { apiKey, token, selected } = options;
  if (apiKey || token) return 'The server rejected the API key or token. Check that it is correct and has not expired.';
  if (!selected) return SIGN_IN;
  const login = `Run ${loginCommand(selected.name)}`;
  if (findSignIn(options)) return `The server rejected the sign-in of profile ${selected.name}. ${login}.`;
  if (!selected.credential) return `Profile ${selected.name} is signed out. ${login}.`;
  return `Profile ${selected.name} is for ${selected.url}, and is not used for another server. ${SIGN_IN}`;
}

function withCode({ message, code, vendor, source }: TicketgraphError): string {
  return `${vendor === null ? '' : `${sourceLabel(vendor, source)}: `}${message} (${code})`;
}

function retryAdvice({ retryable, retryAfterSeconds }: TicketgraphError): string | undefined {
  if (!retryable) return undefined;
  return retryAfterSeconds === null ? 'Retry later.' : `Retry in ${retryAfterSeconds} seconds.`;
}

/**
 * Causes of failures before the connection is established: error codes, and the message for a blocked port.
 * https://nodejs.org/api/errors.html#nodejs-error-codes, https://fetch.spec.whatwg.org/#port-blocking
 */
const UNSENT_CAUSES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'bad port',
]);

/** Whether it is certain that the request did not reach the server. */
export function isUnsent(error: TicketgraphError): boolean {
  return error.outcome === 'NOT_APPLIED' || codesOf(error.cause).some((code) => UNSENT_CAUSES.has(code));
}

/** Collects the codes of nested causes. If a host has several addresses, `fetch` throws an `AggregateError`. */
function codesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return ['code' in error ? error.code : error.message, ...[error.cause, ...inner].flatMap(codesOf)];
}
