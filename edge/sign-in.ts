/**
 * Sign-in of callers: a bearer token checked by the issuer's published keys, or an API key from a file. What is wrong
 * with a credential is never said: a caller who has none of it has no use for it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../datasources/index.ts';
import { ANYBODY, createCaller } from './caller.ts';
import type { TokenRules } from './token.ts';

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

/** With neither tokens nor keys, everybody is let in. */
export function createSignIn({ tokens, apiKeys }: SignInOptions): Authenticate {
  if (!tokens && !apiKeys) return async () => ANYBODY;
  // What it takes to check tokens is a twentieth of a start, and loaded only where there are any.
  const tokenCheck = tokens && import('./token.ts').then(({ createTokenCheck }) => createTokenCheck(tokens));
  return async (headers) => {
    const key = headers['x-api-key'];
    if (apiKeys && typeof key === 'string') return findKey(apiKeys, key);
    const token = tokenCheck && readBearer(headers['authorization']);
    return token === undefined ? undefined : (await tokenCheck)?.(token);
  };
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
