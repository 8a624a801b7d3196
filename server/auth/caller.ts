/** Who asks, and what they may do. */
import type { Caller } from '../../datasources/index.ts';

/** The permissions that Omnidesk's page lists, for all vendors. */
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

/** Whether a text is a scope, for all vendors or narrowed to one of these. */
export function isScope(text: string, vendors: readonly string[]): boolean {
  return KNOWN.has(text) || vendors.some((key) => text.startsWith(`${key}/`) && KNOWN.has(text.slice(key.length + 1)));
}

/** Where no sign-in is configured: everybody is the same caller and may do everything. */
export const ANONYMOUS: Caller = { id: 'anonymous', can: () => true };

/**
 * @param id as `Caller.id`; a token's subject and a key's name must never make the same one.
 * @param granted scopes as they stand in a token or a file: `ticket:status`, or narrowed: `akana/ticket:status`. Words
 * that are no scope of ours are passed over: tokens hold those of other services too.
 */
export function createCaller(id: string, granted: readonly string[]): Caller {
  const scopes = new Set(granted);
  return { id, can: (scope, vendorKey) => scopes.has(scope) || scopes.has(`${vendorKey}/${scope}`) };
}

/** The issuer does not give its keys: a caller with a good token must not be told that it is a bad one. */
export class IssuerUnavailable extends Error {
  constructor(cause: unknown) {
    super('The keys of the issuer of tokens cannot be had.', { cause });
    this.name = 'IssuerUnavailable';
  }
}
