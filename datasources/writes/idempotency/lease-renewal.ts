/** Renews the leases of this process while their writes are in progress. */
import { LEASE_MS, RENEW_EVERY_MS, type HeldLease, type KeyStore } from './store.ts';

/** Renews the lease until the returned function is called. */
export function keepLease(store: KeyStore, key: string, owner: string): () => void {
  held.set(owner, { store, key, owner });
  timer ??= setInterval(renewAll, RENEW_EVERY_MS).unref();
  return () => {
    held.delete(owner);
    if (held.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

interface RenewedLease extends HeldLease {
  readonly store: KeyStore;
}

/** By owner, which is unique to one attempt. */
const held = new Map<string, RenewedLease>();

/** One timer for all leases; `undefined` while there are none. */
let timer: NodeJS.Timeout | undefined;

function renewAll(): void {
  for (const [store, leases] of Map.groupBy(held.values(), (lease) => lease.store)) {
    // If renewal fails the lease expires: an unsent write is then refused its SENT mark, and a sent one never runs again.
    // `MonitoredStore` reports the error.
    store.renew(leases, LEASE_MS).catch(() => undefined);
  }
}
