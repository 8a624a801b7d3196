/**
 * Publishes how clients get tokens for this server: OAuth 2.0 Protected Resource Metadata,
 * https://www.rfc-editor.org/rfc/rfc9728
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SCOPES } from '../auth/caller.ts';
import { isLoopbackHost } from './allowed-hosts.ts';
import { NO_STORE } from './headers.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * Registers the metadata of `/graphql`, and of the whole origin for clients that only know that.
 *
 * @param issuer as in tokens. Nothing is registered unless it is a URL that clients can read the issuer's metadata from.
 */
export function registerResourceMetadata(http: FastifyInstance, issuer: string | undefined): void {
  if (issuer === undefined || !isIssuer(issuer)) return;
  for (const path of ['', '/graphql']) {
    http.get(WELL_KNOWN + path, (request, reply) => {
      void reply.header(...NO_STORE);
      return toMetadata(`${originOf(request)}${path}`, issuer);
    });
  }
}

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.host));
}

/** A client ignores metadata whose `resource` is not the URL that it uses: RFC 9728 section 3.3. */
function toMetadata(resource: string, issuer: string): object {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
  };
}

/**
 * The origin that the client uses. TLS ends at a proxy, which is not visible here; a client sends tokens by plain http to
 * loopback only.
 */
function originOf({ headers: { host = '' } }: FastifyRequest): string {
  return `${isLoopbackHost(host) ? 'http' : 'https'}://${host}`;
}
