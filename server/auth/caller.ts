/** Callers and their scopes. */
import type { Caller } from '../../datasources/index.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';

/** All scopes. They hold for every vendor. */
export const SCOPES = [
  'ticket:read',
  'ticket:create',
  'ticket:update',
  'ticket:delete',
  'ticket:status',
  'ticket:batch',
] as const;

export type Scope = (typeof SCOPES)[number];

const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/**
 * Whether a text is a scope, for all vendors or narrowed to a vendor or a source, e.g. `<vendor>/ticket:status`.
 *
 * @param prefixes keys of vendors and sources
 */
export function isScope(text: string, prefixes: readonly string[]): boolean {
  return KNOWN.has(text) || prefixes.some((key) => text.startsWith(`${key}/`) && KNOWN.has(text.slice(key.length + 1)));
}

/** The caller of every request if authentication is off. Has all scopes. */
export const ANONYMOUS: Caller = { id: 'anonymous', can: () => true };

/**
 * @param id as `Caller.id`. A token's subject and the name of an API key must never yield the same id.
 * @param granted scopes, e.g. `ticket:status`, `<vendor>/ticket:status` or `<source>/ticket:status`. Unknown ones have no effect: tokens also hold
 * scopes of other services.
 * @param expiresAt when its credentials expire, in milliseconds since the epoch. Omit if they do not.
 */
export function createCaller(id: string, granted: readonly string[], expiresAt?: number): Caller {
  const scopes = new Set(granted);
  return {
    id,
    ...(expiresAt !== undefined && { expiresAt }),
    can: (scope, sourceKey) =>
      scopes.has(scope) ||
      scopes.has(`${sourceKey}/${scope}`) ||
      // The scope of a vendor is that of all its sources.
      (sourceKey.includes('@') && scopes.has(`${vendorKeyOf(sourceKey)}/${scope}`)),
  };
}

/** By what an id begins with. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  [ANONYMOUS.id, 'anonymous'],
  ['key', 'api_key'],
  ['token', 'token'],
]);

/** How a caller has authenticated: a word for metrics, which must not name callers. */
export function classOf({ id }: Pick<Caller, 'id'>): string {
  const end = id.indexOf(':');
  return CLASSES.get(end === -1 ? id : id.slice(0, end)) ?? 'other';
}

/** The issuer's keys cannot be fetched, so valid and invalid tokens cannot be distinguished. */
export class IssuerUnavailable extends Error {
  constructor(cause: unknown) {
    super('Cannot fetch the keys of the token issuer.', { cause });
    this.name = 'IssuerUnavailable';
  }
}
