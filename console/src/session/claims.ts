/** Reads the claims of a JWT without verifying it. For display and for keys of the tab's storage only. */

/** Claims by name. `undefined` if the text is not a JWT. */
export function readClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the scopes, from `scope` or `scp` as the server reads them, or `undefined` if the token has neither. */
export function scopesOf(token: string): readonly string[] | undefined {
  const { scope, scp } = readClaims(token) ?? {};
  if (typeof scope === 'string') return splitScopes(scope);
  if (Array.isArray(scp)) return scp.filter((word) => typeof word === 'string');
  return typeof scp === 'string' ? splitScopes(scp) : undefined;
}

export function splitScopes(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean);
}
