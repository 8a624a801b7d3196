/**
 * Wraps a store: records its health, reports its errors, and retries results that could not be stored.
 *
 * Keyed writes are rejected while the store is unavailable, so an operator must be able to see why.
 */
import { causeOf } from './store-errors.ts';
import type { KeyStore } from './store.ts';

export interface StoreHealth {
  /** `undefined` until the first use. */
  readonly isReachable: boolean | undefined;
  /** Why it is unavailable, as a code such as `ECONNREFUSED`; `null` unless it is. */
  readonly cause: string | null;
}

export interface MonitoredStore extends KeyStore {
  readonly health: StoreHealth;
}

/** While the store is unavailable it is checked this often, so that its health is right even without writes. */
const CHECK_EVERY_MS = 10_000;

/** Largest number of results that wait to be stored. New keyed writes are rejected meanwhile, so they are few. */
const MAX_UNSTORED = 1_000;

type FinishArguments = Parameters<KeyStore['finish']>;

/**
 * Results that cannot be stored are kept in memory and stored once the store is available again. Until then their keys
 * give UNKNOWN, although the caller of the write got its outcome.
 *
 * @param onFailure called for each error, with its code.
 * @param onRisk called once for each risk that the store names when it becomes available. Defaults to none.
 */
export function monitorStore(
  store: KeyStore,
  onFailure: (cause: string) => void,
  onRisk: (risk: string) => void = () => undefined,
): MonitoredStore {
  let health: StoreHealth = { isReachable: undefined, cause: null };
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const reported = new Set<string>();
  /** By owner, which is unique to one attempt. */
  const unstored = new Map<string, FinishArguments>();

  const monitor = async <Value>(operation: Promise<Value>): Promise<Value> => {
    try {
      const value = await operation;
      if (!health.isReachable) {
        health = REACHABLE;
        storeUnstored();
        void reportRisks();
      }
      return value;
    } catch (error) {
      if (!isClosed) recordFailure(causeOf(error));
      throw error;
    }
  };

  /** Again after each outage: another Redis may have taken over. */
  const reportRisks = async (): Promise<void> => {
    for (const risk of (await store.findRisks?.()) ?? []) {
      if (reported.has(risk) || isClosed) continue;
      reported.add(risk);
      onRisk(risk);
    }
  };

  const recordFailure = (cause: string): void => {
    health = { isReachable: false, cause };
    timer ??= setTimeout(checkAgain, CHECK_EVERY_MS).unref();
    onFailure(cause);
  };

  const checkAgain = (): void => {
    timer = undefined;
    monitored.check().then(storeUnstored, () => undefined);
  };

  const finish = async (...parameters: FinishArguments): Promise<void> => {
    try {
      await monitor(store.finish(...parameters));
    } catch (error) {
      const [, owner] = parameters;
      if (!isClosed && unstored.size < MAX_UNSTORED) unstored.set(owner, parameters);
      throw error;
    }
  };

  const storeUnstored = (): void => {
    const waiting = [...unstored.values()];
    unstored.clear();
    for (const parameters of waiting) finish(...parameters).catch(() => undefined);
  };

  const monitored: MonitoredStore = {
    get health() {
      return health;
    },
    lease: (...parameters) => monitor(store.lease(...parameters)),
    markSent: (...parameters) => monitor(store.markSent(...parameters)),
    renew: (...parameters) => monitor(store.renew(...parameters)),
    finish,
    release: (...parameters) => monitor(store.release(...parameters)),
    check: () => monitor(store.check()),
    close() {
      isClosed = true;
      unstored.clear();
      clearTimeout(timer);
      return store.close();
    },
  };
  return monitored;
}

const REACHABLE: StoreHealth = { isReachable: true, cause: null };
