/** Idempotency keys for writes. */

const BYTES = 16;

/**
 * Returns a new key for one intended write. Create it before the first attempt and send it with every retry: for 24 hours,
 * the endpoint applies a write once per key and answers repeats with the stored result.
 */
export function newIdempotencyKey(): string {
  // Not `randomUUID`, which browsers provide only in secure contexts.
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
