/** Callers and their scopes. */
import type { Caller } from '../../datasources/index.ts';

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

/** Whether a text is a scope, for all vendors or narrowed to one of `vendors`, e.g. `<vendor>/ticket:status`. */
export function isScope(text: string, vendors: readonly string[]): boolean {
  return KNOWN.has(text) || vendors.some((key) => text.startsWith(`${key}/`) && KNOWN.has(text.slice(key.length + 1)));
}

/** The caller of every request if authentication is off. Has all scopes. */
export const ANONYMOUS: Caller = { id: 'anonymous', can: () => true };

/**
 * @param id as `Caller.id`. A token's subject and the name of an API key must never yield the same id.
 * @param granted scopes, e.g. `ticket:status` or `<vendor>/ticket:status`. Unknown ones have no effect: tokens also hold
 * scopes of other services.
 */
export function createCaller(id: string, granted: readonly string[]): Caller {
  const scopes = new Set(granted);
  return { id, can: (scope, vendorKey) => scopes.has(scope) || scopes.has(`${vendorKey}/${scope}`) };
}

/** The issuer's keys cannot be fetched, so valid and invalid tokens cannot be distinguished. */
export class IssuerUnavailable extends Error {
  constructor(cause: unknown) {
    super('Cannot fetch the keys of the token issuer.', { cause });
    this.name = 'IssuerUnavailable';
  }
}
