/**
 * Interface of the idempotency stores, and the rules that every store follows.
 *
 * A record goes LEASED -> SENT -> DONE. SENT is stored before the first byte is sent. Leases are short; the owner renews
 * them. A lease that expires as LEASED may be taken over: nothing was sent. A lease that expires as SENT is never run
 * again: its outcome is unknown unless the owner, if it is still alive, stores a result.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */

/** Any method may throw: then the store is unavailable. */
export interface KeyStore {
  /**
   * Leases a key if it is free, atomically.
   *
   * @param fingerprint of the write, from `toFingerprint`.
   * @param owner unique to one attempt.
   * @param leaseMs after which the lease expires unless it is renewed.
   * @param earlier fingerprint of the same write in the form of earlier releases.
   */
  lease(key: string, fingerprint: string, owner: string, leaseMs: number, earlier?: string): Promise<Lease>;
  /** LEASED -> SENT. Returns `false` if the owner has lost the lease; then nothing may be sent. */
  markSent(key: string, owner: string, leaseMs: number): Promise<boolean>;
  /** Extends the leases that their owners still hold. A LEASED one that has expired stays expired. */
  renew(leases: readonly HeldLease[], leaseMs: number): Promise<void>;
  /** -> DONE. Stores the result for the rest of the 24 hours, even if the lease has expired. */
  finish(key: string, owner: string, result: string): Promise<void>;
  /**
   * Frees the key, because nothing was sent or the same request may be sent again. Returns `false` if it was sent and the
   * lease has expired: others may have got UNKNOWN, so the result must be stored instead.
   */
  release(key: string, owner: string): Promise<boolean>;
  /** Writes and removes a probe record. @throws if keyed writes would be rejected now. */
  check(): Promise<void>;
  /**
   * How keys could be lost: a sentence for each risk, with what to set. Empty if none is known. Never rejects. Omit if none
   * can be known.
   */
  findRisks?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What `lease` found. */
export type Lease =
  /** The key was free, or its lease had expired before anything was sent. The caller holds it now. */
  | { readonly kind: 'acquired' }
  /** Another owner holds it. */
  | { readonly kind: 'in_progress' }
  /** Another owner marked it as SENT and its lease expired. Cannot be renewed any more: only a result replaces it. */
  | { readonly kind: 'orphaned' }
  /** Finished, with the stored result. */
  | { readonly kind: 'done'; readonly result: string }
  /** The key was used for another write. */
  | { readonly kind: 'arguments_mismatch' };

/** A lease and its owner. */
export interface HeldLease {
  readonly key: string;
  readonly owner: string;
}

/** How long a key is kept. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

/** How long a lease lasts without renewal, and so how long the key of a dead process blocks others. */
export const LEASE_MS = 5_000;

/** Several renewals fit into one lease, so that a late or failed one loses nothing. */
export const RENEW_EVERY_MS = 1_500;

/**
 * A lease that ends later than its length plus this counts as expired: the clock was set back, or a release with longer
 * leases wrote it. Tolerates the small steps of a clock that is being synchronized.
 */
export const CLOCK_STEP_MS = 1_000;

/** Marks fingerprints of two parts. Those without it are a hash of the arguments alone. */
const FORM = '2';

/**
 * @param requests hash of what would be sent.
 * @param given hash of the arguments.
 */
export function toFingerprint(requests: string, given: string): string {
  return `${FORM}:${requests}:${given}`;
}

/**
 * The same requests, or exactly the same arguments. The latter because an update or a changed setting may turn the same
 * arguments into other requests: a client whose retry is then rejected may take a new key, and the write is sent twice.
 */
export function isSameWrite(stored: string, fingerprint: string, earlier?: string): boolean {
  if (stored === fingerprint || stored === earlier) return true;
  const [form, storedRequests, storedArguments] = stored.split(':');
  const [, requests, given] = fingerprint.split(':');
  return form === FORM && storedRequests !== undefined && (storedRequests === requests || storedArguments === given);
}
