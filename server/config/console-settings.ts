/** Sign-in of the console with OpenID Connect: `CONSOLE_OIDC_*`, and their relation to `AUTH_*`. */
import { z } from 'zod';
import type { Setting, ValuesOf } from '../../datasources/contract.ts';
import { isConfidential, optionalText, setting } from '../../datasources/vendor-kit/settings.ts';
import type { ConsoleOptions } from '../pages/console.ts';
import { listNames } from './variables.ts';

/** What the console uses: reading, `executeAction` and `setStatus`. */
const DEFAULT_SCOPE = 'openid profile ticket:read ticket:status';

const ISSUER = 'the https address of an OpenID provider, without query or fragment; plain http only to loopback';

export const CONSOLE_SETTINGS = {
  CONSOLE_OIDC_CLIENT_ID: optionalText('the id of a public client of the OpenID provider', 255),
  CONSOLE_OIDC_ISSUER: issuerAddress(),
  CONSOLE_OIDC_SCOPE: setting(
    // https://www.rfc-editor.org/rfc/rfc6749#section-3.3
    z
      .string()
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/)
      .refine((scope) => scope.split(' ').includes('openid'))
      .optional(),
    `scopes separated by single spaces, openid among them (default ${DEFAULT_SCOPE})`,
  ),
  CONSOLE_OIDC_RESOURCE: optionalText('the resource to request tokens for (parameter resource, RFC 8707)', 1024),
  CONSOLE_OIDC_AUDIENCE: optionalText('the audience to request tokens for (parameter audience)', 1024),
};

type ConsoleSettings = ValuesOf<typeof CONSOLE_SETTINGS> & {
  readonly AUTH_ISSUER: string | undefined;
  readonly AUTH_JWKS_URL: string | undefined;
};

function issuerAddress(): Setting<string | undefined> {
  const schema = z.string().refine((value) => parseIssuer(value) !== undefined);
  return setting(schema.optional(), `${ISSUER}, or unset`);
}

function parseIssuer(value: string): URL | undefined {
  if (!URL.canParse(value) || /[?#]/.test(value)) return undefined;
  const url = new URL(value);
  if (url.username || url.password) return undefined;
  return isConfidential(url) ? url : undefined;
}

/** Returns how users sign in to the console, or all that is wrong with the settings. */
export function readConsole(settings: ConsoleSettings): ConsoleOptions | { errors: readonly string[] } {
  const { CONSOLE_OIDC_CLIENT_ID: clientId, CONSOLE_OIDC_RESOURCE, CONSOLE_OIDC_AUDIENCE } = settings;
  if (clientId === undefined) {
    const names = Object.keys(CONSOLE_SETTINGS).filter((name) => settings[name as keyof ConsoleSettings] !== undefined);
    return names.length > 0 ? { errors: [withoutClient(names)] } : {};
  }
  if (settings.AUTH_JWKS_URL === undefined) return { errors: [NO_TOKENS] };
  const issuer = settings.CONSOLE_OIDC_ISSUER ?? settings.AUTH_ISSUER;
  if (issuer === undefined || !parseIssuer(issuer)) return { errors: [NO_ISSUER] };
  return {
    signIn: {
      issuer,
      clientId,
      scope: settings.CONSOLE_OIDC_SCOPE ?? DEFAULT_SCOPE,
      ...(CONSOLE_OIDC_RESOURCE !== undefined && { resource: CONSOLE_OIDC_RESOURCE }),
      ...(CONSOLE_OIDC_AUDIENCE !== undefined && { audience: CONSOLE_OIDC_AUDIENCE }),
    },
  };
}

function withoutClient(names: readonly string[]): string {
  const [verb, object] = names.length > 1 ? ['are', 'them'] : ['is', 'this'];
  return `${listNames(names)} ${verb} set without CONSOLE_OIDC_CLIENT_ID. Set it, or unset ${object}.`;
}

const NO_TOKENS =
  'CONSOLE_OIDC_CLIENT_ID is set without AUTH_JWKS_URL, so no token of its provider would be accepted. Set AUTH_JWKS_URL, ' +
  'or unset CONSOLE_OIDC_CLIENT_ID.';
const NO_ISSUER = `CONSOLE_OIDC_CLIENT_ID needs an issuer to sign in at, but AUTH_ISSUER is not an address. Set CONSOLE_OIDC_ISSUER to ${ISSUER}.`;
