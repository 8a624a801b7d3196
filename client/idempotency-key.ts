/** Keys under which a write never happens twice. */

const BYTES = 16;

/**
 * A new key for one write that a person means. Make it before the first try, and give the same one at each further try:
 * the endpoint does a thing once for a key, and answers the rest from memory, for 24 hours.
 */
export function newIdempotencyKey(): string {
  // Not `randomUUID`, which browsers have in pages of https alone.
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
