/** Reads how to sign in from the server itself: OAuth 2.0 Protected Resource Metadata, RFC 9728. */
import * as oauth from 'oauth4webapi';
import { requestOptions } from './issuer.ts';

/** What the server publishes. */
export interface SignInAdvice {
  readonly issuer?: string;
  /** All scopes of the server. */
  readonly scopes: readonly string[];
}

/** @returns `undefined` if the server publishes nothing, is unreachable, or if the metadata is that of another resource. */
export async function findSignInAdvice(serverUrl: string): Promise<SignInAdvice | undefined> {
  const url = new URL(serverUrl);
  try {
    const response = await oauth.resourceDiscoveryRequest(url, requestOptions(url));
    const { authorization_servers: issuers = [], scopes_supported: scopes = [] } =
      await oauth.processResourceDiscoveryResponse(url, response);
    return { ...(typeof issuers[0] === 'string' && { issuer: issuers[0] }), scopes };
  } catch {
    return undefined;
  }
}
