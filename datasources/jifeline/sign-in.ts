/** Jifeline's sign-in: OAuth client credentials. https://partner-api-001.redoc.ly/tag/Authentication */
import type { Call, SignIn, Upstream, UpstreamRequest } from '../contract.ts';
import { createCredential, type Obtained } from '../kernel/credential.ts';
import { undocumented } from '../kernel/failure.ts';
import { parseJson } from '../kernel/json.ts';
import { asInteger, asObject } from '../kernel/reading.ts';
import { toForm, withHeaders } from '../kernel/request.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Only some accounts have one; it goes on API calls, not on the sign-in. */
  readonly apiKey?: string | undefined;
}

/** How long a token lives where its answer does not say, as documented. */
const LIFETIME_SECONDS = 3600;

/** A new token is documented as safe to ask for every 30 minutes: that long before its end, or at half its life. */
const MARGIN_SECONDS = 30 * 60;

/** What a bearer token is made of: RFC 6750 section 2.1. Nothing else may become part of a header. */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,8000}=*$/;

/** @param tokens connected to the token endpoint itself, which is a whole address. */
export function createSignIn({ apiKey, ...client }: Credentials, tokens: Upstream, now: () => number): SignIn {
  const credential = createCredential((call) => obtainToken(client, tokens, now, call), now);
  const withSecrets = (request: UpstreamRequest, authorization: string, key: string): UpstreamRequest =>
    withHeaders(request, { authorization, ...(apiKey !== undefined && { 'x-api-key': key }) }, [
      'authorization',
      'x-api-key',
    ]);
  return {
    async sign(request, call) {
      const token = await credential.get(call);
      return { request: withSecrets(request, `Bearer ${token}`, apiKey ?? ''), credential: token };
    },
    preview: (request) => withSecrets(request, 'REDACTED', 'REDACTED'),
    renew(refused) {
      credential.drop(refused);
      return true;
    },
  };
}

async function obtainToken(
  { clientId, clientSecret }: Credentials,
  tokens: Upstream,
  now: () => number,
  call: Call,
): Promise<Obtained<string>> {
  const answer = await tokens.read(tokenRequest(clientId, clientSecret), call);
  const body = asObject(parseJson(answer.text));
  const token = body?.['access_token'];
  if (typeof token !== 'string' || !TOKEN.test(token)) throw undocumented('token');
  const lifetime = asInteger(body?.['expires_in']) ?? LIFETIME_SECONDS;
  const useSeconds = lifetime - Math.min(MARGIN_SECONDS, lifetime / 2);
  return { value: token, useUntil: now() + useSeconds * 1000 };
}

/** POST to the token endpoint. No write of a ticket: asking twice gives two tokens that both live, or the same. */
function tokenRequest(clientId: string, clientSecret: string): UpstreamRequest {
  return {
    method: 'POST',
    path: '',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: toForm([
      ['grant_type', 'client_credentials'],
      ['client_id', clientId],
      ['client_secret', clientSecret],
    ]),
  };
}
