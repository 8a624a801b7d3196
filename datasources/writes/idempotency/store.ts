/**
 * Stores of idempotency keys: what each of them must do.
 *
 * A record goes LEASED -> SENT -> DONE. The mark SENT is stored before the first byte can leave. A lease is short, and its
 * owner renews it. A lease that runs out as LEASED may be taken over: nothing was sent. One that runs out as SENT is never
 * run again: its outcome is unknown until its owner, should it still live, stores the result.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */

/** What a store says of a key, atomically with leasing it where it is free. */
export type Lease =
  /** It was free, or its lease had run out before anything was sent; it is ours now. */
  | { readonly state: 'ours' }
  /** Another holds it. */
  | { readonly state: 'running' }
  /** Another sent it and its lease ran out. From here on no renewal revives that lease: only a result replaces this. */
  | { readonly state: 'abandoned' }
  /** Finished; `result` is what was stored. */
  | { readonly state: 'done'; readonly result: string }
  /** The key was used for another write. */
  | { readonly state: 'other-arguments' };

/** A lease that its owner holds. */
export interface HeldLease {
  readonly key: string;
  readonly owner: string;
}

/** Any method may throw: then the store is down. */
export interface KeyStore {
  /**
   * @param fingerprint of the write, as `toFingerprint` makes it. @param owner names this one attempt.
   * @param earlier fingerprint of the same write as releases before the second form made it.
   */
  lease(key: string, fingerprint: string, owner: string, leaseMs: number, earlier?: string): Promise<Lease>;
  /** LEASED -> SENT; false where the lease is no longer ours, and nothing may be sent. */
  markSent(key: string, owner: string, leaseMs: number): Promise<boolean>;
  /** Extends those leases that are still their owners'. A LEASED one that has run out stays so. */
  renew(leases: readonly HeldLease[], leaseMs: number): Promise<void>;
  /** Stores the result for the rest of the 24 hours, also after the lease has run out. */
  finish(key: string, owner: string, result: string): Promise<void>;
  /**
   * Frees the key: nothing was sent, or nothing came of it. Returns false if it was sent and its lease has run out, since
   * others may have been given UNKNOWN for it: then it must not be sent again, and the result has to be stored instead.
   */
  release(key: string, owner: string): Promise<boolean>;
  /** Writes and removes a record of its own. @throws if keyed writes would be rejected now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** How long a key is kept. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

/** How long a lease lasts without a renewal: a dead owner's key is decided within this. */
export const LEASE_MS = 5_000;

/** Several renewals fit into a lease, so that one that is late or fails loses nothing. */
export const RENEW_EVERY_MS = 1_500;

/**
 * How much further in the future than its length a lease may end before it counts as run out: the clock was set back, or
 * a release with longer leases wrote it. Small steps of a clock that is being corrected stay below.
 */
export const CLOCK_STEP_MS = 1_000;

/** Marks fingerprints of two parts; those without it are hashes of arguments alone. */
const FORM = '2';

/**
 * @param sent hash of what would be sent. @param given hash of the arguments.
 * @returns what `isSameWrite` compares.
 */
export function toFingerprint(sent: string, given: string): string {
  return `${FORM}:${sent}:${given}`;
}

/**
 * The same bytes, or the same arguments to the letter. The latter because the same arguments may be sent otherwise after
 * an update or a changed setting; a retry that was then rejected might be repeated under a new key, and sent twice.
 */
export function isSameWrite(stored: string, fingerprint: string, earlier?: string): boolean {
  if (stored === fingerprint || stored === earlier) return true;
  const [form, sent, given] = stored.split(':');
  const [, sentNow, givenNow] = fingerprint.split(':');
  return form === FORM && sent !== undefined && (sent === sentNow || given === givenNow);
}
