/** Idempotency keys of writes. */
import { newIdempotencyKey as newKey } from '../../client/idempotency-key.ts';

/** The prefix tells the console's keys from those of other clients. */
export function newIdempotencyKey(): string {
  return `console-${newKey()}`;
}
