/** Keeps the leases of this process from running out while their writes are under way. */
import { LEASE_MS, RENEW_EVERY_MS, type HeldLease, type KeyStore } from './store.ts';

interface Held extends HeldLease {
  readonly store: KeyStore;
}

/** By owner, which names one attempt. */
const held = new Map<string, Held>();

/** One for all leases; none while there are none. */
let timer: NodeJS.Timeout | undefined;

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

function renewAll(): void {
  for (const [store, leases] of Map.groupBy(held.values(), (lease) => lease.store)) {
    // Without an answer the lease runs out: what was not sent by then is refused its mark, and what was sent never runs
    // again. The watched store reports the failure.
    store.renew(leases, LEASE_MS).catch(() => undefined);
  }
}
