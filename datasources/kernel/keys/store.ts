/**
 * Where idempotency keys are kept: what a store must do, whoever keeps it. Types only.
 *
 * A record goes LEASED -> SENT -> DONE. The mark SENT is stored before the first byte can leave. A lease that runs out as
 * LEASED may be taken over: nothing was sent. One that runs out as SENT is never run again: its outcome is unknown.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */

/** What a store says of a key, atomically with leasing it where it is free. */
export type Lease =
  /** It was free, or its lease had run out before anything was sent; it is ours now. */
  | { readonly state: 'ours' }
  /** Another holds it. */
  | { readonly state: 'running' }
  /** Another sent it and its lease ran out: nobody will ever say what became of it. */
  | { readonly state: 'abandoned' }
  /** Finished; `result` is what was stored. */
  | { readonly state: 'done'; readonly result: string }
  /** The key was used with other arguments. */
  | { readonly state: 'other-arguments' };

/** Any method may throw: then the store is down. */
export interface KeyStore {
  /** @param fingerprint of the arguments. @param owner names this one attempt. */
  lease(key: string, fingerprint: string, owner: string, leaseMs: number): Promise<Lease>;
  /** LEASED -> SENT; false where the lease is no longer ours, and nothing may be sent. */
  markSent(key: string, owner: string, leaseMs: number): Promise<boolean>;
  /** Stores the result for the rest of the 24 hours. */
  finish(key: string, owner: string, result: string): Promise<void>;
  /** Nothing was sent: the key is free again. */
  release(key: string, owner: string): Promise<void>;
  close(): Promise<void>;
}

/** How long a key is kept. */
export const KEPT_MS = 24 * 60 * 60 * 1000;
