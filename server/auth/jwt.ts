/**
 * Bearer tokens of callers, checked by the issuer's published keys. Only imported where tokens are accepted.
 */
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTPayload,
  type FetchImplementation,
  type JWTVerifyGetKey,
} from 'jose';
import { ProxyAgent, fetch } from 'undici';
import type { Caller } from '../../datasources/index.ts';
import { IssuerUnavailable, createCaller } from './caller.ts';

export interface TokenRules {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** The address of the proxy to the issuer. Omit for the direct way. */
  readonly proxy?: string;
}

/** Signatures that only the holder of a private key can make; `none` and shared secrets never. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** https://www.rfc-editor.org/rfc/rfc8725: issuer, audience, algorithm and expiry are checked, whatever the token says. */
export function createTokenCheck({
  jwksUrl,
  issuer,
  audience,
  proxy,
}: TokenRules): (token: string) => Promise<Caller | undefined> {
  // Keys are fetched once however many requests wait, and kept; an unknown key id fetches anew, at most every 30 s.
  const keys = orUnavailable(
    createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 5_000, ...(proxy !== undefined && through(proxy)) }),
  );
  const rules = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', 'sub'] };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      return isNamed(payload) ? createCaller(`token:${issuer}:${payload.sub}`, scopesOf(payload)) : undefined;
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw error;
      return undefined;
    }
  };
}

function through(proxy: string): { [customFetch]: FetchImplementation } {
  const dispatcher = new ProxyAgent(proxy);
  return {
    [customFetch]: async (url, { headers, method, redirect, signal }) => {
      const response = await fetch(url, { headers: [...headers], method, redirect, signal, dispatcher });
      // jose reads nothing of it but the status and the JSON.
      return new Response(await response.text(), { status: response.status });
    },
  };
}

/** Whatever keeps a key from being found, but that there is none for this token, is no fault of the token's. */
function orUnavailable(find: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (error) {
      const isTokens = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      throw isTokens ? error : new IssuerUnavailable(error);
    }
  };
}

/** A subject that is no text would make one caller of many: every object is written alike. */
function isNamed({ sub }: JWTPayload): boolean {
  return typeof sub === 'string' && sub !== '';
}

/** `scope` holds them separated by spaces (RFC 8693 section 4.2); some issuers write a list `scp`. */
function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  if (typeof scope === 'string') return scope.split(/\s+/);
  if (Array.isArray(scp)) return scp.filter((word) => typeof word === 'string');
  return typeof scp === 'string' ? scp.split(/\s+/) : [];
}
