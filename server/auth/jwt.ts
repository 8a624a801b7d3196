/** Verifies bearer tokens with the issuer's published keys. Imported only if tokens are configured. */
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
  /** URL of the issuer's JSON Web Key Set. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** URL of the proxy to the issuer. Omit to connect directly. */
  readonly proxy?: string;
}

/** Asymmetric signatures only; never `none` or a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * Checks signature, issuer, audience, algorithm and expiry: https://www.rfc-editor.org/rfc/rfc8725
 *
 * @returns a function that returns the token's caller, or `undefined` if the token is invalid.
 */
export function createTokenVerifier({
  jwksUrl,
  issuer,
  audience,
  proxy,
}: TokenRules): (token: string) => Promise<Caller | undefined> {
  // Keys are cached. Concurrent requests share one fetch; an unknown key id refetches, at most every 30 s.
  const getKey = mapToUnavailable(
    createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 5_000, ...(proxy !== undefined && fetchThrough(proxy)) }),
  );
  const rules = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', 'sub'] };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, getKey, rules);
      // `exp` is in seconds: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
      return hasSubject(payload)
        ? createCaller(`token:${issuer}:${payload.sub}`, scopesOf(payload), payload.exp! * 1000)
        : undefined;
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw error;
      return undefined;
    }
  };
}

function fetchThrough(proxy: string): { [customFetch]: FetchImplementation } {
  const dispatcher = new ProxyAgent(proxy);
  return {
    [customFetch]: async (url, { headers, method, redirect, signal }) => {
      const response = await fetch(url, { headers: [...headers], method, redirect, signal, dispatcher });
      // jose reads only the status and the JSON.
      return new Response(await response.text(), { status: response.status });
    },
  };
}

/** Throws IssuerUnavailable for all errors but that no key matches, which is the token's fault. */
function mapToUnavailable(getKey: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await getKey(header, token);
    } catch (error) {
      const isNoMatch = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      throw isNoMatch ? error : new IssuerUnavailable(error);
    }
  };
}

/** Rejects subjects other than text: all objects have the same text, and would be one caller. */
function hasSubject({ sub }: JWTPayload): boolean {
  return typeof sub === 'string' && sub !== '';
}

/** Reads `scope`, separated by spaces (RFC 8693 section 4.2), or `scp`, a list or separated by spaces. */
function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  if (typeof scope === 'string') return scope.split(/\s+/);
  if (Array.isArray(scp)) return scp.filter((word) => typeof word === 'string');
  return typeof scp === 'string' ? scp.split(/\s+/) : [];
}
