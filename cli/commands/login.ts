/** `ticketgraph login`: signs in with OpenID Connect or an API key, and keeps the credential in a profile. */
import { TicketgraphError, VendorsDocument, createTicketgraph } from '../../client/index.ts';
import { isConfidential } from '../../datasources/vendor-kit/settings.ts';
import { CommandError, EXIT } from '../exit.ts';
import { note, paint, plain, print, printJson } from '../output.ts';
import { toHeaders } from '../profiles/credential.ts';
import { describeProfile } from '../profiles/describe.ts';
import { nameOf, type Credential, type OpenIdClient, type Profile, type Tokens } from '../profiles/profile.ts';
import { updateProfiles } from '../profiles/store.ts';
import { headerSecret, toCommandError } from '../server.ts';
import { readStandardInput } from '../standard-input.ts';

export interface LoginOptions {
  readonly profile?: string;
  readonly url?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly resource?: string;
  readonly audience?: string;
  readonly device?: boolean;
  readonly browser: boolean;
  /** Port of the redirect. Defaults to a free one. */
  readonly port?: number;
  readonly apiKeyStdin?: boolean;
  readonly json?: boolean;
}

export async function login(options: LoginOptions): Promise<void> {
  const name = nameOf(options.profile);
  // Also checks that the file can be used before anybody signs in.
  const previous = await updateProfiles((profiles) => profiles.get(name));
  const url = serverUrl(options.url ?? previous?.url);
  const profile = await signIn(options, url, previous?.url === url ? previous : undefined);
  await checkAccepted(profile);
  await updateProfiles((profiles) => profiles.set(name, profile));
  const { user } = describeProfile(name, profile);
  if (options.json) printJson(describeProfile(name, profile));
  else print(`Signed in to ${url}${user === null ? '' : ` as ${plain(user)}`} (profile ${name}).`);
}

/** @returns the URL of the endpoint, with the path of ticketgraph if it has none. */
function serverUrl(text: string | undefined): string {
  if (text === undefined) {
    throw new CommandError(
      EXIT.usage,
      'No server was given.',
      'Name it with --url https://tickets.example.com/graphql.',
    );
  }
  const url = new URL(text);
  if (url.username || url.password || !isConfidential(url)) {
    throw new CommandError(
      EXIT.usage,
      'Cannot sign in to the server: a credential is only sent by https, or by http to this machine, and to a URL without one.',
      'Use an https URL without a user name and a password.',
    );
  }
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

/** @param previous the profile, if it is for the same server. */
async function signIn(options: LoginOptions, url: string, previous: Profile | undefined): Promise<Profile> {
  if (options.apiKeyStdin) {
    const apiKey = headerSecret('API key', (await readStandardInput()).trim());
    return { url, credential: { kind: 'api-key', apiKey } };
  }
  const client = await resolveClient(options, url, previous?.client);
  note(`Signing in at ${plain(client.issuer)} for ${url}.`);
  return { url, client, credential: await requestTokens(options, client) };
}

async function requestTokens({ device, port = 0, browser }: LoginOptions, client: OpenIdClient): Promise<Tokens> {
  const { discoverIssuer } = await import('../sign-in/issuer.ts');
  const issuer = await discoverIssuer(client);
  if (device) return (await import('../sign-in/device.ts')).signInWithDevice(issuer, client);
  const { signInWithBrowser } = await import('../sign-in/authorization-code.ts');
  return signInWithBrowser(issuer, client, { port, opensBrowser: browser });
}

/** Options take precedence over the profile, and the profile over what the server publishes. */
async function resolveClient(
  options: LoginOptions,
  url: string,
  previous: OpenIdClient | undefined,
): Promise<OpenIdClient> {
  const needsAdvice =
    (options.issuer ?? previous?.issuer) === undefined || (options.scope ?? previous?.scope) === undefined;
  const advice = needsAdvice ? await (await import('../sign-in/resource.ts')).findSignInAdvice(url) : undefined;
  const issuer = options.issuer ?? previous?.issuer ?? advice?.issuer;
  const clientId = options.clientId ?? previous?.clientId;
  if (issuer === undefined) throw missing('The OpenID provider is unknown: the server does not publish it', '--issuer');
  if (clientId === undefined) throw missing(`The client id at ${plain(issuer)} is unknown`, '--client-id');
  const scope = options.scope ?? previous?.scope ?? [...OPENID_SCOPES, ...(advice?.scopes ?? [])].join(' ');
  const resource = options.resource ?? previous?.resource;
  const audience = options.audience ?? previous?.audience;
  return {
    ...{ issuer, clientId, scope },
    ...(resource !== undefined && { resource }),
    ...(audience !== undefined && { audience }),
  };
}

/** An ID token, the user's name, and a refresh token. */
const OPENID_SCOPES = ['openid', 'profile', 'offline_access'];

function missing(what: string, option: string): CommandError {
  const nextStep = `Ask the server's administrator, and pass ${option}; or keep an API key with --api-key-stdin.`;
  return new CommandError(EXIT.usage, `${what}.`, nextStep);
}

/** Sends one query. A credential that the server rejects is not kept; one that cannot be checked now is. */
async function checkAccepted({ url, credential }: Profile): Promise<void> {
  try {
    await createTicketgraph({ url, headers: toHeaders(credential) }).request(VendorsDocument);
  } catch (error) {
    if (!(error instanceof TicketgraphError)) throw error;
    if (error.code === 'UNAUTHENTICATED') throw rejected(credential);
    if (error.code === 'NOT_GRAPHQL') throw toCommandError(error, { url });
    if (error.code === 'CONNECTION_FAILED') {
      note(`${paint('yellow', 'warning:', process.stderr)} The server could not be reached to check the sign-in.`);
    }
  }
}

function rejected(credential: Credential | undefined): CommandError {
  return credential?.kind === 'api-key'
    ? new CommandError(EXIT.server, 'The server rejected the API key.', 'Check that it is correct.')
    : new CommandError(
        EXIT.server,
        "The server rejected the provider's token.",
        "Its issuer and audience must be the server's AUTH_ISSUER and AUTH_AUDIENCE: check --issuer, --resource and --audience.",
      );
}
