/**
 * Authenticates callers: a bearer token checked with the issuer's published keys, or an API key from a file. Responses do
 * not say what is wrong with a credential, so that they do not help to guess one.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../datasources/index.ts';
import { ANONYMOUS, createCaller, isScope } from './caller.ts';
import type { TokenRules } from './jwt.ts';

/** One line of the file of API keys. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key, 32 bytes. */
  readonly digest: Buffer;
  readonly scopes: readonly string[];
}

export interface AuthOptions {
  readonly tokens?: TokenRules | undefined;
  readonly apiKeys?: readonly ApiKey[] | undefined;
}

/** The API keys that are accepted now. Replaced as a whole, so that a request sees either the old or the new ones. */
export interface ApiKeys {
  /** `undefined` if none are configured. */
  current: readonly ApiKey[] | undefined;
}

/** The headers of an incoming request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Returns the caller, or `undefined` if there are no valid credentials.
 *
 * @throws IssuerUnavailable if the issuer's keys cannot be fetched.
 */
export type Authenticate = (headers: Headers) => Caller | undefined | Promise<Caller | undefined>;

/**
 * Without tokens or API keys configured, every request is anonymous.
 *
 * @param keys the API keys, which may be replaced later. Defaults to those of the options.
 */
export function createAuthenticate(
  { tokens, apiKeys }: AuthOptions,
  keys: Readonly<ApiKeys> = { current: apiKeys },
): Authenticate {
  if (!tokens && !apiKeys) return () => ANONYMOUS;
  // Loaded on demand: jose slows the start down (docs/performance.md#lazy-imports).
  const verifyToken = tokens && import('./jwt.ts').then(({ createTokenVerifier }) => createTokenVerifier(tokens));
  return (headers) => {
    const key = headers['x-api-key'];
    const token = verifyToken && readBearer(headers['authorization']);
    if (apiKeys && typeof key === 'string') {
      // A key and a token are different callers. With both, the request is ambiguous.
      return token === undefined ? findByKey(keys.current ?? apiKeys, key) : undefined;
    }
    return token === undefined ? undefined : verifyToken?.then((verify) => verify(token));
  };
}

/** Returns the token of `Authorization: Bearer …`, or `undefined` if the header is anything else. */
export function readBearer(header: Headers[string]): string | undefined {
  return typeof header === 'string' ? /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1] : undefined;
}

/** Compares with every key in constant time, so that the response time reveals nothing. */
function findByKey(keys: readonly ApiKey[], presented: string): Caller | undefined {
  const digest = createHash('sha256').update(presented).digest();
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key;
  return found && createCaller(`key:${found.name}`, found.scopes);
}

/** Rejected in the file: a tool hashes an unset variable to it, and an empty header would then authenticate. */
const DIGEST_OF_NOTHING = createHash('sha256').update('').digest();

const LINE = /^(?<name>\S{1,100})\s+(?<digest>[0-9a-fA-F]{64})(?:\s+(?<scopes>\S+))?$/;

/** An invalid line of the file. Holds nothing of its content, which may be a key. */
export interface ApiKeyError {
  readonly line: number;
  readonly expected: 'form' | 'scope';
}

/**
 * Parses the file of API keys: one a line, `name sha256-of-key scope,scope`. Skips empty lines and lines that begin with
 * `#`.
 *
 * @param prefixes keys of vendors and sources that a scope may be narrowed to.
 * @returns the keys, or all lines that are malformed, repeat a name or a key, or have an unknown scope.
 */
export function parseApiKeys(
  text: string,
  prefixes: readonly string[],
): { keys: ApiKey[] } | { errors: readonly ApiKeyError[] } {
  const keys: ApiKey[] = [];
  const errors: ApiKeyError[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    // Also removes a byte order mark.
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const key = parseLine(line);
    const isTaken = keys.some(({ name, digest }) => name === key?.name || (key && digest.equals(key.digest)));
    const expected = !key || isTaken ? 'form' : key.scopes.every((scope) => isScope(scope, prefixes)) ? null : 'scope';
    if (expected !== null) errors.push({ line: index + 1, expected });
    if (key) keys.push(key);
  }
  return errors.length > 0 ? { errors } : { keys };
}

function parseLine(line: string): ApiKey | undefined {
  const { name, digest: hexadecimal, scopes = '' } = LINE.exec(line)?.groups ?? {};
  if (!name || !hexadecimal) return undefined;
  const digest = Buffer.from(hexadecimal, 'hex');
  if (digest.equals(DIGEST_OF_NOTHING)) return undefined;
  return { name, digest, scopes: scopes.split(',').filter(Boolean) };
}
