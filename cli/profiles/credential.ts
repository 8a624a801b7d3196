/** Headers with the credential of a profile. Refreshes expired tokens. */
import { TicketgraphError, type RequestHeaders } from '../../client/index.ts';
import { CommandError, EXIT } from '../exit.ts';
import { loginCommand, type Credential, type Profile, type Tokens } from './profile.ts';
import { isUrlOf, type SelectedProfile } from './select.ts';
import { updateProfiles } from './store.ts';

/** Seconds before its expiry at which a token is no longer used: the request takes time, and clocks differ. */
const MARGIN_SECONDS = 30;

/**
 * Returns a function for the client's option `headers`.
 *
 * It throws a `TicketgraphError` if tokens cannot be refreshed, whose cause is a `CommandError`: nothing was sent to the
 * server, and results of earlier requests are still printed.
 */
export function createHeaders(profile: SelectedProfile): () => Promise<RequestHeaders> {
  let current = profile.credential;
  let refreshing: Promise<Tokens> | undefined;
  return async () => {
    if (current?.kind === 'tokens' && isExpired(current)) {
      refreshing ??= refresh(profile).finally(() => (refreshing = undefined));
      current = await refreshing.catch((error: unknown): never => {
        throw error instanceof CommandError ? toRequestError(error) : error;
      });
    }
    return toHeaders(current);
  };
}

export function toHeaders(credential: Credential | undefined): RequestHeaders {
  if (!credential) return {};
  if (credential.kind === 'api-key') return { 'x-api-key': credential.apiKey };
  return { authorization: `Bearer ${credential.accessToken}` };
}

export function isExpired({ expiresAt }: Tokens): boolean {
  return expiresAt !== undefined && expiresAt - MARGIN_SECONDS <= Date.now() / 1000;
}

/** Under the lock, since a refresh token may be used once only. Another process may have refreshed meanwhile. */
async function refresh(profile: SelectedProfile): Promise<Tokens> {
  const { name } = profile;
  return updateProfiles(async (profiles) => {
    const latest = profiles.get(name);
    const tokens = latest?.credential;
    if (!latest || tokens?.kind !== 'tokens' || !isUrlOf(latest, profile.url)) throw signInExpired(name);
    if (!isExpired(tokens)) return tokens;
    const refreshed = await requestTokens(latest, tokens);
    if (!refreshed) throw signInExpired(name);
    profiles.set(name, { ...latest, credential: refreshed });
    return refreshed;
  });
}

async function requestTokens({ client }: Profile, { refreshToken, ...tokens }: Tokens): Promise<Tokens | undefined> {
  if (!client || refreshToken === undefined) return undefined;
  const { refreshTokens } = await import('../sign-in/refresh.ts');
  return refreshTokens(client, { ...tokens, refreshToken });
}

function signInExpired(name: string): CommandError {
  return new CommandError(EXIT.server, `The sign-in of profile ${name} has expired.`, `Run ${loginCommand(name)}.`);
}

function toRequestError(cause: CommandError): TicketgraphError {
  const nothing = { vendor: null, source: null, ticketId: null, field: null, path: null, retryAfterSeconds: null };
  const upstream = { upstreamStatus: null, upstreamCode: null, upstreamMessage: null };
  const problem = {
    code: 'UNAUTHENTICATED',
    message: cause.message,
    retryable: false,
    ...nothing,
    ...upstream,
  } as const;
  return new TicketgraphError({ errors: [problem], outcome: 'NOT_APPLIED', cause });
}
