/** What is shown of a profile: never a secret. */
import type { Credential, Profile } from './profile.ts';

/** Also the JSON of `profiles` and `login`. */
export interface ProfileDescription {
  readonly profile: string;
  readonly url: string;
  readonly signIn: SignInKind;
  /** The user's name or id at the provider. Null if unknown. */
  readonly user: string | null;
  readonly issuer: string | null;
  readonly clientId: string | null;
  /** The granted scopes, separated by spaces. Null for an API key. */
  readonly scope: string | null;
  /** When the access token expires, ISO 8601. Null if unknown. */
  readonly expiresAt: string | null;
  /** Whether expired tokens are renewed without a sign-in. */
  readonly isRefreshable: boolean;
}

export type SignInKind = 'API key' | 'OpenID Connect' | 'none';

export function describeProfile(profile: string, { url, client, credential }: Profile): ProfileDescription {
  const tokens = credential?.kind === 'tokens' ? credential : undefined;
  return {
    profile,
    url,
    signIn: kindOf(credential),
    user: tokens?.name ?? tokens?.subject ?? null,
    issuer: client?.issuer ?? null,
    clientId: client?.clientId ?? null,
    scope: tokens?.scope ?? null,
    expiresAt: tokens?.expiresAt === undefined ? null : new Date(tokens.expiresAt * 1000).toISOString(),
    isRefreshable: tokens?.refreshToken !== undefined,
  };
}

function kindOf(credential: Credential | undefined): SignInKind {
  if (!credential) return 'none';
  return credential.kind === 'api-key' ? 'API key' : 'OpenID Connect';
}
