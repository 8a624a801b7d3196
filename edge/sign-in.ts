/**
 * Sign-in of callers: a bearer token checked by the issuer's published keys, or an API key from a file. What is wrong
 * with a credential is never said: a caller who has none of it has no use for it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Caller } from '../datasources/index.ts';
import { ANYBODY, createCaller } from './caller.ts';

export interface TokenRules {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** One line of the file of API keys. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key, 32 bytes. */
  readonly digest: Buffer;
  readonly scopes: readonly string[];
}

export interface SignInOptions {
  readonly tokens?: TokenRules | undefined;
  readonly apiKeys?: readonly ApiKey[] | undefined;
}

/** The headers of an incoming request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Says who asks; undefined for nobody we know.
 *
 * @throws IssuerUnavailable where that cannot be known now.
 */
export type Authenticate = (headers: Headers) => Promise<Caller | undefined>;

/** The issuer does not give its keys: a caller with a good token must not be told that it is a bad one. */
export class IssuerUnavailable extends Error {
  constructor(cause: unknown) {
    super('The keys of the issuer of tokens cannot be had.', { cause });
    this.name = 'IssuerUnavailable';
  }
}

/** Signatures that only the holder of a private key can make; `none` and shared secrets never. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** With neither tokens nor keys, everybody is let in. */
export function createSignIn({ tokens, apiKeys }: SignInOptions): Authenticate {
  if (!tokens && !apiKeys) return async () => ANYBODY;
  const verifyToken = tokens && createTokenCheck(tokens);
  return async (headers) => {
    const key = headers['x-api-key'];
    if (apiKeys && typeof key === 'string') return findKey(apiKeys, key);
    const token = verifyToken && readBearer(headers['authorization']);
    return token === undefined ? undefined : verifyToken?.(token);
  };
}

/** https://www.rfc-editor.org/rfc/rfc8725: issuer, audience, algorithm and expiry are checked, whatever the token says. */
function createTokenCheck({ jwksUrl, issuer, audience }: TokenRules): (token: string) => Promise<Caller | undefined> {
  // Keys are fetched once however many requests wait, and kept; an unknown key id fetches anew, at most every 30 s.
  const keys = orUnavailable(createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 5_000 }));
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

function readBearer(header: Headers[string]): string | undefined {
  return typeof header === 'string' ? /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1] : undefined;
}

/** Compared with every key in constant time, so that the time taken tells nothing. */
function findKey(keys: readonly ApiKey[], presented: string): Caller | undefined {
  const digest = createHash('sha256').update(presented).digest();
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key;
  return found && createCaller(`key:${found.name}`, found.scopes);
}

/** What a tool makes of a variable that was not set: whoever sends an empty header would be let in. */
const DIGEST_OF_NOTHING = createHash('sha256').update('').digest();

const LINE = /^(?<name>\S{1,100})\s+(?<digest>[0-9a-fA-F]{64})(?:\s+(?<scopes>\S+))?$/;

/**
 * Reads the file of API keys: one a line, `name sha256-of-key scope,scope`; empty lines and those that begin with `#` are
 * passed over.
 *
 * @returns the keys, or the number of the first line that is not of that form, or repeats a name or a key.
 */
export function parseApiKeys(text: string): { keys: ApiKey[] } | { badLine: number } {
  const keys: ApiKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const { name, digest: hexadecimal, scopes = '' } = LINE.exec(line.trim())?.groups ?? {};
    if (!name || !hexadecimal) return { badLine: index + 1 };
    const digest = Buffer.from(hexadecimal, 'hex');
    const isTaken = keys.some((key) => key.name === name || key.digest.equals(digest));
    if (isTaken || digest.equals(DIGEST_OF_NOTHING)) return { badLine: index + 1 };
    keys.push({ name, digest, scopes: scopes.split(',').filter(Boolean) });
  }
  return { keys };
}
