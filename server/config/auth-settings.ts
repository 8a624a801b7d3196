/** How callers authenticate: `AUTH`, `AUTH_*`, and their relation to `HOST`. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Environment, ValuesOf } from '../../datasources/contract.ts';
import { proxyOf } from '../../datasources/upstream/transport/proxy.ts';
import { isLoopback, optionalText, optionalWholeAddress, setting } from '../../datasources/vendor-kit/settings.ts';
import { parseApiKeys, type ApiKeyError, type AuthOptions } from '../auth/authenticate.ts';
import { SCOPES } from '../auth/caller.ts';
import { listNames } from './variables.ts';

export const AUTH_SETTINGS = {
  AUTH: setting(z.literal('off').optional(), 'off, or unset'),
  AUTH_JWKS_URL: optionalWholeAddress(),
  AUTH_ISSUER: optionalText('the issuer in tokens'),
  AUTH_AUDIENCE: optionalText('the audience in tokens'),
  AUTH_API_KEYS_FILE: optionalText('the path of a file of API keys', 4096),
};

type AuthSettings = ValuesOf<typeof AUTH_SETTINGS> & { readonly HOST: string };

/**
 * Returns how callers authenticate, or all that is wrong with the settings.
 *
 * @param scopePrefixes keys of vendors and sources that a scope may be narrowed to
 */
export function readAuth(
  settings: AuthSettings,
  scopePrefixes: readonly string[],
  environment: Environment,
): AuthOptions | { errors: readonly string[] } {
  const { AUTH, AUTH_API_KEYS_FILE: file, AUTH_JWKS_URL: jwksUrl } = settings;
  const isConfigured = jwksUrl !== undefined || file !== undefined;
  if (AUTH === 'off') return isConfigured ? { errors: [OFF_AND_ON] } : {};
  const errors = checkTogether(settings);
  const keys = file === undefined ? {} : readApiKeys(file, scopePrefixes);
  if ('errors' in keys) return { errors: [...errors, ...keys.errors] };
  return errors.length > 0 ? { errors } : { tokens: toTokenRules(settings, environment), ...keys };
}

function checkTogether(settings: AuthSettings): string[] {
  const { HOST, AUTH_API_KEYS_FILE, AUTH_AUDIENCE: audience, AUTH_ISSUER: issuer, AUTH_JWKS_URL: jwksUrl } = settings;
  const isPublic = jwksUrl === undefined && AUTH_API_KEYS_FILE === undefined && !isLoopback(HOST);
  const isIncomplete = jwksUrl !== undefined && (issuer === undefined || audience === undefined);
  const isWithoutKeys = jwksUrl === undefined && (issuer !== undefined || audience !== undefined);
  return [
    ...(isPublic ? [OPEN_TO_ALL] : []),
    ...(isIncomplete ? [NO_ISSUER] : []),
    ...(isWithoutKeys ? [NO_KEYS] : []),
  ];
}

function toTokenRules(settings: AuthSettings, environment: Environment): AuthOptions['tokens'] {
  const { AUTH_AUDIENCE: audience = '', AUTH_ISSUER: issuer = '', AUTH_JWKS_URL: jwksUrl } = settings;
  if (jwksUrl === undefined) return undefined;
  const proxy = proxyOf(jwksUrl, environment);
  return { jwksUrl, issuer, audience, ...(proxy !== undefined && { proxy }) };
}

const OFF_AND_ON = 'AUTH is off, but AUTH_JWKS_URL or AUTH_API_KEYS_FILE is set. Unset one of them.';
const NO_ISSUER =
  'AUTH_ISSUER and AUTH_AUDIENCE are required with AUTH_JWKS_URL: tokens are checked against them. Set both.';
const NO_KEYS = 'AUTH_ISSUER or AUTH_AUDIENCE is set without AUTH_JWKS_URL. Set it, or unset them.';
const OPEN_TO_ALL =
  'HOST is not a loopback address and authentication is not configured: anyone who can reach this endpoint could write to ' +
  'every vendor. Set AUTH_JWKS_URL or AUTH_API_KEYS_FILE, or AUTH=off if the network in front restricts access.';

function readApiKeys(
  path: string,
  prefixes: readonly string[],
): Pick<AuthOptions, 'apiKeys'> | { errors: readonly string[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { errors: ['AUTH_API_KEYS_FILE cannot be read. Check its path and permissions.'] };
  }
  const parsed = parseApiKeys(text, prefixes);
  if ('keys' in parsed) return { apiKeys: parsed.keys };
  return { errors: parsed.errors.map((error) => describeApiKeyError(error, prefixes)) };
}

function describeApiKeyError({ line, expected }: ApiKeyError, scopePrefixes: readonly string[]): string {
  if (expected === 'form') {
    return (
      `AUTH_API_KEYS_FILE has an invalid line ${line}: expected a unique name, the SHA-256 of a unique key in ` +
      'hexadecimal, and scopes separated by commas.'
    );
  }
  const prefixes = scopePrefixes.map((key) => `${key}/`).join(' ');
  return (
    `AUTH_API_KEYS_FILE has an unknown scope in line ${line}: expected ${listNames(SCOPES)}, ` +
    `optionally prefixed with one of ${prefixes}.`
  );
}
