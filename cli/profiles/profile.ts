/** A profile: a server, how to sign in to it, and the credential that `ticketgraph login` obtained. */

export interface Profile {
  /** The endpoint. The credential is sent to this URL only. */
  readonly url: string;
  /** Omit for an API key. Kept after `logout`, so that the next sign-in needs no options. */
  readonly client?: OpenIdClient;
  /** Omitted while signed out. */
  readonly credential?: Credential;
}

/** The command line as a public client of an OpenID provider. Holds no secret. */
export interface OpenIdClient {
  /** URL, as in the provider's metadata. */
  readonly issuer: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scope: string;
  /** Sent as `resource` (RFC 8707). Omit for the provider's default. */
  readonly resource?: string;
  /** Sent as `audience`, which some providers expect instead. */
  readonly audience?: string;
}

export type Credential = ApiKey | Tokens;

export interface ApiKey {
  readonly kind: 'api-key';
  readonly apiKey: string;
}

export interface Tokens {
  readonly kind: 'tokens';
  readonly accessToken: string;
  /** Seconds since the epoch. Omitted if the provider does not say. */
  readonly expiresAt?: number;
  /** Omitted if the provider issues none. */
  readonly refreshToken?: string;
  /** The granted scopes, separated by spaces. */
  readonly scope: string;
  /** Claims of the ID token, for display only. Omitted if there was none. */
  readonly subject?: string;
  readonly name?: string;
}

const DEFAULT_PROFILE = 'default';

/** @param option the value of `--profile`. Empty counts as none. */
export function nameOf(option: string | undefined): string {
  return option === undefined || option === '' ? DEFAULT_PROFILE : option;
}

/** The command that signs in to a profile, for next steps. */
export function loginCommand(name: string): string {
  return name === DEFAULT_PROFILE ? 'ticketgraph login' : `ticketgraph login --profile ${name}`;
}
