/** What the page needs to know of its installation. Holds no secret. */

/** The console as a public client of an OpenID provider. */
export interface OpenIdClient {
  readonly issuer: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly resource?: string;
  readonly audience?: string;
}

let loading: Promise<OpenIdClient | undefined> | undefined;

/** Resolves to `undefined` if sign-in with OpenID Connect is not configured, or the server is unreachable. */
export function loadOpenIdClient(): Promise<OpenIdClient | undefined> {
  return (loading ??= fetchOpenIdClient());
}

async function fetchOpenIdClient(): Promise<OpenIdClient | undefined> {
  try {
    const response = await fetch('/console/settings.json');
    const { signIn } = (await response.json()) as { readonly signIn: OpenIdClient | null };
    return signIn ?? undefined;
  } catch {
    // Tried again at the next sign-in.
    loading = undefined;
    return undefined;
  }
}

/** The host of the OpenID provider, as shown to users. */
export function hostOf({ issuer }: OpenIdClient): string {
  return new URL(issuer).host;
}
