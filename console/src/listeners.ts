/** Listeners of a value outside React, for `useSyncExternalStore`. */
export interface Listeners {
  /** Returns a function that removes the listener. */
  subscribe(listener: () => void): () => void;
  /** Calls all listeners. */
  notify(): void;
}

export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify() {
      for (const listener of listeners) listener();
    },
  };
}
