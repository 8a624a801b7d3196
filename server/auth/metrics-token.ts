/** The token that `/metrics` asks for, from a variable or from a file that may change while the server runs. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readBearer } from './authenticate.ts';

export interface MetricsToken {
  readonly value: string;
  /** Path of the file that it was read from; `undefined` if it comes from a variable. */
  readonly file: string | undefined;
}

/** What a bearer token may consist of: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const BEARER = /^[A-Za-z0-9._~+/-]+=*$/;

/** Returns whether a text can be sent as a bearer token. */
export function isBearerToken(text: string): boolean {
  return BEARER.test(text);
}

/** Returns the token in a file, or `undefined` if it cannot be read or used. */
function readTokenFile(path: string): string | undefined {
  try {
    const token = readFileSync(path, 'utf8').trim();
    return isBearerToken(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds between two reads of the file, so that requests with invalid tokens do not each read it. */
const REREAD_AFTER_MS = 1_000;

/**
 * Returns whether an `Authorization` header has the token. After a mismatch, a token from a file is read again, so that
 * it can be replaced without a restart; the old one is valid until the new one is first used.
 *
 * @param now milliseconds. Defaults to the monotonic clock.
 */
export function createTokenCheck(
  { value, file }: MetricsToken,
  now = () => performance.now(),
): (authorization: string | undefined) => boolean {
  let expected = digest(value);
  let readAt = -Infinity;
  const reread = (): void => {
    if (file === undefined || now() - readAt < REREAD_AFTER_MS) return;
    readAt = now();
    const token = readTokenFile(file);
    if (token !== undefined) expected = digest(token);
  };
  return (authorization) => {
    const token = readBearer(authorization);
    if (token === undefined) return false;
    const presented = digest(token);
    if (timingSafeEqual(expected, presented)) return true;
    reread();
    return timingSafeEqual(expected, presented);
  };
}

/** Digests have the same length whatever the token, as a comparison in constant time requires. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
