/**
 * Sign-in of callers: a bearer token checked by the issuer's published keys, or an API key from a file. What is wrong
 * with a credential is never said: a caller who has none of it has no use for it.
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

/** The headers of an incoming request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Says who asks; undefined for nobody we know.
 *
 * @throws IssuerUnavailable where that cannot be known now.
 */
export type Authenticate = (headers: Headers) => Promise<Caller | undefined>;

/** With neither tokens nor keys, everybody is let in. */
export function createAuthenticate({ tokens, apiKeys }: AuthOptions): Authenticate {
  if (!tokens && !apiKeys) return async () => ANONYMOUS;
  // What it takes to check tokens is a twentieth of a start, and loaded only where there are any.
  const tokenCheck = tokens && import('./jwt.ts').then(({ createTokenCheck }) => createTokenCheck(tokens));
  return async (headers) => {
    const key = headers['x-api-key'];
    const token = tokenCheck && readBearer(headers['authorization']);
    if (apiKeys && typeof key === 'string') {
      // A key and a token are never the same caller, and neither is to win.
      return token === undefined ? findKey(apiKeys, key) : undefined;
    }
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

/** A line of the file that cannot be used. Neither says anything of its content, which may be a key. */
export interface KeyError {
  readonly line: number;
  readonly expected: 'form' | 'scope';
}

/**
 * Reads the file of API keys: one a line, `name sha256-of-key scope,scope`; empty lines and those that begin with `#` are
 * passed over.
 *
 * @param vendors keys of the vendors that a scope may be narrowed to.
 * @returns the keys, or all lines that are not of that form, repeat a name or a key, or hold a scope that there is not.
 */
export function parseApiKeys(
  text: string,
  vendors: readonly string[],
): { keys: ApiKey[] } | { mistakes: readonly KeyError[] } {
  const keys: ApiKey[] = [];
  const mistakes: KeyError[] = [];
  // A byte order mark is white space to `trim`.
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const key = readKey(line);
    const isTaken = keys.some(({ name, digest }) => name === key?.name || (key && digest.equals(key.digest)));
    if (!key || isTaken) mistakes.push({ line: index + 1, expected: 'form' });
    else if (!key.scopes.every((scope) => isScope(scope, vendors)))
      mistakes.push({ line: index + 1, expected: 'scope' });
    if (key) keys.push(key);
  }
  return mistakes.length > 0 ? { mistakes } : { keys };
}

function readKey(line: string): ApiKey | undefined {
  const { name, digest: hexadecimal, scopes = '' } = LINE.exec(line)?.groups ?? {};
  if (!name || !hexadecimal) return undefined;
  const digest = Buffer.from(hexadecimal, 'hex');
  if (digest.equals(DIGEST_OF_NOTHING)) return undefined;
  return { name, digest, scopes: scopes.split(',').filter(Boolean) };
}
