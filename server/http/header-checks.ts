/**
 * Checks that may reject a request to `/graphql` by its request line and headers, before its body is read. This list is the
 * only place to add one: both the direct route and Fastify's run it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkHost, checkOrigin, type HostRules } from './allowed-hosts.ts';
import { checkCharset, checkQuery } from './body-text.ts';
import { checkAcceptable, checkCompression, checkMethod, sendRejection } from './error-handler.ts';
import { findRepeated, toSingleNames } from './headers.ts';
import type { HeaderCheck, Rejection } from './rejection.ts';

export interface HeaderCheckOptions {
  readonly hostRules: HostRules;
  /** Origins whose pages may send requests (CORS). */
  readonly corsOrigins: readonly string[];
  /** Headers that carry callers' own credentials for a vendor; names in lower case. */
  readonly forwards: Iterable<string>;
}

export interface HeaderChecks {
  /** Comes first: the response to a request of another host has no CORS headers. */
  readonly host: HeaderCheck;
  /** All others, in order. */
  readonly others: readonly HeaderCheck[];
  /** Those of them that also hold for uploads and downloads, whose bodies are no GraphQL. */
  readonly transfers: readonly HeaderCheck[];
}

export function createHeaderChecks({ hostRules, corsOrigins, forwards }: HeaderCheckOptions): HeaderChecks {
  const origin = checkOrigin(hostRules, corsOrigins);
  const repetition = checkRepetition(hostRules, forwards);
  return {
    host: checkHost(hostRules),
    others: [origin, checkMethod, checkAcceptable, checkCompression, checkCharset, checkQuery, repetition],
    transfers: [origin, checkCompression, repetition],
  };
}

/** Makes a hook of Fastify of checks. */
export function toHook(...checks: readonly HeaderCheck[]) {
  return ({ raw }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    for (const check of checks) {
      const rejection = check(raw);
      if (rejection) {
        sendRejection(reply, rejection);
        return;
      }
    }
    done();
  };
}

/** Headers with a single value: which of two would count is undefined. */
const SINGLE_HEADERS = toSingleNames(['content-type']);
const CREDENTIAL_HEADERS = ['authorization', 'x-api-key'];

/** Rejects repeated headers, with 401 if they are credentials. */
function checkRepetition({ requiresAuth }: HostRules, forwards: Iterable<string>): HeaderCheck {
  const credentials = toSingleNames([...(requiresAuth ? CREDENTIAL_HEADERS : []), ...forwards]);
  return ({ rawHeaders }) => {
    const credential = findRepeated(rawHeaders, credentials);
    if (credential !== undefined) {
      return unauthenticated(`The header ${credential} is repeated. Send one credential.`);
    }
    if (findRepeated(rawHeaders, SINGLE_HEADERS) === undefined) return undefined;
    return { status: 400, code: 'BAD_REQUEST', message: 'The header content-type is repeated. Send it once.' };
  };
}

/** A rejection for lack of a valid credential: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 */
export function unauthenticated(message: string): Rejection {
  return { status: 401, code: 'UNAUTHENTICATED', message, headers: { 'www-authenticate': 'Bearer' } };
}
